// A training run that is the same everywhere: first weights, rows and order follow from the library's own seeds and functions,
// for those of the language (Math.sin, Math.log) may differ from engine to engine. Public names only.
import { compile, foldIn, key, normal, permutation, setEngine, tensor, tree, valueAndGrad } from "credence";
import { adam, dense, mixtureDensity, sequential } from "credence/nn";

const ROWS = 2000;
const BATCH = 128;
const BATCHES = Math.floor(ROWS / BATCH);

/** A noisy spiral of two turns; the task is y, given x. By rotation, since products and sums are the same on every engine. */
function spiral() {
  const half = Math.PI / (ROWS / 2); // half an angle of 4 pi / ROWS; its tangent, nearly
  const [cos, sin] = [(1 - half * half) / (1 + half * half), (2 * half) / (1 + half * half)];
  const noise = normal(key(1), [2 * ROWS], { dtype: "float32" }).data();
  const [x, y] = [new Float32Array(ROWS), new Float32Array(ROWS)];
  let [u, v] = [1, 0];
  for (let i = 0; i < ROWS; i++) {
    const radius = (2 * i) / ROWS;
    x[i] = radius * u + 0.03 * noise[2 * i];
    y[i] = radius * v + 0.03 * noise[2 * i + 1];
    [u, v] = [u * cos - v * sin, u * sin + v * cos];
  }
  return { x: tensor(x, { shape: [ROWS, 1] }), y: tensor(y) };
}

const net = sequential(dense(32, "relu"), dense(32, "relu"), mixtureDensity({ components: 8 }));
const optimizer = adam();

/** One step as a graph: from state and rows to state. */
export function step({ params, moments }, rows, rate, allX, allY) {
  const lossOf = (weights, x, y) => net.apply(weights, x).logProb(y).mean().neg();
  const [, gradient] = valueAndGrad(lossOf)(params, allX.gather(rows), allY.gather(rows));
  const next = optimizer.update(gradient, moments, params, rate);
  return { params: next.params, moments: next.state };
}

/**
 * Trains for a number of steps.
 *
 * @param steps    how many
 * @param advance  does a step
 * @returns        SHA-256 of the weights' bytes, in hexadecimal
 */
export async function trainedHash(steps, advance) {
  const { x, y } = spiral();
  const { params } = net.init(key(2), 1);
  let state = { params, moments: optimizer.init(params) };
  const rate = tensor(Float32Array.of(1e-3), { shape: [] });
  let order;
  for (let i = 0; i < steps; i++) {
    if (i % BATCHES === 0) order = permutation(foldIn(key(3), i / BATCHES), ROWS);
    const at = (i % BATCHES) * BATCH;
    state = advance(state, tensor(order.slice(at, at + BATCH)), rate, x, y);
  }
  const bytes = tree.leaves(state.params).flatMap((leaf) => [...new Uint8Array(leaf.tensor.data().slice().buffer)]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Trains by steps compiled in place, with options of `setEngine`; kernels have parts if there are threads. */
export async function hashOf(steps, options) {
  const { threads } = setEngine(options);
  const advance = compile(step, { donate: [0] });
  const hash = await trainedHash(steps, advance);
  if (advance.plan().includes("in parts") !== threads > 1) throw new Error("not compiled as asked");
  return hash;
}

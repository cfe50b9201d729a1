// A training run that is the same everywhere: first weights, rows and order follow from the library's own seeds and functions,
// for those of the language (Math.sin, Math.log) may differ from engine to engine. Public names only.
import { compile, foldIn, key, normal, permutation, tensor, tree, uniform, valueAndGrad } from "credence";
import { adam, dense, mixtureDensity, sequential } from "credence/nn";

const ROWS = 2000;
const BATCH = 128;
const BATCHES = Math.floor(ROWS / BATCH);

/** A noisy spiral of two turns; the task is y, given x. */
function spiral() {
  const angle = uniform(key(1), [ROWS], { dtype: "float32" }).mul(4 * Math.PI);
  const noisy = (wave, seed) => angle.mul(wave).add(normal(key(seed), [ROWS], { dtype: "float32" }).mul(0.2)).div(6);
  const [x, y] = [noisy(angle.cos(), 2), noisy(angle.sin(), 3)];
  return { x: tensor(x.data(), { shape: [ROWS, 1] }), y: tensor(y.data()) };
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
 * @param advance  does a step; default: compiled, in place
 * @returns        SHA-256 of the weights' bytes, in hexadecimal
 */
export async function trainedHash(steps, advance = compile(step, { donate: [0] })) {
  const { x, y } = spiral();
  const { params } = net.init(key(4), 1);
  let state = { params, moments: optimizer.init(params) };
  const rate = tensor(Float32Array.of(1e-3), { shape: [] });
  let order;
  for (let i = 0; i < steps; i++) {
    if (i % BATCHES === 0) order = permutation(foldIn(key(5), i / BATCHES), ROWS);
    const at = (i % BATCHES) * BATCH;
    state = advance(state, tensor(order.slice(at, at + BATCH)), rate, x, y);
  }
  const bytes = tree.leaves(state.params).flatMap((leaf) => [...new Uint8Array(leaf.tensor.data().slice().buffer)]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(bytes)));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

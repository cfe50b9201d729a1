import { expect, test } from "vitest";
import "../../src/tensor/methods.js";
import { leavesOf } from "../../src/graph/tree.js";
import { foldIn, key, permutation, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { adam, dense, mixtureDensity, type Params, sequential, train } from "../../src/nn/index.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { optimize } from "../../src/train/optimize.js";
import { expectSameBits } from "../support/bits.js";
import { generator } from "../support/numbers.js";

const f = Math.fround;
const bits = (params: unknown): number[] => leavesOf(params).flatMap(({ tensor: t }) => Array.from(t.data()));

function drawn(n: number, seed: number): Float32Array {
  const next = generator(seed);
  return Float32Array.from({ length: n }, () => (next() / 2 ** 32) * 4 - 2);
}

test("twenty steps of Adam are, bit for bit, those of plain float32 arithmetic", async () => {
  const [x, y, rate] = [drawn(5, 1), drawn(5, 2), f(0.05)];
  const net = sequential(dense(2, "relu"), dense(1));
  const start = net.init(key(8), 1).params;
  const run = await optimize({
    params: start,
    loss: (p, batch) =>
      net
        .apply(p, (batch.x as Tensor).expandDims(1))
        .squeeze(1)
        .sub(batch.y as Tensor)
        .square()
        .mean(),
    data: { x: tensor(x), y: tensor(y) },
    optimizer: adam({ learningRate: 0.05 }),
    epochs: 4,
    batchSize: 1, // sums of one or two terms have no order
    key: key(9),
  });

  // in the order of the leaves: hidden bias (2) and weight (2), output bias (1) and weight (2)
  const w = bits(start);
  const [m, v] = [w.map(() => 0), w.map(() => 0)];
  const logs = [0.9, 0.999].map((beta) => tensor(beta).log().item());
  for (let t = 1; t <= 20; t++) {
    const row = permutation(foldIn(key(9), Math.ceil(t / 5)), 5)[(t - 1) % 5]!;
    const hidden = [0, 1].map((j) => Math.max(0, f(f(x[row]! * w[2 + j]!) + w[j]!)));
    const out = f(f(f(hidden[0]! * w[5]!) + f(hidden[1]! * w[6]!)) + w[4]!);
    const slope = f(2 * f(out - y[row]!));
    const back = [0, 1].map((j) => (hidden[j]! > 0 ? f(slope * w[5 + j]!) : 0));
    const gradient = [...back, ...back.map((b) => f(x[row]! * b)), slope, ...hidden.map((h) => f(h * slope))];
    const [correct1, correct2] = logs.map(
      (log) =>
        -tensor(Float32Array.of(f(t * f(log))))
          .expm1()
          .item(),
    ) as [number, number];
    const root = f(Math.sqrt(correct2));
    const [move, floor] = [f(f(rate / correct1) * root), f(root * f(1e-8))];
    gradient.forEach((g, i) => {
      m[i] = f(f(m[i]! * f(0.9)) + f(g * f(1 - 0.9)));
      v[i] = f(f(v[i]! * f(0.999)) + f(f(g * g) * f(1 - 0.999)));
      w[i] = f(w[i]! - f(f(m[i]! * move) / f(f(Math.sqrt(v[i]!)) + floor)));
    });
  }
  expect(run.steps).toBe(20);
  expectSameBits(bits(run.params), w, "weights");
});

test("the compiled step gives the interpreter's bits: a mixture density network", async () => {
  const [rows, batch, epochs] = [24, 8, 4];
  const data = { x: tensor(drawn(2 * rows, 3), { shape: [rows, 2] }), y: tensor(drawn(rows, 4)) };
  const net = sequential(dense(9, "relu"), dense(7, "tanh"), mixtureDensity({ components: 3, floor: 0.01 }));
  const start = net.init(key(5), 2).params;
  const optimizer = adam({ learningRate: 0.01 });
  const loss = (p: Params, picked: Record<string, Tensor>): Tensor =>
    net
      .apply(p, picked.x as Tensor)
      .logProb(picked.y as Tensor)
      .mean()
      .neg();
  const run = await optimize({ params: start, loss, data, optimizer, epochs, batchSize: batch, key: key(6) });

  const interpreted = withEngine("interpreter", () => {
    let [params, state] = [start, optimizer.init(start)];
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const order = permutation(foldIn(key(6), epoch), rows);
      for (let at = 0; at < rows; at += batch) {
        const chosen = tensor(order.slice(at, at + batch));
        const picked = { x: data.x.gather(chosen), y: data.y.gather(chosen) };
        const differentiate = valueAndGrad(loss as (...args: readonly unknown[]) => Tensor);
        const [, gradients] = differentiate(params, picked);
        const rate = tensor(0.01, { dtype: "float32" });
        ({ params, state } = optimizer.update(gradients as Params, state, params, rate));
        bits([params, state]); // evaluated now: a graph of all steps would only grow
      }
    }
    return bits(params);
  });
  expectSameBits(bits(run.params), interpreted, "weights");
});

test("the same seed gives the same bits, another seed others", async () => {
  const net = sequential(dense(5, "elu"), mixtureDensity({ components: 2 }));
  const data = { x: drawn(40, 5), y: drawn(40, 6) };
  const trained = async (seed: number) => {
    const run = await train(net, data, { seed, epochs: 3, batchSize: 16, validationSplit: 0.2, clipNorm: 1 });
    return { weights: bits(run.model.params), history: run.history };
  };
  const [one, again, other] = [await trained(1), await trained(1), await trained(2)];
  expectSameBits(again.weights, one.weights);
  expect(again.history).toEqual(one.history);
  expect(other.weights).not.toEqual(one.weights);
});

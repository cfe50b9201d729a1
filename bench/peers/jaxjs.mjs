// jax-js on WebAssembly, the whole step under `jit`. Usage: node jaxjs.mjs JOB EPOCHS_PER_ROUND
// A step takes its own references: `x.ref` keeps a tensor that is used again.
import { readFileSync } from "node:fs";
import { defaultDevice, init, jit, nn, numpy as np, random, valueAndGrad } from "@jax-js/jax";
import { batches, binary, glorot, spiral, uniform } from "../data.mjs";
import { mdn, vae } from "../networks.mjs";
import { serveTraining } from "../rounds.mjs";

const [job, perRound] = process.argv.slice(2);
await init("wasm");
defaultDevice("wasm");
const u = uniform(3);

const initial = (layers) => layers.flatMap(([i, o]) => [np.array(glorot(i, o, u)).reshape([i, o]), np.zeros([o])]);
const dense = (x, weight, bias) => np.dot(x, weight).add(bias);

function adamStep(lossOf) {
  const gradOf = valueAndGrad(lossOf);
  return jit(function step(p, m, v, t, ...batch) {
    const [loss, g] = gradOf(
      p.map((a) => a.ref),
      ...batch,
    );
    t = t.add(1);
    const c1 = np.subtract(1, np.power(0.9, t.ref));
    const c2 = np.subtract(1, np.power(0.999, t.ref));
    m = m.map((a, i) => a.mul(0.9).add(g[i].ref.mul(0.1)));
    v = v.map((a, i) => a.mul(0.999).add(np.square(g[i]).mul(0.001)));
    p = p.map((a, i) => {
      const size = np.sqrt(v[i].ref.div(c2.ref)).add(1e-7);
      return a.sub(m[i].ref.div(c1.ref).mul(1e-3).div(size));
    });
    c1.dispose();
    c2.dispose();
    return [p, m, v, t, loss];
  });
}

/** @param batchOf  row numbers to the loss's arguments */
function trainer(params, lossOf, rows, size, batchOf) {
  const step = adamStep(lossOf);
  let p = params;
  let m = p.map((a) => np.zeros(a.shape));
  let v = p.map((a) => np.zeros(a.shape));
  let t = np.array(0);
  return () => {
    let total = 0;
    const all = batches(rows, size, u);
    for (const batch of all) {
      let loss;
      [p, m, v, t, loss] = step(p, m, v, t, ...batchOf(batch));
      total += loss.item();
    }
    return [total / all.length, all.length];
  };
}

const programs = {
  "mdn.step": () => {
    const { batch, components: k, layers } = mdn;
    const { x, y } = spiral();
    const lossOf = ([w1, b1, w2, b2, w3, b3], xb, yb) => {
      const h = nn.relu(dense(nn.relu(dense(xb, w1, b1)), w2, b2));
      const out = dense(h, w3, b3);
      const loc = out.ref.slice([], [0, k]);
      const raw = out.ref.slice([], [k, 2 * k]);
      const logits = out.slice([], [2 * k, 3 * k]);
      const scale = nn.elu(raw).add(1 + 1e-7);
      const z = yb.sub(loc).div(scale.ref);
      const logProb = np
        .square(z)
        .mul(-0.5)
        .sub(np.log(scale))
        .sub(0.5 * Math.log(2 * Math.PI));
      return np.mean(nn.logsumexp(nn.logSoftmax(logits, -1).add(logProb), -1)).neg();
    };
    const take = (column, rows) => np.array(Float32Array.from(rows, (row) => column[row])).reshape([batch, 1]);
    return trainer(initial(layers), lossOf, x.length, batch, (rows) => [take(x, rows), take(y, rows)]);
  },

  "vae.step": () => {
    const { batch, pixels, code, encoder, heads, decoder } = vae;
    const data = binary();
    const lossOf = (p, x, noise) => {
      let at = 0;
      const next = (h) => dense(h, p[at++], p[at++]);
      let h = x.ref;
      for (const _ of encoder) h = nn.relu(next(h));
      const mean = next(h.ref);
      const logVariance = next(h);
      let d = mean.ref.add(np.exp(logVariance.ref.mul(0.5)).mul(noise));
      for (const _ of decoder) d = at + 2 < p.length ? nn.relu(next(d)) : next(d);
      const softplus = nn.relu(d.ref).add(np.log1p(np.exp(np.abs(d.ref).neg())));
      const reconstruction = np.sum(softplus.sub(d.mul(x))).div(batch);
      const inner = logVariance.ref.add(1).sub(np.square(mean)).sub(np.exp(logVariance));
      return reconstruction.add(np.sum(inner).mul(-0.5 / batch));
    };
    let key = random.key(0);
    return trainer(initial([...encoder, ...heads, ...decoder]), lossOf, data.length / pixels, batch, (rows) => {
      const x = new Float32Array(batch * pixels);
      rows.forEach((row, i) => {
        x.set(data.subarray(row * pixels, (row + 1) * pixels), i * pixels);
      });
      const [next, own] = random.split(key);
      key = next;
      return [np.array(x).reshape([batch, pixels]), random.normal(own, [batch, code])];
    });
  },
};

const { version } = JSON.parse(
  readFileSync(new URL("../node_modules/@jax-js/jax/package.json", import.meta.url), "utf8"),
);
await serveTraining({ peer: "jax-js", version, perRound: Number(perRound), epoch: programs[job]() });

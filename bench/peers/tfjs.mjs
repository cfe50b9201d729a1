// TensorFlow.js on WebAssembly. Usage: node tfjs.mjs JOB EPOCHS_PER_ROUND
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { batches, binary, spiral, uniform } from "../data.mjs";
import { mdn, vae } from "../networks.mjs";
import { serveTraining } from "../rounds.mjs";

const [job, perRound] = process.argv.slice(2);
await tf.setBackend("wasm");
await tf.ready();
const u = uniform(3);

/** Dense layers, rectified but for the last one if it is `linear`; weights start as Glorot's, biases at 0. */
const stack = (layers, { linear }) =>
  tf.sequential({
    layers: layers.map(([inputs, units], i) =>
      tf.layers.dense({
        units,
        inputShape: [inputs],
        activation: linear && i === layers.length - 1 ? "linear" : "relu",
      }),
    ),
  });

/** @param lossOf  row numbers to the loss */
function trainer(rows, size, lossOf) {
  const adam = tf.train.adam(1e-3, 0.9, 0.999, 1e-7);
  return () => {
    let total = 0;
    const all = batches(rows, size, u);
    for (const batch of all) {
      const loss = tf.tidy(() => adam.minimize(() => lossOf(tf.tensor1d(batch, "int32")), true));
      total += loss.dataSync()[0];
      loss.dispose();
    }
    return [total / all.length, all.length];
  };
}

const programs = {
  "mdn.step": () => {
    const data = spiral();
    const x = tf.tensor2d(data.x, [data.x.length, 1]);
    const y = tf.tensor2d(data.y, [data.y.length, 1]);
    const net = stack(mdn.layers, { linear: true });
    return trainer(data.x.length, mdn.batch, (rows) => {
      const [loc, raw, logits] = tf.split(net.apply(x.gather(rows), { training: true }), 3, 1);
      const scale = tf.elu(raw).add(1 + 1e-7);
      const z = y.gather(rows).sub(loc).div(scale);
      const logProb = z
        .square()
        .mul(-0.5)
        .sub(scale.log())
        .sub(0.5 * Math.log(2 * Math.PI));
      return tf.logSumExp(tf.logSoftmax(logits).add(logProb), 1).mean().neg();
    });
  },

  "vae.step": () => {
    const { batch, pixels } = vae;
    const numbers = binary();
    const rows = numbers.length / pixels;
    const data = tf.tensor2d(numbers, [rows, pixels]);
    const encoder = stack(vae.encoder, { linear: false });
    const [toMean, toLogVariance] = vae.heads.map((layer) => stack([layer], { linear: true }));
    const decoder = stack(vae.decoder, { linear: true });
    return trainer(rows, batch, (chosen) => {
      const x = data.gather(chosen);
      const h = encoder.apply(x, { training: true });
      const mean = toMean.apply(h);
      const logVariance = toLogVariance.apply(h);
      const code = mean.add(logVariance.mul(0.5).exp().mul(tf.randomNormal(mean.shape)));
      const logits = decoder.apply(code, { training: true });
      const softplus = logits.relu().add(logits.abs().neg().exp().log1p());
      const reconstruction = softplus.sub(logits.mul(x)).sum().div(batch);
      const inner = logVariance.add(1).sub(mean.square()).sub(logVariance.exp());
      return reconstruction.add(inner.sum().mul(-0.5 / batch));
    });
  },
};

await serveTraining({
  peer: "TensorFlow.js",
  version: tf.version.tfjs,
  perRound: Number(perRound),
  epoch: programs[job](),
});

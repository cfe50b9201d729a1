// The jobs: what is timed, and which numbers it should reach.
import { kernels } from "./kernels.mjs";
import { lstm, mdn, mdnLayers, vae } from "./networks.mjs";

/**
 * Operations of the matrix products of one training step. A dense layer multiplies three times: forward, for the gradient of
 * its weights, and for the gradient of its input, which the layers that read the data do not need. A product of m x k and
 * k x n counts 2 m k n. Heads, losses, activations and the optimiser are not counted.
 *
 * @param batch   rows
 * @param layers  [inputs, outputs] of each layer
 * @param first   how many layers read the data
 */
function trainingFlops(batch, layers, first = 1) {
  const multiply = ([inputs, outputs]) => 2 * batch * inputs * outputs;
  const sum = (list) => list.reduce((total, layer) => total + multiply(layer), 0);
  return 2 * sum(layers) + sum(layers.slice(first));
}

/** Products of an LSTM's training step: four gates a unit, each of input and state; the inputs need no gradient. */
function lstmFlops({ batch, steps, inputs, units }) {
  return 2 * batch * steps * 4 * units * (2 * inputs + 3 * units);
}

/**
 * `unit`: what a program answers for a round; `perRound`: epochs of training, or runs of a kernel, in a round. `bars`:
 * credence's time is to be at most so many times the peer's. `compile`: what the first step may take longer than later ones, in ms, and
 * the sizes of the job for which. `load`: credence's own program for it.
 */
export const jobs = {
  "mdn.step": {
    title:
      "a training step of the spiral mixture density network: 1-128-128-60, 20 components, batch 128, Adam, float32",
    unit: "msPerStep",
    perRound: 4,
    flops: trainingFlops(mdn.batch, mdn.layers),
    bars: { PyTorch: 0.55, "jax-js": 1, limit: 1.4 },
    compile: { sizes: [{}], most: 150 },
    load: () => import("./jobs/mdn.mjs"),
  },
  "vae.step": {
    title: "a training step of a dense variational autoencoder: 203,744 parameters, batch 32, Adam, float32",
    unit: "msPerStep",
    perRound: 1,
    flops: trainingFlops(vae.batch, [...vae.encoder, ...vae.heads, ...vae.decoder]),
    bars: { PyTorch: 0.5, limit: 1.4 },
    compile: { sizes: [{}], most: 300 },
    load: () => import("./jobs/vae.mjs"),
  },
  "lstm.step": {
    title: `a training step of an LSTM: ${lstm.units} units, ${lstm.steps} time steps of width ${lstm.inputs}, batch ${lstm.batch}, Adam, float32`,
    unit: "msPerStep",
    perRound: 1,
    flops: lstmFlops(lstm),
    bars: { PyTorch: 0.7 },
    compile: { sizes: [{ steps: lstm.steps }, { steps: 10 * lstm.steps }], most: 300 },
    load: () => import("./jobs/lstm.mjs"),
  },
  ...kernels,
};

/** What `--scaling` times: mdn.step with other batches and widths. */
export const scaling = {
  load: jobs["mdn.step"].load,
  flopsOf: ({ batch, width }) => trainingFlops(batch, mdnLayers(width)),
};

// The networks of the training jobs, as [inputs, outputs] of their dense layers in the order of their parameters.

const chain = (...widths) => widths.slice(1).map((outputs, i) => [widths[i], outputs]);

/** Rectified hidden layers; the outputs are 20 means, 20 scales before `elu + 1`, and 20 logits. */
export const mdnLayers = (width) => chain(1, width, width, 60);
export const mdn = { batch: 128, width: 128, components: 20, layers: mdnLayers(128) };

/** Rectified everywhere but in the heads (mean and log-variance of the code) and in the last layer (logits of the pixels). */
export const vae = {
  batch: 32,
  pixels: 224,
  code: 16,
  encoder: chain(224, 256, 128, 64, 32, 16),
  heads: [
    [16, 16],
    [16, 16],
  ],
  decoder: chain(16, 16, 32, 64, 128, 256, 224),
};

/** One layer; the loss is the mean square of its last output's distance from a function of the last input. */
export const lstm = { units: 128, inputs: 32, steps: 100, batch: 64, batches: 4 };

// The kernels: what is computed of how many elements, and which of PyTorch's times each is to stay within.

const N = 1_000_000;
const SIDE = 1024;
const BOTH = ["f32", "f64"];

const likelihood = (title) => `${title} of ${N} elements`;

/** `bar`: credence's float32 time is to be at most so many times PyTorch's. */
const rows = [
  { name: "gaussian_nll.forward", title: likelihood("mean Gaussian negative log-likelihood") },
  { name: "gaussian_nll.grad", title: likelihood("its value and its gradients by mean and variance"), bar: 0.2 },
  { name: "poisson_nll.forward", title: likelihood("mean Poisson negative log-likelihood, Stirling's terms included") },
  { name: "poisson_nll.grad", title: likelihood("its value and its gradient by the rate") },
  { name: "kl_categorical.forward", title: "KL divergences of 10000 pairs of normalised 100 categories", bar: 0.7 },
  { name: "kl_categorical.grad", title: "their mean and its gradients by both logits, normalising included" },
  { name: "exp", title: likelihood("e^x") },
  { name: "log", title: likelihood("log x") },
  { name: "tanh", title: likelihood("tanh x") },
  { name: "erf", title: likelihood("erf x") },
  { name: "sample_normal", title: likelihood("standard normal draws"), dtypes: ["f32"], bar: 1 },
  { name: "matmul", title: `product of two ${SIDE} x ${SIDE} matrices`, elements: SIDE * SIDE, flops: 2 * SIDE ** 3 },
];

export const sizes = { elements: N, rows: N / 100, categories: 100, side: SIDE };

/** Rows of `jobs.mjs`, by name. */
export const kernels = Object.fromEntries(
  rows.flatMap(({ name, title, dtypes = BOTH, elements = N, flops, bar }) =>
    dtypes.map((dtype) => {
      const bits = dtype.slice(1);
      const bars = bar !== undefined && dtype === "f32" ? { PyTorch: bar } : {};
      const job = { title: `${title}, float${bits}`, unit: "nsPerElement", perRound: 5, elements, flops, bars };
      const load = async () => {
        const { makeKernel } = await import("./jobs/kernels.mjs");
        return { makeJob: () => makeKernel(name, `float${bits}`) };
      };
      return [`kernels.${name}.${dtype}`, { ...job, load }];
    }),
  ),
);

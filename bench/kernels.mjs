// The kernels: what is computed of how many elements, and which of PyTorch's times each is to stay within.

const N = 1_000_000;
const SIDE = 1024;
const BOTH = ["f32", "f64"];

/** `bar`: credence's float32 time is to be at most so many times PyTorch's. */
const rows = [
  { name: "gaussian_nll.forward", title: "mean Gaussian negative log-likelihood of 10^6 elements" },
  {
    name: "gaussian_nll.grad",
    title: "mean Gaussian negative log-likelihood of 10^6 elements and its gradients by mean and variance",
    bar: 0.2,
  },
  {
    name: "poisson_nll.forward",
    title: "mean Poisson negative log-likelihood of 10^6 elements with Stirling's approximation of log count!",
  },
  {
    name: "poisson_nll.grad",
    title: "mean Poisson negative log-likelihood of 10^6 elements and its gradient by the rate",
  },
  {
    name: "kl_categorical.forward",
    title: "KL divergences of 10^4 pairs of distributions over 100 categories, normalised before",
    bar: 0.7,
  },
  {
    name: "kl_categorical.grad",
    title: "mean KL divergence of 10^4 pairs of distributions over 100 categories and its gradients by both logits",
  },
  { name: "exp", title: "e^x of 10^6 elements" },
  { name: "log", title: "log x of 10^6 elements" },
  { name: "tanh", title: "tanh x of 10^6 elements" },
  { name: "erf", title: "erf x of 10^6 elements" },
  { name: "lgamma", title: "log Γ(x) of 10^6 elements" },
  { name: "digamma", title: "derivative of log Γ(x) of 10^6 elements" },
  { name: "gammainc", title: "regularised incomplete gamma function of 10^6 shapes and points", bar: 1 },
  {
    name: "gamma_log_prob",
    title: "log density of 10^6 gamma distributions, by shape and rate",
    bar: 0.5,
  },
  { name: "sample_normal", title: "10^6 standard normal draws", dtypes: ["f32"], bar: 1 },
  { name: "sample_gamma", title: "10^6 gamma draws of concentrations up to 20", dtypes: ["f32"], bar: 1 / 1.5 },
  {
    name: "sample_gamma.grad",
    title: "10^6 gamma draws of concentrations up to 20, and the gradient of their mean by concentration and rate",
    dtypes: ["f32"],
    bar: 1 / 1.5,
  },
  {
    name: "student_t_log_prob.grad",
    title: "log density of 10^6 Student's t distributions, and the gradients of its sum by df, loc and scale",
    bar: 0.5,
  },
  { name: "kl_beta", title: "KL divergences of 10^6 pairs of beta distributions", bar: 0.5 },
  { name: "sample_beta", title: "10^6 beta draws of concentrations up to 20", dtypes: ["f32"], bar: 1 / 1.5 },
  { name: "sample_poisson", title: "10^6 Poisson draws of rates up to 20", dtypes: ["f32"], bar: 1 / 1.5 },
  {
    name: "sample_poisson_large",
    title: "10^6 Poisson draws of rates from 100 to 1100",
    dtypes: ["f32"],
    bar: 1 / 1.5,
  },
  {
    name: "sample_categorical",
    title: "10^6 draws of one law of 10 categories",
    dtypes: ["f32"],
    bar: 1 / 1.5,
  },
  { name: "sample_categorical_many", title: "10^6 draws of one law of 1000 categories", dtypes: ["f32"] },
  { name: "matmul", title: "product of two 1024 x 1024 matrices", elements: SIDE * SIDE, flops: 2 * SIDE ** 3 },
];

export const sizes = { elements: N, rows: N / 100, categories: 100, side: SIDE };

/** Rows of `jobs.mjs`, by name. */
export const kernels = Object.fromEntries(
  rows.flatMap(({ name, title, dtypes = BOTH, elements = N, flops, bar }) =>
    dtypes.map((dtype) => {
      const bits = dtype.slice(1);
      const bars = bar !== undefined && dtype === "f32" ? { PyTorch: bar } : {};
      const job = { title: `${title}, float${bits}`, unit: "nsPerElement", perRound: 9, elements, flops, bars };
      const load = async () => {
        const { makeKernel } = await import("./jobs/kernels.mjs");
        return { makeJob: () => makeKernel(name, `float${bits}`) };
      };
      return [`kernels.${name}.${dtype}`, { ...job, load }];
    }),
  ),
);

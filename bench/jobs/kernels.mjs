// credence: likelihoods, divergences, elementary functions, draws and products, each one compiled function.
// What a kernel makes of all its elements stays in the program's memory, as PyTorch's stays in its own: the arrays are donated
// to the next call, so nothing is copied out while the clock runs.
import {
  Beta,
  Categorical,
  compile,
  foldIn,
  Gamma,
  key,
  klDivergence,
  matmul,
  normal,
  Poisson,
  StudentT,
  special,
  tensor,
  valueAndGrad,
  where,
} from "credence";
import { gaussian, uniform } from "../data.mjs";
import { sizes } from "../kernels.mjs";

const { elements: n, rows, categories, side } = sizes;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** As Knuth draws: how many uniform numbers can be multiplied before the product falls below e^-rate. */
function poisson(rate, u) {
  const least = Math.exp(-rate);
  let count = 0;
  for (let product = u(); product > least; product *= u()) count++;
  return count;
}

/** Inputs by name, of the laws that `peers/kernels_torch.py` draws from. */
function makeData(dtype) {
  const u = uniform(1);
  const z = gaussian(u);
  const Numbers = dtype === "float32" ? Float32Array : Float64Array;
  const column = (next, shape = [n]) =>
    tensor(Numbers.from({ length: shape.reduce((a, b) => a * b) }, next), { shape });
  return {
    x: () => column(z),
    y: () => column(z),
    variance: () => column(() => u() + 0.1),
    rate: () => column(() => 20 * u() + 0.1),
    rateAndCount: () => {
      const rate = column(() => 20 * u() + 0.1);
      const numbers = rate.data();
      return { rate, count: column((_, i) => poisson(numbers[i], u)) };
    },
    largeRate: () => column(() => 1000 * u() + 100),
    logits: () => column(z, [rows, categories]),
    weights: (count) => column(z, [count]),
    square: () => column(z, [side, side]),
    zeros: (shape) => column(() => 0, shape),
  };
}

const gaussianNll = ({ x, variance }, y) => {
  const v = variance.maximum(1e-6);
  return y.sub(x).square().div(v).add(v.log()).mul(0.5).add(HALF_LOG_TWO_PI).mean();
};

const poissonNll = (rate, count) => {
  const stirling = count.mul(count.log()).sub(count).add(count.log().mul(0.5)).add(HALF_LOG_TWO_PI);
  return rate
    .sub(count.mul(rate.add(1e-8).log()))
    .add(where(count.gt(1), stirling, 0))
    .mean();
};

const poissonDraws = (rate) => ({
  inputs: { rate, seed: key(1) },
  keeps: [[n]],
  compute: ({ rate, seed }, call) => ({ kept: [new Poisson({ rate }).sample({ key: foldIn(seed, call) })] }),
});

const categoricalDraws = (logits) => ({
  inputs: { logits, seed: key(1) },
  keeps: [[n]],
  compute: ({ logits, seed }, call) => {
    const draws = new Categorical({ logits }).sample({ key: foldIn(seed, call), shape: [n] });
    return { kept: [draws.cast("float32")] };
  },
});

/** Of normalised weights. A category that p has not counts 0; one that q alone has not counts Infinity. */
const divergence = (p, q) => where(p.probs.eq(0), 0, p.probs.mul(p.logProbs.sub(q.logProbs))).sum(-1);

/** A kernel's inputs, the shapes of what it keeps, and how it goes from the inputs to { value?, kept? }. */
const kernels = {
  "gaussian_nll.forward": (data) => ({
    inputs: { x: data.x(), variance: data.variance(), y: data.y() },
    compute: ({ y, ...params }) => ({ value: gaussianNll(params, y) }),
  }),
  "gaussian_nll.grad": (data) => ({
    inputs: { x: data.x(), variance: data.variance(), y: data.y() },
    keeps: [[n], [n]],
    compute: ({ y, ...params }) => {
      const [value, gradient] = valueAndGrad(gaussianNll)(params, y);
      return { value, kept: [gradient.x, gradient.variance] };
    },
  }),
  "poisson_nll.forward": (data) => ({
    inputs: data.rateAndCount(),
    compute: ({ rate, count }) => ({ value: poissonNll(rate, count) }),
  }),
  "poisson_nll.grad": (data) => ({
    inputs: data.rateAndCount(),
    keeps: [[n]],
    compute: ({ rate, count }) => {
      const [value, gradient] = valueAndGrad(poissonNll)(rate, count);
      return { value, kept: [gradient] };
    },
  }),
  "kl_categorical.forward": (data) => {
    const logits = data.logits();
    const normalised = compile((given) => {
      const { probs, logProbs } = new Categorical({ logits: given });
      return { probs, logProbs };
    });
    return {
      inputs: { p: normalised(logits), q: normalised(logits.neg()) },
      keeps: [[rows]],
      compute: ({ p, q }) => ({ kept: [divergence(p, q)] }),
    };
  },
  "kl_categorical.grad": (data) => {
    const logits = data.logits();
    const lossOf = ({ p, q }) => divergence(new Categorical({ logits: p }), new Categorical({ logits: q })).mean();
    return {
      inputs: { p: logits, q: logits.neg() },
      keeps: [
        [rows, categories],
        [rows, categories],
      ],
      compute: (inputs) => {
        const [value, gradient] = valueAndGrad(lossOf)(inputs);
        return { value, kept: [gradient.p, gradient.q] };
      },
    };
  },
  exp: (data) => ({ inputs: { x: data.x() }, keeps: [[n]], compute: ({ x }) => ({ kept: [x.exp()] }) }),
  log: (data) => ({ inputs: { x: data.rate() }, keeps: [[n]], compute: ({ x }) => ({ kept: [x.log()] }) }),
  tanh: (data) => ({ inputs: { x: data.x() }, keeps: [[n]], compute: ({ x }) => ({ kept: [x.tanh()] }) }),
  erf: (data) => ({ inputs: { x: data.x() }, keeps: [[n]], compute: ({ x }) => ({ kept: [x.erf()] }) }),
  lgamma: (data) => ({ inputs: { x: data.rate() }, keeps: [[n]], compute: ({ x }) => ({ kept: [special.lgamma(x)] }) }),
  digamma: (data) => ({
    inputs: { x: data.rate() },
    keeps: [[n]],
    compute: ({ x }) => ({ kept: [special.digamma(x)] }),
  }),
  gammainc: (data) => ({
    inputs: { shape: data.rate(), x: data.rate() },
    keeps: [[n]],
    compute: ({ shape, x }) => ({ kept: [special.gammainc(shape, x)] }),
  }),
  gamma_log_prob: (data) => ({
    inputs: { shape: data.rate(), rate: data.rate(), x: data.variance() },
    keeps: [[n]],
    compute: ({ shape, rate, x }) => ({
      kept: [shape.mul(rate.log()).add(shape.sub(1).mul(x.log())).sub(rate.mul(x)).sub(special.lgamma(shape))],
    }),
  }),
  sample_normal: () => ({
    inputs: { seed: key(1) },
    keeps: [[n]],
    compute: ({ seed }, call) => ({ kept: [normal(foldIn(seed, call), [n], { dtype: "float32" })] }),
  }),
  sample_gamma: (data) => ({
    inputs: { seed: key(1), concentration: data.rate(), rate: data.rate() },
    keeps: [[n]],
    compute: ({ seed, concentration, rate }, call) => ({
      kept: [new Gamma({ concentration, rate }).sample({ key: foldIn(seed, call) })],
    }),
  }),
  "sample_gamma.grad": (data) => ({
    inputs: { seed: key(1), concentration: data.rate(), rate: data.rate() },
    keeps: [[n], [n]],
    compute: ({ seed, ...params }, call) => {
      const mean = (given) => new Gamma(given).sample({ key: foldIn(seed, call) }).mean();
      const [value, gradient] = valueAndGrad(mean)(params);
      return { value, kept: [gradient.concentration, gradient.rate] };
    },
  }),
  "student_t_log_prob.grad": (data) => ({
    inputs: { df: data.rate(), loc: data.x(), scale: data.variance(), y: data.y() },
    keeps: [[n], [n], [n]],
    compute: ({ y, ...params }) => {
      const [value, gradient] = valueAndGrad((given) => new StudentT(given).logProb(y).sum())(params);
      return { value, kept: [gradient.df, gradient.loc, gradient.scale] };
    },
  }),
  kl_beta: (data) => {
    const pair = () => ({ concentration1: data.rate(), concentration0: data.rate() });
    return {
      inputs: { p: pair(), q: pair() },
      keeps: [[n]],
      compute: ({ p, q }) => ({ kept: [klDivergence(new Beta(p), new Beta(q))] }),
    };
  },
  sample_beta: (data) => ({
    inputs: { seed: key(1), concentration1: data.rate(), concentration0: data.rate() },
    keeps: [[n]],
    compute: ({ seed, ...params }, call) => ({ kept: [new Beta(params).sample({ key: foldIn(seed, call) })] }),
  }),
  sample_poisson: (data) => poissonDraws(data.rate()),
  sample_poisson_large: (data) => poissonDraws(data.largeRate()),
  sample_categorical: (data) => categoricalDraws(data.weights(10)),
  sample_categorical_many: (data) => categoricalDraws(data.weights(1000)),
  matmul: (data) => ({
    inputs: { a: data.square(), b: data.square() },
    keeps: [[side, side]],
    compute: ({ a, b }) => ({ kept: [matmul(a, b)] }),
  }),
};

export function makeKernel(name, dtype) {
  const data = makeData(dtype);
  const { inputs, keeps = [], compute } = kernels[name](data);
  const kernel = compile(
    function kernel(_, given, call) {
      const { value = tensor(0), kept = [] } = compute(given, call);
      return { kept, value };
    },
    { name, donate: [0] },
  );
  let calls = 0;
  let result = { kept: keeps.map((shape) => data.zeros(shape)) };
  const run = () => {
    result = kernel(result.kept, inputs, tensor(Int32Array.of(calls++), { shape: [] }));
  };
  /** The loss, or where there is none the mean of what was kept: for the eye, beside the other programs'. */
  const mean = () => {
    const value = result.value.item();
    if (value !== 0) return value;
    const numbers = result.kept[0].data();
    return numbers.reduce((total, number) => total + number, 0) / numbers.length;
  };
  return { run, mean, plan: kernel.plan };
}

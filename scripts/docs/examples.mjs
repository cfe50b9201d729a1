// An example of each distribution, for its page: parameters by name, whose values go by what they are called unless a family needs others.

/** A distribution among the parameters of another. */
const law = (name, parameters) => ({ law: name, parameters });

const USUAL = {
  loc: 0,
  scale: 1,
  rate: 1.5,
  rate1: 6,
  rate2: 3,
  df: 4,
  df1: 6,
  df2: 12,
  probs: 0.3,
  gate: 0.25,
  totalCount: 12,
  concentration: 2,
  concentration1: 2,
  concentration0: 4,
  alpha: 3,
  asymmetry: 0.6,
  power: 4,
  shape: 3,
  low: 0,
  high: 1,
  peak: 0.3,
  temperature: 0.5,
  levels: 16,
  population: 50,
  successes: 20,
  draws: 10,
  dimension: 3,
  mux: 0,
  muy: 1,
  sx: 1,
  sy: 2,
  rho: 0.5,
};

const BY_FAMILY = {
  Categorical: { probs: [0.1, 0.2, 0.4, 0.3] },
  Censored: { base: law("Normal", { loc: 1, scale: 1 }), low: 0 },
  Delta: { loc: 2 },
  Dirichlet: { concentration: [2, 3, 4] },
  DirichletMultinomial: { totalCount: 10, concentration: [2, 3, 4] },
  Discretized: { base: law("Normal", { loc: 8, scale: 3 }), low: 0, high: 15 },
  DiscretizedLogisticMixture: { logits: [0, 0.5], locs: [-0.5, 0.4], logScales: [-2, -1.5], levels: 32 },
  DiscreteUniform: { low: 1, high: 6 },
  Empirical: { samples: [1, 2, 2, 3, 5, 5, 5, 8] },
  GeneralizedExtremeValue: { loc: 0, scale: 1, concentration: 0.2 },
  GeneralizedPareto: { loc: 0, scale: 1, concentration: 0.2 },
  Hurdle: { base: law("LogNormal", { loc: 0, scale: 0.5 }), gate: 0.3 },
  InverseGamma: { concentration: 3, rate: 2 },
  InverseGaussian: { loc: 1, concentration: 2 },
  LogisticNormal: { loc: [0, 1], scale: [1, 0.5] },
  LowRankMultivariateNormal: { loc: [0, 1, 2], covFactor: [[1], [0.5], [0.2]], covDiag: [1, 1, 0.5] },
  Mixture: {
    mixture: law("Categorical", { probs: [0.7, 0.3] }),
    components: [law("Normal", { loc: 0, scale: 1 }), law("Gumbel", { loc: 5, scale: 1 })],
  },
  MixtureSameFamily: {
    mixture: law("Categorical", { probs: [0.7, 0.3] }),
    components: law("Normal", { loc: [0, 4], scale: [1, 0.6] }),
  },
  Multinomial: { totalCount: 10, probs: [0.2, 0.3, 0.5] },
  MultivariateNormal: {
    loc: [0, 1],
    scaleTril: [
      [1, 0],
      [0.5, 1],
    ],
  },
  MultivariateNormalDiag: { loc: [0, 1], scaleDiag: [1, 2] },
  MultivariateStudentT: {
    df: 4,
    loc: [0, 1],
    scaleTril: [
      [1, 0],
      [0.5, 1],
    ],
  },
  NegativeBinomial: { totalCount: 4, probs: 0.5 },
  OneHotCategorical: { probs: [0.2, 0.3, 0.5] },
  OneHotCategoricalStraightThrough: { probs: [0.2, 0.3, 0.5] },
  Pareto: { scale: 1, alpha: 3 },
  Poisson: { rate: 4 },
  RelaxedOneHotCategorical: { temperature: 0.5, probs: [0.2, 0.3, 0.5] },
  Truncated: { base: law("Gumbel", { loc: 0, scale: 1 }), low: -1, high: 2 },
  TruncatedNormal: { loc: 0, scale: 1, low: -1, high: 2 },
  VonMisesFisher: { meanDirection: [0, 0, 1], concentration: 5 },
  Weibull: { scale: 1, concentration: 1.8 },
  Wishart: {
    df: 4,
    scaleTril: [
      [1, 0],
      [0.5, 1],
    ],
  },
  ZeroInflated: { base: law("Poisson", { rate: 4 }), gate: 0.25 },
};

/** Another way to give what stands before it, or one that may be left out. */
const isChoice = ({ meaning }) => /^or\b|\bdefault\b/i.test(meaning);

/** @returns the parameters of a family's example; undefined where nothing is known of a parameter it needs */
export function exampleOf({ name, parameters }) {
  if (BY_FAMILY[name]) return BY_FAMILY[name];
  const needed = parameters.filter((parameter) => !isChoice(parameter));
  if (needed.length === 0 || needed.some((parameter) => USUAL[parameter.name] === undefined)) return undefined;
  return Object.fromEntries(needed.map((parameter) => [parameter.name, USUAL[parameter.name]]));
}

/** As one writes it in a program: `new Gamma({ concentration: 2, rate: 1.5 })`. */
export function codeOf(name, parameters) {
  const value = (x) =>
    Array.isArray(x) ? `[${x.map(value).join(", ")}]` : typeof x === "object" ? codeOf(x.law, x.parameters) : String(x);
  const fields = Object.entries(parameters).map(([key, x]) => `${key}: ${value(x)}`);
  return `new ${name}({ ${fields.join(", ")} })`;
}

/** As one writes it on the command line: `gamma(concentration=2, rate=1.5)`. */
export function expressionOf(name, parameters) {
  const value = (x) =>
    Array.isArray(x)
      ? `[${x.map(value).join(", ")}]`
      : typeof x === "object"
        ? expressionOf(x.law, x.parameters)
        : String(x);
  const fields = Object.entries(parameters).map(([key, x]) => `${key}=${value(x)}`);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}(${fields.join(", ")})`;
}

/** The distribution itself. @param library  the names of `credence/distributions` */
export function buildExample(library, name, parameters) {
  const value = (x) =>
    Array.isArray(x) ? x.map(value) : typeof x === "object" ? buildExample(library, x.law, x.parameters) : x;
  const given = Object.entries(parameters).map(([key, x]) => [key, value(x)]);
  return new library[name](Object.fromEntries(given));
}

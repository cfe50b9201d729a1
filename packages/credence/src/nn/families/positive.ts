import { between, nonNegative, positive } from "../../distributions/constraints.js";
import {
  Chi2,
  Exponential,
  FisherSnedecor,
  Gamma,
  GeneralizedPareto,
  HalfCauchy,
  HalfNormal,
  InverseGamma,
  InverseGaussian,
  LogLogistic,
  LogNormal,
  Pareto,
  Weibull,
} from "../../distributions/index.js";
import { tensor } from "../../graph/literal.js";
import { shape, size, spread } from "./outputs.js";
import { family } from "./row.js";

const aboveZero = { units: "median", support: () => positive } as const;
const fromZero = { units: "mean", support: () => nonNegative } as const;

/** Families of targets that are never negative. */
export const positives = {
  exponential: family({
    ...fromZero,
    title: "exponential distribution",
    outputs: { mean: size },
    law: ({ mean }) => new Exponential({ rate: tensor(1).div(mean) }),
  }),
  halfNormal: family({
    ...fromZero,
    title: "half-normal distribution",
    outputs: { scale: size },
    law: (numbers) => new HalfNormal(numbers),
  }),
  halfCauchy: family({
    ...fromZero,
    title: "half-Cauchy distribution",
    outputs: { scale: size },
    law: (numbers) => new HalfCauchy(numbers),
  }),
  generalizedPareto: family({
    ...fromZero,
    title: "generalized Pareto distribution from 0 on",
    // a negative concentration would end the support, and a row beyond it make the likelihood 0
    outputs: { scale: size, concentration: shape(0.1, 5) },
    law: (numbers) => new GeneralizedPareto({ loc: 0, ...numbers }),
  }),
  gamma: family({
    ...aboveZero,
    title: "gamma distribution",
    outputs: { mean: size, concentration: shape(1) },
    law: ({ mean, concentration }) => new Gamma({ concentration, rate: concentration.div(mean) }),
    common: true,
  }),
  inverseGamma: family({
    ...aboveZero,
    title: "inverse gamma distribution",
    outputs: { size, concentration: shape(2) },
    law: ({ size: about, concentration }) => new InverseGamma({ concentration, rate: concentration.mul(about) }),
  }),
  chi2: family({
    units: "outputs",
    title: "chi-squared distribution",
    support: () => positive,
    outputs: { df: size },
    law: (numbers) => new Chi2(numbers),
  }),
  fisherSnedecor: family({
    units: "raw",
    title: "F distribution",
    support: () => positive,
    outputs: { df1: shape(4), df2: shape(8) },
    law: (numbers) => new FisherSnedecor(numbers),
  }),
  logNormal: family({
    ...aboveZero,
    title: "log-normal distribution",
    outputs: { median: size, scale: spread },
    law: ({ median, scale }) => new LogNormal({ loc: median.log(), scale }),
    common: true,
  }),
  logLogistic: family({
    ...aboveZero,
    title: "log-logistic distribution",
    outputs: { median: size, scale: spread },
    law: ({ median, scale }) => new LogLogistic({ loc: median.log(), scale }),
  }),
  weibull: family({
    ...aboveZero,
    title: "Weibull distribution",
    outputs: { scale: size, concentration: shape(1) },
    law: (numbers) => new Weibull(numbers),
    common: true,
  }),
  inverseGaussian: family({
    ...aboveZero,
    title: "inverse Gaussian distribution",
    outputs: { mean: size, ratio: shape(1) },
    // the variance is mean² / ratio
    law: ({ mean, ratio }) => new InverseGaussian({ loc: mean, concentration: mean.mul(ratio) }),
  }),
  pareto: family({
    units: "median",
    title: "Pareto distribution",
    support: ({ low }) =>
      low > 0 ? { ...between(low, Number.POSITIVE_INFINITY, "[)"), allowed: `finite numbers >= ${low}` } : positive,
    outputs: { alpha: shape(1) },
    takes: { low: "optional" },
    // the least target is the likeliest threshold
    limits: ({ low }, range) => ({ low: low ?? range.low, high: Number.POSITIVE_INFINITY }),
    law: ({ alpha }, { low }) => new Pareto({ scale: low, alpha }),
  }),
} as const;

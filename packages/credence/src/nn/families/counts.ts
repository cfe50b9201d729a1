import { integers, integersFrom, nonNegativeIntegers } from "../../distributions/constraints.js";
import {
  Bernoulli,
  BetaBinomial,
  Binomial,
  Geometric,
  Hurdle,
  NegativeBinomial,
  Poisson,
  Skellam,
  ZeroInflated,
} from "../../distributions/index.js";
import { logit, shape, share, size } from "./outputs.js";
import { family } from "./row.js";

const counts = { units: "outputs", support: () => nonNegativeIntegers } as const;

/** Families of whole numbers. */
export const wholeNumbers = {
  poisson: family({
    ...counts,
    title: "Poisson distribution",
    outputs: { rate: size },
    law: (numbers) => new Poisson(numbers),
    common: true,
  }),
  zeroInflatedPoisson: family({
    ...counts,
    title: "zero-inflated Poisson distribution",
    outputs: { rate: size, gateLogits: logit },
    law: ({ rate, gateLogits }) => new ZeroInflated({ base: new Poisson({ rate }), gateLogits }),
    common: true,
  }),
  hurdlePoisson: family({
    ...counts,
    title: "Poisson distribution with zeros apart",
    outputs: { rate: size, gateLogits: logit },
    law: ({ rate, gateLogits }) => new Hurdle({ base: new Poisson({ rate }), gateLogits }),
  }),
  negativeBinomial: family({
    ...counts,
    title: "negative binomial distribution",
    outputs: { mean: size, totalCount: shape(2) },
    // the mean is totalCount probs / (1 - probs)
    law: ({ mean, totalCount }) => new NegativeBinomial({ totalCount, logits: mean.div(totalCount).log() }),
    common: true,
  }),
  zeroInflatedNegativeBinomial: family({
    ...counts,
    title: "zero-inflated negative binomial distribution",
    outputs: { mean: size, totalCount: shape(2), gateLogits: logit },
    law: ({ mean, totalCount, gateLogits }) =>
      new ZeroInflated({ base: new NegativeBinomial({ totalCount, logits: mean.div(totalCount).log() }), gateLogits }),
  }),
  binomial: family({
    title: "binomial distribution",
    units: "raw",
    support: ({ high }) => integersFrom(0, high),
    outputs: { logits: logit },
    takes: { totalCount: "needed" },
    limits: ({ totalCount }) => ({ low: 0, high: totalCount as number }),
    law: ({ logits }, { high }) => new Binomial({ totalCount: high, logits }),
  }),
  betaBinomial: family({
    title: "beta-binomial distribution",
    units: "raw",
    support: ({ high }) => integersFrom(0, high),
    outputs: { mean: share, precision: shape(2) },
    takes: { totalCount: "needed" },
    limits: ({ totalCount }) => ({ low: 0, high: totalCount as number }),
    law: ({ mean, precision }, { high }) =>
      new BetaBinomial({
        totalCount: high,
        concentration1: mean.mul(precision),
        concentration0: mean.neg().add(1).mul(precision),
      }),
  }),
  geometric: family({
    ...counts,
    title: "geometric distribution",
    outputs: { mean: size },
    law: ({ mean }) => new Geometric({ logits: mean.log().neg() }), // the mean is (1 - probs) / probs
  }),
  skellam: family({
    units: "outputs",
    title: "Skellam distribution",
    support: () => integers,
    outputs: { rate1: size, rate2: size },
    law: (numbers) => new Skellam(numbers),
  }),
  bernoulli: family({
    title: "Bernoulli distribution",
    units: "raw",
    support: () => integersFrom(0, 1),
    outputs: { logits: logit },
    law: (numbers) => new Bernoulli(numbers),
    common: true,
  }),
} as const;

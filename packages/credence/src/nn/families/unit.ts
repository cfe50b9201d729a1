import { unitInterval as closedUnitInterval, openUnitInterval } from "../../distributions/constraints.js";
import { Beta, ContinuousBernoulli, Kumaraswamy, LogitNormal } from "../../distributions/index.js";
import { logit, number, shape, share, spread } from "./outputs.js";
import { family } from "./row.js";

const shares = { units: "raw", support: () => openUnitInterval } as const;

/** Families of targets between 0 and 1. */
export const unitInterval = {
  beta: family({
    ...shares,
    title: "beta distribution",
    outputs: { mean: share, precision: shape(2) },
    law: ({ mean, precision }) =>
      new Beta({ concentration1: mean.mul(precision), concentration0: mean.neg().add(1).mul(precision) }),
    common: true,
  }),
  kumaraswamy: family({
    ...shares,
    title: "Kumaraswamy distribution",
    outputs: { concentration1: shape(1), concentration0: shape(1) },
    law: (numbers) => new Kumaraswamy(numbers),
  }),
  continuousBernoulli: family({
    title: "continuous Bernoulli distribution",
    units: "raw",
    support: () => closedUnitInterval,
    outputs: { logits: logit },
    law: (numbers) => new ContinuousBernoulli(numbers),
  }),
  logitNormal: family({
    ...shares,
    title: "logit-normal distribution",
    outputs: { loc: number, scale: spread },
    law: (numbers) => new LogitNormal(numbers),
  }),
} as const;

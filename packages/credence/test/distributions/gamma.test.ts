import { grad, type Tensor, tensor } from "credence";
import { Chi2, Exponential, Gamma, InverseGamma } from "credence/distributions";
import { klDivergence } from "credence/divergences";
import { gammainc } from "credence/special";
import { describe, expect, test } from "vitest";
import { distanceToCdf, dkw } from "../support/bounds.js";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("Gamma", {
  build: ({ concentration, rate }) => new Gamma({ concentration: concentration!, rate: rate! }),
  params: {
    standard: { concentration: 2.5, rate: 1 },
    "in a batch [2, 3]": { concentration: [0.4, 1, 30], rate: [[0.5], [20]] },
  },
  domain: { concentration: "positive", rate: "positive" },
  values: [0.25, 0.5, 2],
  invalid: [
    { concentration: 0, rate: 1 },
    { concentration: 1, rate: [1, -1] },
    { concentration: Number.NaN, rate: 1 },
  ],
});

describeDistribution("Chi2", {
  build: ({ df }) => new Chi2({ df: df! }),
  params: { standard: { df: 3 }, "in a batch": { df: [0.8, 2, 40] } },
  domain: { df: "positive" },
  values: [0.5, 3],
  invalid: [{ df: 0 }, { df: [1, -1] }],
});

describeDistribution("InverseGamma", {
  build: ({ concentration, rate }) => new InverseGamma({ concentration: concentration!, rate: rate! }),
  params: {
    standard: { concentration: 7, rate: 3 },
    "in a batch [2, 3]": { concentration: [0.7, 5.5, 30], rate: [[0.5], [20]] },
  },
  domain: { concentration: "positive", rate: "positive" },
  values: [0.25, 0.5, 2],
  invalid: [
    { concentration: 0, rate: 1 },
    { concentration: 1, rate: [1, -1] },
  ],
});

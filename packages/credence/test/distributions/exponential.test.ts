import { Exponential } from "credence/distributions";
import { describeDistribution } from "../support/laws.js";

describeDistribution("Exponential", {
  build: ({ rate }) => new Exponential({ rate: rate! }),
  params: { standard: { rate: 1 }, "in a batch": { rate: [0.01, 3, 1e5] } },
  domain: { rate: "positive" },
  values: [0.25, 4],
  invalid: [{ rate: 0 }, { rate: [1, -1] }, { rate: Number.NaN }],
});

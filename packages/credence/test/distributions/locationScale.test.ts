import { Cauchy, Gumbel, Laplace, Logistic } from "credence/distributions";
import { describeDistribution } from "../support/laws.js";

const invalid = [
  { loc: 0, scale: 0 },
  { loc: Number.NaN, scale: 1 },
  { loc: 0, scale: [1, -1] },
];

for (const [name, Family] of Object.entries({ Laplace, Logistic, Gumbel, Cauchy })) {
  describeDistribution(name, {
    build: ({ loc, scale }) => new Family({ loc: loc!, scale: scale! }),
    params: {
      standard: { loc: 0, scale: 1 },
      "in a batch [2, 3]": { loc: [-2, 0, 5], scale: [[0.5], [10]] },
    },
    domain: { loc: "real", scale: "positive" },
    values: [-3, 0.25, 4],
    invalid,
  });
}

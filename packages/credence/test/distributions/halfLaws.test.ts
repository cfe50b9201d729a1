import { HalfCauchy, HalfNormal } from "credence/distributions";
import { describeDistribution } from "../support/laws.js";

for (const [name, Family] of Object.entries({ HalfNormal, HalfCauchy })) {
  describeDistribution(name, {
    build: ({ scale }) => new Family({ scale: scale! }),
    params: { standard: { scale: 1 }, "in a batch": { scale: [0.01, 3, 50] } },
    domain: { scale: "positive" },
    values: [0.25, 4],
    invalid: [{ scale: 0 }, { scale: [1, -1] }, { scale: Number.NaN }],
  });
}

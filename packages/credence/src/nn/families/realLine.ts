import { between, real } from "../../distributions/constraints.js";
import {
  AsymmetricLaplace,
  Cauchy,
  GeneralizedExtremeValue,
  GeneralizedNormal,
  Gumbel,
  Laplace,
  Logistic,
  Moyal,
  SkewNormal,
  StudentT,
  TruncatedNormal,
} from "../../distributions/index.js";
import { tensor } from "../../graph/literal.js";
import { where } from "../../ops/index.js";
import { location, number, scale, shape } from "./outputs.js";
import { family } from "./row.js";

const anyNumber = { units: "moments", support: () => real } as const;

/** Beyond the range of the targets so much of its width must have a density: a row to come may lie there. */
const MARGIN = 0.5;

/** Families of targets that may be any number, or any between limits that are known. */
export const realLine = {
  laplace: family({
    ...anyNumber,
    title: "Laplace distribution",
    outputs: { loc: location, scale },
    law: (numbers) => new Laplace(numbers),
    common: true,
  }),
  logistic: family({
    ...anyNumber,
    title: "logistic distribution",
    outputs: { loc: location, scale },
    law: (numbers) => new Logistic(numbers),
  }),
  cauchy: family({
    ...anyNumber,
    title: "Cauchy distribution",
    outputs: { loc: location, scale },
    law: (numbers) => new Cauchy(numbers),
  }),
  gumbel: family({
    ...anyNumber,
    title: "Gumbel distribution",
    outputs: { loc: location, scale },
    law: (numbers) => new Gumbel(numbers),
    common: true,
  }),
  moyal: family({
    ...anyNumber,
    title: "Moyal distribution",
    outputs: { loc: location, scale },
    law: (numbers) => new Moyal(numbers),
  }),
  asymmetricLaplace: family({
    ...anyNumber,
    title: "asymmetric Laplace distribution",
    outputs: { loc: location, scale, asymmetry: shape(1, 4) },
    law: (numbers) => new AsymmetricLaplace(numbers),
  }),
  studentT: family({
    ...anyNumber,
    title: "Student t distribution",
    outputs: { loc: location, scale, df: shape(5, 6) },
    law: (numbers) => new StudentT(numbers),
    common: true,
  }),
  generalizedNormal: family({
    ...anyNumber,
    title: "generalized normal distribution",
    outputs: { loc: location, scale, power: shape(2, 2) },
    law: (numbers) => new GeneralizedNormal(numbers),
  }),
  skewNormal: family({
    ...anyNumber,
    title: "skew-normal distribution",
    outputs: { loc: location, scale, shape: number },
    law: (numbers) => new SkewNormal(numbers),
  }),
  generalizedExtremeValue: family({
    ...anyNumber,
    title: "generalized extreme value distribution",
    outputs: { loc: location, scale, tail: number },
    limits: (_, { low, high }) => ({ low: low - MARGIN * (high - low), high: high + MARGIN * (high - low) }),
    // The support ends at loc - scale / ξ. Kept outside of the limits, no row's likelihood vanishes.
    law({ loc, scale: s, tail }, { low, high }) {
      const end = where(tail.gt(0), loc.sub(low), tensor(high).sub(loc));
      const most = s.div(end.maximum(s)); // ≤ 1
      return new GeneralizedExtremeValue({ loc, scale: s, concentration: tail.tanh().mul(most).mul(0.999) });
    },
  }),
  truncatedNormal: family({
    title: "normal distribution between limits",
    units: "moments",
    support: ({ low, high }) => ({
      ...between(low, high),
      allowed: high === Number.POSITIVE_INFINITY ? `numbers >= ${low}` : `numbers from ${low} to ${high}`,
    }),
    outputs: { loc: location, scale },
    takes: { low: "optional", high: "optional" },
    limits: ({ low, high }) => ({
      low: low ?? (high === undefined ? 0 : Number.NEGATIVE_INFINITY),
      high: high ?? Number.POSITIVE_INFINITY,
    }),
    law: ({ loc, scale: s }, { low, high }) => new TruncatedNormal({ loc, scale: s, low, high }),
  }),
} as const;

import { compile, grad, type Tensor, tensor } from "credence";
import * as special from "credence/special";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

/**
 * Every special function at arguments from 1e-30 to 1e30 of its domain: neither it nor a derivative of it is NaN. Infinite ones
 * are what the function has there, or more than the element type holds.
 */

const magnitude = fc.double({ min: -30, max: 30, noNaN: true }).map((power) => 10 ** power);
const unit = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  magnitude.map((x) => Math.min(x, 1 / x)),
  magnitude.map((x) => 1 - Math.min(x, 1 / x)),
);
const domains = {
  positive: magnitude,
  real: fc.tuple(magnitude, fc.constantFrom(-1, 0, 1)).map(([size, sign]) => size * sign),
  unit,
  signedUnit: fc.tuple(unit, fc.constantFrom(-1, 1)).map(([size, sign]) => size * sign),
  negative: magnitude.map((x) => -x),
  angle: fc.double({ min: -(2 ** 20), max: 2 ** 20, noNaN: true }),
  fromOne: magnitude.map((x) => 1 + x),
} as const;
type Domain = keyof typeof domains;
type Function = (...args: Tensor[]) => Tensor;

const { polygamma, logSumExp, logChoose, zeta, ...others } = special;
const functions = {
  ...others,
  zeta: (s: Tensor, q: Tensor) => zeta(s, q),
  polygamma: (x: Tensor) => polygamma(3, x),
  logSumExp: (x: Tensor, y: Tensor) => logSumExp(x.expandDims(-1).add(y.expandDims(-1).mul([1, -1])), -1),
  logChoose: (k: Tensor, rest: Tensor) => logChoose(k.add(rest), k),
};

const gamma: readonly Domain[] = ["positive", "positive"];
const beta: readonly Domain[] = ["positive", "positive", "unit"];
const cases: Record<keyof typeof functions, readonly Domain[]> = {
  atan: ["real"],
  bd0: ["positive", "positive"],
  betainc: beta,
  betaincInv: beta,
  betaincc: beta,
  betainccInv: beta,
  circularVariance: ["real"],
  cos: ["angle"],
  cospi: ["real"],
  digamma: ["positive"],
  digammaDifference: ["positive", "positive"],
  digammaDifferenceRest: ["positive", "positive"],
  erf: ["real"],
  erfc: ["real"],
  erfcinv: ["unit"],
  erfcx: ["real"],
  erfinv: ["signedUnit"],
  expm1: ["real"],
  gammainc: gamma,
  gammaincInv: ["positive", "unit"],
  gammaincc: gamma,
  gammainccInv: ["positive", "unit"],
  i0e: ["real"],
  i1e: ["real"],
  lambertW: ["positive"],
  lbeta: ["positive", "positive"],
  lgamma: ["positive"],
  log1mexp: ["negative"],
  log1p: ["positive"],
  log1pmx: ["positive"],
  logAddExp: ["real", "real"],
  logBetainc: beta,
  logBetaincInv: ["positive", "positive", "negative"],
  logBetaincc: beta,
  logBetainccInv: ["positive", "positive", "negative"],
  logChoose: ["positive", "positive"],
  logGammaRatio: ["positive", "positive"],
  logGammaRatioRest: ["positive", "positive"],
  logGammainc: gamma,
  logGammaincInv: ["positive", "negative"],
  logGammaincc: gamma,
  logGammainccInv: ["positive", "negative"],
  logI0: ["real"],
  logNdtr: ["real"],
  logSigmoid: ["real"],
  logSumExp: ["real", "real"],
  ndtr: ["real"],
  ndtri: ["unit"],
  owensT: ["real", "real"],
  polygamma: ["positive"],
  sigmoid: ["real"],
  sin: ["angle"],
  sinpi: ["real"],
  softplus: ["real"],
  stirlingError: ["positive"],
  trigamma: ["positive"],
  xlog1py: ["real", "positive"],
  xlogy: ["real", "positive"],
  zeta: ["fromOne", "positive"],
};

const COUNT = 400;

describe.each(["float64", "float32"] as const)("%s", (dtype) => {
  test.each(Object.entries(cases))("%s", (name, kinds) => {
    const f = functions[name as keyof typeof functions] as Function;
    const lists = kinds.map((kind, i) => fc.sample(domains[kind], { numRuns: COUNT, seed: 7 + i }));
    const args = lists.map((list) => tensor(list).cast(dtype));
    const results = [compile(f)(...args)];
    kinds.forEach((_, i) => {
      const slope = grad((x: Tensor, rest: Tensor[]) => f(...rest.slice(0, i), x, ...rest.slice(i)).sum());
      results.push(
        compile(slope)(
          args[i]!,
          args.filter((_, j) => j !== i),
        ),
      );
    });
    results.forEach((result, i) => {
      result.data().forEach((value, k) => {
        const at = lists.map((list) => list[k]).join(", ");
        if (Number.isNaN(value)) expect.fail(`${i === 0 ? name : `derivative ${i} of ${name}`} at ${at} is NaN`);
      });
    });
  });
});

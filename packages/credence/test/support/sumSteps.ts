import type { Tensor } from "credence";
import * as ops from "../../src/ops/index.js";
import { type Draw, fit, type Step } from "./draw.js";

/** Of few numbers: a sum over all that a random float may mean would take long. */
function betaBinomialSum(draw: Draw, op: (n: number, a: Tensor, b: Tensor, k: number) => Tensor): Tensor {
  const x = draw.any();
  return op(9, x, fit(draw.any(), x.shape), draw.number(10));
}

/** Steps of ops that sum over counts. */
export const sumSteps = {
  betaBinomialBelow: (draw) => betaBinomialSum(draw, ops.betaBinomialBelow),
  betaBinomialAbove: (draw) => betaBinomialSum(draw, ops.betaBinomialAbove),
  betaBinomialEntropy: (draw) => betaBinomialSum(draw, (n, a, b, k) => ops.betaBinomialEntropy(n, a, b, k, -1)),
} satisfies Record<string, Step>;

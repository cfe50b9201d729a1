import { BivariateNormal } from "../distributions/bivariateNormal.js";
import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where, withGradient } from "../ops/index.js";
import { logSoftmax, logSumExp } from "../tensor/derived.js";
import { type LossOptions, reduce } from "./reduction.js";

/** The parameters of `BivariateNormal`. */
export type BivariateNormalParams = ConstructorParameters<typeof BivariateNormal>[0];

/**
 * Negative log likelihood of points in the plane, from constrained parameters.
 *
 * @param params  mux, muy, sx, sy, rho, of any leading shape
 * @param points  x and y along the last axis
 * @shape  a scalar; broadcast(params, points without their last axis) with `reduction: "none"`
 * @throws CredenceError as BivariateNormal
 * @source Graves, Generating sequences with recurrent neural networks (2013), equations 24 and 25
 */
export function bivariateNormalNll(
  params: BivariateNormalParams,
  points: TensorLike,
  { reduction }: LossOptions = {},
): Tensor {
  return reduce("bivariateNormalNll", new BivariateNormal(params).logProb(points).neg(), reduction);
}

export interface BivariateMixtureOptions extends LossOptions {
  readonly components: number;
  /**
   * "graves": each stroke ends with a bit, and the activations begin with its logit. "sketch-rnn": each ends with three states, pen down,
   * up and done, of which one is 1, and the activations begin with their three logits; done points have no place. "none": neither.
   */
  readonly pen?: "graves" | "sketch-rnn" | "none";
}

const PEN = { none: 0, graves: 1, "sketch-rnn": 3 } as const;

/**
 * Negative log likelihood of pen strokes under a mixture of bivariate normals, from the unconstrained outputs of a network: weights by
 * softmax, scales by exp, correlations by tanh.
 *
 * Value and gradient are finite for finite activations, however large: a distance of more than 1e18 scales in float32, 1e150 in float64,
 * counts as that.
 *
 * @param activations  along the last axis: the pen's logits, then for each component logit of its weight, mux, muy, log sx, log sy,
 *   atanh rho: all logits first, then all mux, and so on
 * @param strokes      along the last axis: x, y, and the pen's state
 * @shape  a scalar; the strokes' shape without its last axis with `reduction: "none"`
 * @throws CredenceError `shape`: sizes that do not fit components and pen; `argument`: an unknown pen
 * @source Graves, Generating sequences with recurrent neural networks (2013), equations 18 to 26 (with e = sigmoid); Ha and Eck, A neural
 *   representation of sketch drawings (2018), section 3.3
 */
export function bivariateMixtureNll(
  activations: TensorLike,
  strokes: TensorLike,
  { components, pen = "graves", reduction }: BivariateMixtureOptions,
): Tensor {
  const [a, s] = [tensor(activations), tensor(strokes)];
  checkSizes(a, s, components, pen);
  const states = PEN[pen];
  const take = (i: number): Tensor => a.slice(-1, states + i * components, states + (i + 1) * components);
  const [logits, mux, muy, logSx, logSy, raw] = [0, 1, 2, 3, 4, 5].map(take) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const [dx, dy] = [s.slice(-1, 0, 1).sub(mux), s.slice(-1, 1, 2).sub(muy)];
  const logDensities = logDensity(dx, dy, logSx, logSy, raw);
  const place = logSumExp(logSoftmax(logits).add(logDensities), -1).neg();
  if (pen === "none") return reduce("bivariateMixtureNll", place, reduction);
  const penLogits = a.slice(-1, 0, states);
  if (pen === "graves") {
    const up = s.slice(-1, 2, 3);
    const bit = up.mul(penLogits.neg().softplus()).add(up.neg().add(1).mul(penLogits.softplus()));
    return reduce("bivariateMixtureNll", place.add(bit.squeeze(-1)), reduction);
  }
  const states3 = s.slice(-1, 2, 5);
  const isDone = s.slice(-1, 4, 5).squeeze(-1).gt(0.5);
  const state = states3.mul(logSoftmax(penLogits)).sum(-1).neg();
  return reduce("bivariateMixtureNll", where(isDone, 0, place).add(state), reduction);
}

/** Where distances and exponents stop, so that squares stay finite, and where gradients do. */
const LIMITS = {
  float32: { distance: 1e18, exponent: 80, slope: 1e30 },
  float64: { distance: 1e150, exponent: 690, slope: 1e300 },
} as const;

/** The log density of a bivariate normal by log scales and r = atanh rho, whose 1 - rho² = 1 / cosh² r keeps its digits. */
function logDensity(dx: Tensor, dy: Tensor, logSx: Tensor, logSy: Tensor, r: Tensor): Tensor {
  const { distance, exponent, slope } = LIMITS[dx.dtype === "float32" ? "float32" : "float64"];
  const clamp = (t: Tensor, limit: number): Tensor => t.maximum(-limit).minimum(limit);
  // a factor e^80 more and a gradient would be infinite
  const bounded = (t: Tensor): Tensor => withGradient(t, [t], (slopes) => [clamp(slopes, slope)]);
  const u = bounded(clamp(bounded(dx).mul(clamp(logSx.neg(), exponent).exp()), distance));
  const w = bounded(clamp(bounded(dy).mul(clamp(logSy.neg(), exponent).exp()), distance));
  const size = r.abs();
  const isUp = r.ge(0);
  // rho u = ±u ∓ (1 - |rho|) u, with 1 - |rho| = 2 / (e^(2|r|) + 1)
  const shortfall = size.mul(-2).sigmoid().mul(2);
  const rest = bounded(where(isUp, w.sub(u).add(shortfall.mul(u)), w.add(u).sub(shortfall.mul(u))));
  // cosh r = e^|r| (1 + e^(-2|r|)) / 2
  const logCosh = size.add(size.mul(-2).exp().log1p()).sub(Math.LN2);
  const v = clamp(rest.mul(logCosh.minimum(exponent).exp()), distance);
  return u
    .square()
    .add(v.square())
    .mul(-0.5)
    .sub(logSx)
    .sub(logSy)
    .add(logCosh)
    .sub(Math.log(2 * Math.PI));
}

function checkSizes(a: Tensor, s: Tensor, components: number, pen: keyof typeof PEN): void {
  if (!Object.hasOwn(PEN, pen)) {
    fail({
      code: "argument",
      given: `losses.bivariateMixtureNll: pen is ${JSON.stringify(pen)}`,
      allowed: '"graves", "sketch-rnn" or "none"',
    });
  }
  if (!Number.isInteger(components) || components < 1) {
    fail({
      code: "argument",
      given: `losses.bivariateMixtureNll: components is ${components}`,
      allowed: "a whole number of at least 1",
    });
  }
  const sizes = [
    ["activations", a, PEN[pen] + 6 * components],
    ["strokes", s, 2 + PEN[pen]],
  ] as const;
  for (const [name, t, size] of sizes) {
    if (t.rank > 0 && t.shape[t.rank - 1] === size) continue;
    fail({
      code: "shape",
      given: `losses.bivariateMixtureNll: ${name} of shape ${showShape(t.shape)} for ${components} components and pen ${JSON.stringify(pen)}`,
      allowed: `[..., ${size}]`,
    });
  }
}

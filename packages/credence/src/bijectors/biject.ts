import type { Constraint } from "../distributions/constraints.js";
import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { Affine } from "./affine.js";
import type { Bijector } from "./bijector.js";
import { Chain } from "./chain.js";
import { CholeskyFactor } from "./choleskyFactor.js";
import { CorrelationCholesky } from "./correlationCholesky.js";
import { Exp } from "./exp.js";
import { Identity } from "./identity.js";
import { onAxes } from "./onEach.js";
import { Ordered } from "./ordered.js";
import { PositiveDefinite } from "./positiveDefinite.js";
import { Sigmoid } from "./sigmoid.js";
import { StickBreaking } from "./stickBreaking.js";
import { Tanh } from "./tanh.js";

/** Sets of events, by name. */
const events: Readonly<Record<string, () => Bijector>> = {
  simplex: () => new StickBreaking(),
  increasing: () => new Ordered(),
  choleskyFactor: () => new CholeskyFactor(),
  positiveDefinite: () => new PositiveDefinite(),
  correlationCholesky: () => new CorrelationCholesky(),
};

/**
 * A bijector from all real numbers, or vectors of them, to a set: what turns the raw output of a network, or of an optimiser, into
 * a parameter.
 *
 *     biject(constraints.positive).forward(raw)    // e^raw
 *
 * Numbers above a bound by `Exp`, between two by `Sigmoid` (`Tanh` for -1 to 1), probabilities by `StickBreaking`, Cholesky factors
 * by `CholeskyFactor` and `CorrelationCholesky`, positive definite matrices by `PositiveDefinite`, growing vectors by `Ordered`. Ends that belong to a set are not reached, but by
 * rounding.
 *
 * @param constraint  of `constraints`, or the support of a continuous distribution
 * @throws CredenceError `missing`: the set is of whole numbers, or its map is not known
 */
export function biject(constraint: Constraint): Bijector {
  const { name, discrete, bounds, limits, each } = constraint;
  if (discrete) {
    return fail({
      code: "missing",
      given: `biject: ${constraint.allowed}`,
      allowed: "sets of all numbers in an interval, or vectors of them",
      mend: "whole numbers have no smooth map: relax them, or give probabilities",
    });
  }
  if (each) return onAxes(biject(each.base), each.axes);
  if (Object.hasOwn(events, name)) return events[name]!();
  const ends = limits ?? bounds;
  if (!ends) {
    return fail({
      code: "missing",
      given: `biject: there is no map onto ${constraint.allowed}`,
      allowed: `intervals, ${Object.keys(events).join(", ")}, and vectors of these`,
    });
  }
  return ontoInterval(...ends);
}

function ontoInterval(low: TensorLike, high: TensorLike): Bijector {
  const [hasLow, hasHigh] = [low !== Number.NEGATIVE_INFINITY, high !== Number.POSITIVE_INFINITY];
  if (!hasLow && !hasHigh) return new Identity();
  if (hasLow && hasHigh) return low === -1 && high === 1 ? new Tanh() : new Sigmoid({ low, high });
  if (hasLow) return low === 0 ? new Exp() : new Chain([new Exp(), new Affine({ loc: low })]);
  return new Chain([new Exp(), new Affine({ loc: high, scale: -1 })]);
}

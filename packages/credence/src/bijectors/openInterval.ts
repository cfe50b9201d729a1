import { between, type Constraint, interval } from "../distributions/constraints.js";
import type { Tensor } from "../graph/tensor.js";
import { isTracing } from "../trace.js";

/** The numbers between two ends, which are excluded; a set with `bounds` where they are two known numbers. */
export function openInterval(low: Tensor, high: Tensor): Constraint {
  if (isTracing() || low.size !== 1 || high.size !== 1) return between(low, high, "()");
  const [lower, upper] = [low.item(), high.item()];
  return interval({
    name: `between(${lower}, ${upper})`,
    allowed: `numbers between ${lower} and ${upper}, both excluded`,
    lower,
    upper,
  });
}

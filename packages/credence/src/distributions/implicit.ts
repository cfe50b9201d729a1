import { gradients } from "../autodiff/gradient.js";
import type { Tensor } from "../graph/tensor.js";
import { neg, pullDiv, stopGradient, withGradient } from "../ops/index.js";
import { isTracing } from "../trace.js";
import type { Distribution } from "./distribution.js";

/**
 * A point x of a continuous law at which cdf(x) is held fixed (a draw), or equal to p (a quantile), with the gradient that
 * this gives it: dx = (dp - d cdf(x)) / density(x), where d cdf is by the parameters.
 *
 * @param x    computed in any way; no gradient flows through that
 * @source Figurnov, Mohamed and Mnih, Implicit reparameterization gradients (2018), equation 5
 */
export function implicitly(x: Tensor, law: Distribution, p?: Tensor): Tensor {
  if (!isTracing()) return x; // nobody can ask for a gradient
  const point = stopGradient(x);
  const parameters: Tensor[] = [];
  const same = law.withParameters((parameter) => {
    parameters.push(parameter);
    return parameter;
  });
  return withGradient(point, p ? [p, ...parameters] : parameters, (dy) => {
    const flow = pullDiv(dy, same.prob(point));
    const back = gradients(same.cdf(point), parameters, neg(flow));
    return p ? [flow, ...back] : back;
  });
}

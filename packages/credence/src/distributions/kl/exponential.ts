import type { Tensor } from "../../graph/tensor.js";
import { logRatio } from "../../ops/index.js";
import type { Exponential } from "../exponential.js";
import type { Gumbel } from "../gumbel.js";
import type { Normal } from "../normal.js";
import { never, type Rules, scaleTerm, squaredDistance } from "./parts.js";

/** r - 1 - log r with r = q.rate / p.rate. @source Kullback, Information Theory and Statistics (1959), section 3.2 */
const exponentialExponential = (p: Exponential, q: Exponential): Tensor => scaleTerm(q.rate, p.rate);

/** E (x - m)² is the variance and the square of the distance of the means, which both are 1 / rate. */
function exponentialNormal(p: Exponential, q: Normal): Tensor {
  const mean = p.mean();
  const distance = squaredDistance(mean, q.loc, q.scale).add(mean.div(q.scale).square()).mul(0.5);
  return distance.sub(logRatio(mean, q.scale)).add(0.5 * Math.log(2 * Math.PI) - 1);
}

/** log b + E z + E e^-z less the entropy, z = (x - m) / b. */
function exponentialGumbel(p: Exponential, q: Gumbel): Tensor {
  const shift = q.loc.div(q.scale);
  const r = p.mean().div(q.scale);
  return r
    .sub(shift)
    .add(shift.exp().div(r.add(1)))
    .sub(r.log())
    .sub(1);
}

/** From the exponential distribution to other families. */
export const fromExponential: Rules = {
  Exponential: exponentialExponential,
  Normal: exponentialNormal,
  Gumbel: exponentialGumbel,
  Uniform: never,
  Pareto: never,
};

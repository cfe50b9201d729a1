import type { Tensor } from "../../graph/tensor.js";
import { digammaDifference, lgamma, stirlingRise, stirlingRiseGain, where } from "../../ops/index.js";
import type { Beta } from "../beta.js";
import type { Distribution } from "../distribution.js";
import type { Exponential } from "../exponential.js";
import type { Normal } from "../normal.js";
import type { Uniform } from "../uniform.js";
import { deviance } from "./dirichlet.js";
import { never, type Rules, squaredDistance } from "./parts.js";

interface GammaLaw extends Distribution {
  readonly concentration: Tensor;
  readonly rate: Tensor;
}

/** As of Dirichlet distributions with two components, the larger of p's in front. */
function betaBeta(p: Beta, q: Beta): Tensor {
  const isFirst = p.concentration1.ge(p.concentration0);
  const ordered = (d: Beta): readonly [Tensor, Tensor] => [
    where(isFirst, d.concentration1, d.concentration0),
    where(isFirst, d.concentration0, d.concentration1),
  ];
  const [[a, b], [x, y]] = [ordered(p), ordered(q)];
  const [n, total] = [a.add(b), x.add(y)];
  const gap = a
    .div(n)
    .mul(y.sub(b))
    .sub(x.sub(a).mul(b.div(n)));
  const means = deviance(a, x, gap, a.div(n).mul(total)).add(deviance(b, y, gap.neg(), b.div(n).mul(total)));
  return means.add(stirlingRise(y, b)).sub(stirlingRiseGain(x, a, y, b));
}

/** From E_p[-log q] to the divergence. */
const less = (cross: Tensor, p: Beta): Tensor => cross.sub(p.entropy());

const betaExponential = (p: Beta, q: Exponential): Tensor => less(q.rate.mul(p.mean()).sub(q.rate.log()), p);

function betaGamma(p: Beta, q: GammaLaw): Tensor {
  const meanLog = digammaDifference(p.concentration1, p.concentration0).neg();
  const constant = lgamma(q.concentration).sub(q.concentration.mul(q.rate.log()));
  return less(constant.sub(q.concentration.sub(1).mul(meanLog)).add(q.rate.mul(p.mean())), p);
}

/** E (x - m)² is the variance and the square of the distance of the means. */
function betaNormal(p: Beta, q: Normal): Tensor {
  const distance = squaredDistance(p.mean(), q.loc, q.scale).add(p.variance().div(q.scale).div(q.scale));
  return less(
    distance
      .mul(0.5)
      .add(q.scale.log())
      .add(0.5 * Math.log(2 * Math.PI)),
    p,
  );
}

/** Infinite where q does not hold all numbers from 0 to 1. */
function betaUniform(p: Beta, q: Uniform): Tensor {
  const isWithin = q.low.le(0).and(q.high.ge(1));
  return where(isWithin, less(q.high.sub(q.low).log(), p), Number.POSITIVE_INFINITY);
}

/** q's log density is a straight line, so its mean is that at the mean. */
function betaContinuousBernoulli(p: Beta, q: Distribution): Tensor {
  const mean = p.mean();
  const line = q.logProb(0).mul(mean.neg().add(1)).add(q.logProb(1).mul(mean));
  return less(line.neg(), p);
}

/** From the beta distribution to other families. */
export const fromBeta: Rules = {
  Beta: betaBeta,
  ContinuousBernoulli: betaContinuousBernoulli,
  Exponential: betaExponential,
  Gamma: betaGamma,
  Normal: betaNormal,
  Pareto: never,
  Uniform: betaUniform,
};

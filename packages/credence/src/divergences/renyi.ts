import type { Distribution } from "../distributions/distribution.js";
import { fail } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { exp, expm1, log, softplus, where } from "../ops/index.js";
import { expectation } from "./expectation.js";
import { between } from "./geometricPath.js";
import { klDivergence } from "./klDivergence.js";
import { commonBatch } from "./pairs.js";

/**
 * Rényi's divergence of order alpha, log(∫ p^alpha q^(1 - alpha)) / (alpha - 1); nats. It grows with alpha, and at 1 it is `klDivergence`.
 *
 * Two of one exponential family by their law between, numbers of other families by quadrature.
 *
 * @param alpha  the order, > 0
 * @shape  broadcast(p's batch, q's batch)
 * @throws CredenceError `argument`: an order that is not > 0; `missing`: vectors without a formula; `shape`
 * @source van Erven and Harremoës, Rényi divergence and Kullback-Leibler divergence (2014)
 */
export function renyi(p: Distribution, q: Distribution, { alpha }: { readonly alpha: number }): Tensor {
  if (!(alpha > 0 && alpha < Number.POSITIVE_INFINITY)) {
    fail({ code: "argument", given: `renyi: alpha is ${alpha}`, allowed: "a finite number > 0; 1 is klDivergence" });
  }
  if (alpha === 1) return klDivergence(p, q);
  commonBatch("renyi", p, q);
  return logAffinity("renyi", p, q, alpha).div(alpha - 1);
}

/**
 * Hellinger's distance, √(1 - ∫ √(p q)): from 0 for equal laws to 1 for laws without common support.
 *
 * @shape  broadcast(p's batch, q's batch)
 * @throws CredenceError `missing`: vectors without a formula; `shape`
 * @source van der Vaart, Asymptotic Statistics (1998), section 14.5
 */
export function hellinger(p: Distribution, q: Distribution): Tensor {
  commonBatch("hellinger", p, q);
  const lost = expm1(logAffinity("hellinger", p, q, 0.5)).neg();
  const isApart = lost.gt(0);
  return where(isApart, where(isApart, lost, 1).sqrt(), lost.mul(0)); // NaN stays
}

/**
 * log ∫ p^a q^(1 - a). With m the law between, it is -(a KL(m || p) + (1 - a) KL(m || q)): what is small for near laws is a sum of small numbers.
 */
function logAffinity(name: string, p: Distribution, q: Distribution, a: number): Tensor {
  const [inner, other] = [baseOf(p), baseOf(q)];
  if (inner && other && p.eventShape.length > 0) {
    const axes = p.eventShape.length - inner.eventShape.length;
    return logAffinity(name, inner, other, a).sum(Array.from({ length: axes }, (_, i) => i - axes));
  }
  for (const from of [p, p.asGeneral]) {
    for (const to of [q, q.asGeneral]) {
      const found = from && to && between(from, to, a);
      if (!found) continue;
      const { law, isProper } = found;
      const value = klDivergence(law, from)
        .mul(-a)
        .sub(klDivergence(law, to).mul(1 - a));
      return where(isProper, value, a < 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
    }
  }
  return log(affinity(name, p, q, a));
}

/** The law of each number of independent ones. */
const baseOf = (d: Distribution): Distribution | undefined => (d as { readonly base?: Distribution }).base;

/** ∫ p^a q^(1 - a) = ∫ ... p / (p + q) + ∫ ... q / (p + q): each part under the law that is greater where it counts. */
function affinity(name: string, p: Distribution, q: Distribution, a: number): Tensor {
  const part = (from: Distribution, to: Distribution, order: number): Tensor =>
    expectation(name, from, to, (x) => {
      const logRatio = to.logProb(x).sub(from.logProb(x));
      const isCommon = logRatio.abs().lt(Number.POSITIVE_INFINITY);
      const safe = where(isCommon, logRatio, 0);
      const value = exp(safe.mul(1 - order).sub(softplus(safe)));
      const beyond = order > 1 ? Number.POSITIVE_INFINITY : 0; // the other law has nothing here
      return where(
        isCommon,
        value,
        where(logRatio.eq(Number.NEGATIVE_INFINITY), beyond, where(logRatio.eq(logRatio), 0, Number.NaN)),
      );
    }).value;
  return part(p, q, a).add(part(q, p, 1 - a));
}

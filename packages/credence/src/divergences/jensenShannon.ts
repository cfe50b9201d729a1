import type { Categorical } from "../distributions/categorical.js";
import type { Distribution } from "../distributions/distribution.js";
import type { Tensor } from "../graph/tensor.js";
import { bd0, sigmoid, where } from "../ops/index.js";
import { expectation } from "./expectation.js";
import { commonBatch, familyOf } from "./pairs.js";

/**
 * Jensen and Shannon's divergence, (KL(p || m) + KL(q || m)) / 2 with m the equal mixture of both; nats. From 0 for equal laws to log 2 for laws
 * without common support, whatever these are. Its root is a metric.
 *
 * Categories by a sum, numbers by quadrature.
 *
 * @shape  broadcast(p's batch, q's batch)
 * @throws CredenceError `missing`: vectors; `shape`
 * @source Lin, Divergence measures based on the Shannon entropy (1991), equation 3.1
 */
export function jensenShannon(p: Distribution, q: Distribution): Tensor {
  commonBatch("jensenShannon", p, q);
  if (familyOf(p) === "Categorical" && familyOf(q) === "Categorical") {
    const [a, b] = [(p as Categorical).probs, (q as Categorical).probs];
    const middle = a.add(b).mul(0.5);
    const safe = where(middle.gt(0), middle, 1);
    const terms = bd0(a, safe).add(bd0(b, safe));
    return where(middle.gt(0), terms, middle.mul(0)).sum(-1).mul(0.5);
  }
  return half(p, q).add(half(q, p));
}

/**
 * The divergence is E_p + E_q of D / 2, where D is how far the odds of p against q at x are from even: log 2 less their entropy, never below 0.
 */
function half(p: Distribution, q: Distribution): Tensor {
  return expectation("jensenShannon", p, q, (x) => {
    const logRatio = q.logProb(x).sub(p.logProb(x));
    const share = sigmoid(logRatio);
    return bd0(share, 0.5)
      .add(bd0(sigmoid(logRatio.neg()), 0.5))
      .mul(0.5);
  }).value;
}

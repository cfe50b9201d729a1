import { broadcastShapes } from "../../graph/shape.js";
import type { Tensor } from "../../graph/tensor.js";
import { countExpectation } from "../countEntropy.js";
import type { Distribution } from "../distribution.js";

/**
 * E_p[log p - log q] of laws of counts whose log p is smooth, as a sum over the bulk of p: off by rounding of about the entropy of p.
 *
 * @param from  the least number of p
 */
export function countDivergence(p: Distribution, q: Distribution, from = 0): Tensor {
  const shape = broadcastShapes("klDivergence", [p.batchShape, q.batchShape]);
  const wide = (law: Distribution): Distribution =>
    law.withParameters((t) => t.broadcastTo([...shape.slice(0, shape.length - t.rank), ...t.shape]).expandDims(-1));
  const other = wide(q);
  return countExpectation(wide(p), { mean: p.mean(), stddev: p.stddev(), from }, (k, logP) =>
    logP.sub(other.logProb(k)),
  ).maximum(0);
}

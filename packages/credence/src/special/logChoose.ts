import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { lbeta, lgamma, logGammaRatio, sub, where } from "../ops/index.js";

/**
 * log of the binomial coefficient n over k, also between whole numbers; 0 for k = 0 and k = n.
 *
 * @shape  broadcast(n, k)
 * @domain 0 <= k <= n
 * @source DLMF 1.2.1 and 5.12.1
 */
export function logChoose(n: TensorLike, k: TensorLike): Tensor {
  const total = tensor(n);
  const rest = sub(total, k);
  const fewer = rest.minimum(k);
  const more = total.sub(fewer).add(1);
  // log(n + 1) + lbeta, where both are about log n, says little of a result near 0
  const few = logGammaRatio(more, fewer).sub(lgamma(fewer.add(1)));
  const many = lbeta(more, fewer.add(1)).add(total.log1p()).neg();
  return where(fewer.lt(1), few, many);
}

import type { Distribution } from "../distributions/distribution.js";
import type { Tensor } from "../graph/tensor.js";
import { type KlOptions, klDivergence } from "./klDivergence.js";

/**
 * Cross entropy of q under p, -E_p[log q(x)] = entropy(p) + KL(p || q); nats. The mean code length of draws of p in a code made for q.
 *
 * @param options  those of `klDivergence`, but for `explain`
 * @shape  broadcast(p's batch, q's batch)
 * @throws CredenceError as `klDivergence`; `missing`: p has no entropy
 * @source Cover and Thomas, Elements of Information Theory (2006), section 5.4
 */
export function crossEntropy(p: Distribution, q: Distribution, options: Omit<KlOptions, "explain"> = {}): Tensor {
  return klDivergence(p, q, options).add(p.entropy());
}

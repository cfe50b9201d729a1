import { tensor } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import { digamma, lbeta, log1mexp } from "../../ops/index.js";
import { exponentialLogs, exponentialLogWeights } from "../exponentialRule.js";
import type { Kumaraswamy } from "../kumaraswamy.js";
import type { BetaLaw, Rules } from "./parts.js";

/** Euler's constant, -ψ(1). */
const EULER = 0.5772156649015329;

/** log(a b) + E[(a - 1) log x + (b - 1) log(1 - x^a)] less the same of q. All but E log(1 - x) is closed. */
function kumaraswamyBeta(p: Kumaraswamy, q: BetaLaw): Tensor {
  const [a, b] = [p.concentration1, p.concentration0];
  const meanLog = digamma(b.add(1)).add(EULER).div(a).neg();
  return a
    .log()
    .add(b.log())
    .add(lbeta(q.concentration1, q.concentration0))
    .sub(q.concentration1.sub(a).mul(meanLog))
    .sub(b.sub(1).div(b))
    .sub(q.concentration0.sub(1).mul(meanLogRest(a, b)));
}

/** E log(1 - x), by quadrature over -b log(1 - x^a), which is exponential. */
function meanLogRest(a: Tensor, b: Tensor): Tensor {
  const [power, share] = [a, b].map((t) => t.cast("float64").expandDims(-1)) as [Tensor, Tensor];
  const logRest = log1mexp(log1mexp(tensor(exponentialLogs).exp().div(share).neg()).div(power));
  return logRest.mul(tensor(exponentialLogWeights).exp()).sum(-1).cast(a.add(b).dtype);
}

/** From Kumaraswamy's distribution to other families. */
export const fromKumaraswamy: Rules = { Beta: kumaraswamyBeta };

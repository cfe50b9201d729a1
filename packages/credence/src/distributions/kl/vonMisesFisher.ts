import { tensor } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../ops/index.js";
import { panels } from "../quadrature.js";
import type { VonMisesFisher } from "../vonMisesFisher.js";
import type { Rules } from "./parts.js";

const RULE = panels([0, 1]);

/**
 * A_p q.concentration |m_p - m_q|² / 2, and what the concentrations differ by: with g the logarithm of the scaled Bessel function, of slope A - 1,
 * g(k_q) - g(k_p) - g'(k_p) (k_q - k_p), near k_p by quadrature of its second derivative A'. None is below 0.
 */
function directions(p: VonMisesFisher, q: VonMisesFisher): Tensor {
  const { ratio, concentration: from } = p;
  const to = q.concentration;
  const step = to.sub(from);
  const isNear = step.abs().lt(from.mul(0.25).maximum(0.25));
  const near = where(isNear, step, 0).expandDims(-1);
  const points = tensor(RULE.points).cast(p.dtype);
  const weights = tensor(RULE.points.map((t, i) => (1 - t) * RULE.weights[i]!)).cast(p.dtype);
  const integral = ratio
    .slope(from.expandDims(-1).add(near.mul(points)).maximum(0))
    .mul(weights)
    .sum(-1);
  const far = ratio.logScaled(to).sub(ratio.logScaled(from)).add(ratio.complement(from).mul(step));
  const tilt = p.meanDirection.sub(q.meanDirection).square().sum(-1).mul(0.5);
  return where(isNear, step.mul(step.mul(integral)), far).add(tilt.mul(to).mul(ratio.value(from)));
}

/** From von Mises and Fisher's law to other families. */
export const fromVonMisesFisher: Rules = { VonMisesFisher: directions };

import { fail } from "../../errors.js";
import type { Tensor } from "../../graph/tensor.js";
import { requireSystem } from "../../linalg/operands.js";
import { diagonal, diagonalMatrix, triangularSolve } from "../../ops/index.js";
import type { Distribution } from "../distribution.js";
import type { MultivariateNormal } from "../multivariateNormal.js";
import type { Normal } from "../normal.js";
import { normalScales } from "./normal.js";
import type { Rules } from "./parts.js";

/** A normal law of vectors. */
interface Gaussian {
  readonly loc: Tensor;
  readonly scaleTril: Tensor;
  /** L⁻¹ v. */
  whiten(v: Tensor): Tensor;
}

/** The law as one of vectors, if it is a multivariate normal one or of independent normal numbers. */
export function gaussianOf(d: Distribution): Gaussian | undefined {
  if (d.name === "MultivariateNormal") {
    const { loc, scaleTril, scale } = d as MultivariateNormal;
    return { loc, scaleTril, whiten: (v) => scale.whiten(v) };
  }
  if (d.name !== "Independent(Normal)" || d.eventShape.length !== 1) return undefined;
  const { loc, scale } = (d as Distribution & { readonly base: Normal }).base;
  const all = [...d.batchShape, ...d.eventShape];
  return {
    loc: loc.broadcastTo(all),
    scaleTril: diagonalMatrix(scale.broadcastTo(all)),
    whiten: (v) => v.div(scale),
  };
}

/**
 * (tr(S) - d - log det S + |L_q⁻¹ (p.loc - q.loc)|²) / 2 with S = (I + M)(I + M)ᵀ and M = L_q⁻¹ (L_p - L_q): squares, and terms of
 * which each belongs to one number on the diagonal. None is below 0, and all are small where the laws are near.
 *
 * @source Kullback, Information Theory and Statistics (1959), section 9.1, by Cholesky factors
 */
export function multivariateNormals(left: Distribution, right: Distribution): Tensor {
  const [p, q] = [gaussianOf(left), gaussianOf(right)];
  if (!p || !q) {
    return fail({
      code: "missing",
      given: `klDivergence(${left.name}, ${right.name}): there is no formula for this pair`,
      allowed: "MultivariateNormal, or Independent of Normal with events of one axis",
    });
  }
  const z = q.whiten(p.loc.sub(q.loc));
  return factorDistance(p.scaleTril, q.scaleTril).add(z.mul(z.mul(0.5)).sum(-1));
}

/** Of laws with one mean. @shape [..., d, d] and [..., d, d] to [...] */
export function factorDistance(p: Tensor, q: Tensor): Tensor {
  const [factor, step] = requireSystem("klDivergence", q, p.sub(q));
  const m = triangularSolve(factor, step, { lower: true, transposed: false });
  const below = m.sub(diagonalMatrix(diagonal(m)));
  const spread = normalScales(diagonal(p), diagonal(q)).sum(-1);
  return below.mul(below.mul(0.5)).sum([-2, -1]).add(spread);
}

/** From the multivariate normal to other families. */
export const fromMultivariateNormal: Rules = {
  MultivariateNormal: multivariateNormals,
  Independent: multivariateNormals,
};

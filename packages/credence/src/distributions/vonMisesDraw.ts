import { whileLoop } from "../autodiff/whileLoop.js";
import { tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { atan, cospi, sinpi, stopGradient, where } from "../ops/index.js";
import { foldIn, split, uniformOpen, uniformTail } from "../random/index.js";

/** Below this the law is even on the circle to rounding. */
const LEAST = 1e-15;

/** A candidate is taken with a probability of at least 0.65; what is left after so many is less than 1e-29. */
const MOST_TRIES = 64;

/**
 * Angles of the von Mises law at 0, by rejection from the wrapped Cauchy law, through tangents of half angles: nothing cancels however
 * large the concentration is. No gradient.
 *
 * With the candidate θ = 2 atan(g t), where t is Cauchy's, g² = (r - 1) / (r + 1) and r = (1 + √(1 + 4κ²)) / (2κ), one takes those
 * with u < c e^(1 - c), c = κ (r - cos θ).
 *
 * @source Best and Fisher, Efficient simulation of the von Mises distribution (1979)
 * @shape  as given, of which the concentration's is the end
 */
export function vonMisesDraw(key: Tensor, concentration: Tensor, shape: Shape, dtype: "float32" | "float64"): Tensor {
  const k = stopGradient(concentration).maximum(LEAST);
  const inverse = tensor(0.5).div(k);
  const r = inverse.square().add(1).sqrt().add(inverse);
  const least = r.div(r.add(1)); // κ (r - 1)
  const square = least.div(r.add(1)); // κ g²
  const candidate = (at: Tensor): { readonly tangent: Tensor; readonly isTaken: Tensor } => {
    const [first, second] = split(at) as [Tensor, Tensor];
    const { tail, isUpper } = uniformTail(first, shape, { dtype });
    const tangent = cospi(tail).div(sinpi(tail));
    const across = tangent.square();
    const c = least.add(square.mul(across).mul(2).div(square.mul(across).div(k).add(1)));
    const isTaken = uniformOpen(second, shape, { dtype }).log().lt(c.log().add(1).sub(c));
    return { tangent: where(isUpper, tangent, tangent.neg()), isTaken };
  };
  const first = candidate(key);
  const { tangent } = whileLoop(
    ({ open }) => open.sum().gt(0),
    ({ tangent, open, count }) => {
      const next = candidate(foldIn(key, count));
      return {
        tangent: where(open, next.tangent, tangent),
        open: open.and(next.isTaken.not()),
        count: count.add(1),
      };
    },
    { tangent: first.tangent, open: first.isTaken.not(), count: tensor(new Int32Array([0]), { shape: [] }) },
    { limit: MOST_TRIES },
  );
  return atan(tangent.mul(square.div(k).sqrt())).mul(2);
}

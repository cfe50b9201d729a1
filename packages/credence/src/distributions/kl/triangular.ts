import { tensor } from "../../graph/literal.js";
import { broadcastShapes } from "../../graph/shape.js";
import type { Tensor } from "../../graph/tensor.js";
import { bd0, where } from "../../ops/index.js";
import { panels } from "../quadrature.js";
import type { Triangular } from "../triangular.js";
import type { Rules } from "./parts.js";

/** A rule on [0, 1] for functions with logarithms at the ends: t⁴ (35 - 84 t + 70 t² - 20 t³) has three derivatives of 0 there. */
const even = panels([0, 0.5, 1]);
const points = even.points.map((t) => t ** 4 * (35 - 84 * t + 70 * t ** 2 - 20 * t ** 3));
const weights = even.points.map((t, i) => 140 * t ** 3 * (1 - t) ** 3 * (even.weights[i] as number));

/**
 * ∫ (p log(p / q) + q - p) over p's support, and what q has beside it: nothing below 0. By quadrature between the ends and peaks; infinite
 * where q does not hold all of p.
 */
function triangularTriangular(p: Triangular, q: Triangular): Tensor {
  const rank = broadcastShapes("klDivergence", [p.batchShape, q.batchShape]).length;
  const column = (numbers: readonly number[]): Tensor =>
    tensor(numbers)
      .cast(p.low.dtype)
      .reshape([numbers.length, ...new Array<number>(rank).fill(1)]);
  const isWithin = q.low.le(p.low).and(q.high.ge(p.high));
  const other = q.peak.maximum(p.low).minimum(p.high);
  const ends = [p.low, p.peak.minimum(other), p.peak.maximum(other), p.high];
  const parts = [0, 1, 2].map((i) => {
    const [from, to] = [ends[i] as Tensor, ends[i + 1] as Tensor];
    const width = to.sub(from);
    const x = from.add(width.mul(column(points)));
    const own = p.prob(x);
    return bd0(own, where(isWithin, q.prob(x), own))
      .mul(column(weights))
      .sum(0)
      .mul(width);
  });
  const beside = q.cdf(p.low).add(q.survival(p.high));
  const value = (parts as [Tensor, Tensor, Tensor]).reduce((sum, part) => sum.add(part)).add(beside);
  return where(isWithin, value, Number.POSITIVE_INFINITY);
}

/** From the triangular distribution to other families. */
export const fromTriangular: Rules = { Triangular: triangularTriangular };

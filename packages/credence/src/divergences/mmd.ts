import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { exp } from "../ops/index.js";
import { isTracing } from "../trace.js";

export interface MmdOptions {
  /** Of k(x, y) = exp(-|x - y|² / (2 bandwidth²)); several are averaged. Default: the median distance between any two points. */
  readonly bandwidth?: number | readonly number[];
  /** true (default): pairs of a point with itself are left out, and the mean over samples is right; it may be below 0. */
  readonly unbiased?: boolean;
}

/**
 * Squared maximum mean discrepancy of two samples under a Gaussian kernel: 0 in the mean if they come from one law.
 *
 *     mean k(x, x') + mean k(y, y') - 2 mean k(x, y)
 *
 * @param x  [n, d]: n points; numbers have d = 1
 * @param y  [m, d]
 * @shape  a scalar
 * @throws CredenceError `shape`: not [n, d] and [m, d] with at least two points each; `argument`: a bandwidth that is not > 0;
 *   `traced`: no bandwidth inside a compiled function
 * @source Gretton et al., A kernel two-sample test (2012), lemma 6 and equation 5
 */
export function mmd(x: TensorLike, y: TensorLike, { bandwidth, unbiased = true }: MmdOptions = {}): Tensor {
  const [a, b] = [tensor(x), tensor(y)];
  if (a.rank !== 2 || b.rank !== 2 || a.shape[1] !== b.shape[1] || Math.min(a.shape[0]!, b.shape[0]!) < 2) {
    fail({
      code: "shape",
      given: `mmd: samples of shapes ${showShape(a.shape)} and ${showShape(b.shape)}`,
      allowed: "[n, d] and [m, d], n and m at least 2",
      mend: "numbers are vectors of 1: x.expandDims(-1)",
    });
  }
  const widths = bandwidth === undefined ? [medianDistance(a, b)] : [bandwidth].flat();
  for (const width of widths) {
    if (!(width > 0 && width < Number.POSITIVE_INFINITY)) {
      fail({ code: "argument", given: `mmd: bandwidth is ${width}`, allowed: "a finite number > 0, or several" });
    }
  }
  const kernel = (squares: Tensor): Tensor =>
    widths
      .map((width) => exp(squares.mul(-0.5 / (width * width))))
      .reduce((sum, k) => sum.add(k))
      .div(widths.length);
  const within = (t: Tensor): Tensor => {
    const n = t.shape[0] as number;
    const all = kernel(squaredDistances(t, t)).sum();
    return unbiased ? all.sub(n).div(n * (n - 1)) : all.div(n * n); // k(x, x) = 1
  };
  return within(a)
    .add(within(b))
    .sub(kernel(squaredDistances(a, b)).mean().mul(2));
}

/** By differences, which keep the digits of near points. @shape [n, m] */
const squaredDistances = (a: Tensor, b: Tensor): Tensor => a.expandDims(1).sub(b.expandDims(0)).square().sum(-1);

function medianDistance(a: Tensor, b: Tensor): number {
  if (isTracing()) {
    fail({
      code: "traced",
      given: "mmd: no bandwidth inside a compiled function, where the median distance is not known",
      mend: "give one: mmd(x, y, { bandwidth: 1 })",
    });
  }
  const points = [a, b].flatMap((t) => t.toArray() as number[][]);
  const distances: number[] = [];
  points.forEach((p, i) => {
    for (const q of points.slice(i + 1)) distances.push(Math.hypot(...p.map((v, k) => v - (q[k] as number))));
  });
  distances.sort((s, t) => s - t);
  return distances[distances.length >> 1] || 1; // all points equal: any width will do
}

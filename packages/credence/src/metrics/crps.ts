import { fail } from "../errors.js";
import { fromData, type TensorLike, tensor } from "../graph/literal.js";
import { showShape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { erf } from "../ops/index.js";

/** Mixtures of normals, one a row: weights that sum to 1, means and scales, each [n, k]. */
export interface NormalMixtures {
  readonly weights: TensorLike;
  readonly loc: TensorLike;
  readonly scale: TensorLike;
}

/** Pairs of components looked at together: 8 MB for each intermediate result, of which few are kept at a time. */
const PAIRS = 1_000_000;

/**
 * Continuous ranked probability score of mixtures of normals at the observations, in their units: ∫ (F(x) - 1{x >= y})² dx. Smaller is
 * better; for a point it is the absolute error.
 *
 *     Σ w_i A(y - μ_i, σ_i²) - ½ Σ Σ w_i w_j A(μ_i - μ_j, σ_i² + σ_j²),   A(m, s²) = 2 s φ(m / s) + m (2 Φ(m / s) - 1)
 *
 * @shape  [n]
 * @throws CredenceError `shape`: n or k differ
 * @source Grimit, Gneiting, Berrocal and Johnson, The continuous ranked probability score for circular variables and its
 *   application to mesoscale forecast ensemble verification (2006), eq. 5
 */
export function crpsNormalMixture({ weights, loc, scale }: NormalMixtures, y: TensorLike): Float64Array {
  const target = tensor(y).cast("float64");
  const [n, k] = tensor(loc).shape as [number, number];
  const parts = [weights, loc, scale].map((t) => tensor(t).cast("float64"));
  if (
    target.rank !== 1 ||
    target.shape[0] !== n ||
    parts.some((t) => t.rank !== 2 || t.shape[0] !== n || t.shape[1] !== k)
  ) {
    fail({
      code: "shape",
      given: `crps: weights, means and scales of shapes ${parts.map((t) => showShape(t.shape)).join(", ")} for observations of shape ${showShape(target.shape)}`,
      allowed: "[n, k] each, and [n]",
    });
  }
  const out = new Float64Array(n);
  const block = Math.max(1, Math.min(n, Math.floor(PAIRS / (k * k))));
  for (let start = 0; start < n; start += block) {
    const [w, mu, sigma, observed] = [...parts, target].map((t) => rowsOf(t, start, Math.min(n, start + block)));
    out.set(crpsBlock(w!, mu!, sigma!, observed!).data(), start);
  }
  return out;
}

/** Rows as a tensor of their own: blocks that differ in their numbers alone run through the same compiled code. */
function rowsOf(t: Tensor, start: number, end: number): Tensor {
  const width = sizeOf(t.shape.slice(1));
  return fromData(
    (t.data() as Float64Array).slice(start * width, end * width),
    [end - start, ...t.shape.slice(1)],
    "float64",
  );
}

function crpsBlock(w: Tensor, mu: Tensor, sigma: Tensor, y: Tensor): Tensor {
  const variance = sigma.square();
  const pair = (t: Tensor): [Tensor, Tensor] => [t.expandDims(2), t.expandDims(1)];
  const [[w1, w2], [mu1, mu2], [v1, v2]] = [pair(w), pair(mu), pair(variance)];
  const toTarget = w.mul(expectedDistance(y.expandDims(1).sub(mu), sigma)).sum(1);
  const apart = expectedDistance(mu1.sub(mu2), v1.add(v2).sqrt());
  return toTarget.sub(w1.mul(w2).mul(apart).sum(2).sum(1).mul(0.5));
}

/** E|X| of a normal with this mean and scale. */
function expectedDistance(mean: Tensor, scale: Tensor): Tensor {
  const z = mean.div(scale);
  const density = z
    .square()
    .mul(-0.5)
    .exp()
    .mul(2 / Math.sqrt(2 * Math.PI));
  return scale.mul(density).add(mean.mul(erf(z.mul(Math.SQRT1_2))));
}

/**
 * Continuous ranked probability score of draws, as of the distribution that has just these values: mean |X - y| - ½ mean |X - X'|.
 *
 * @param samples  [m, n]: m draws for each of n observations
 * @shape  [n]
 * @throws CredenceError `shape`: n differs, or there are no draws
 * @source Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation (2007), eq. 21
 */
export function crpsOfSamples(samples: TensorLike, y: TensorLike): Float64Array {
  const draws = tensor(samples);
  const target = tensor(y);
  const [m, n] = draws.shape as [number, number];
  if (draws.rank !== 2 || target.rank !== 1 || target.shape[0] !== n || m === 0) {
    fail({
      code: "shape",
      given: `crps: draws of shape ${showShape(draws.shape)} and observations of shape ${showShape(target.shape)}`,
      allowed: "[m, n] with m at least 1, and [n]",
    });
  }
  const [data, observed] = [draws.data(), target.data()];
  return Float64Array.from({ length: n }, (_, j) => {
    const sorted = Float64Array.from({ length: m }, (__, i) => data[i * n + j]!).sort();
    let distance = 0;
    let spread = 0;
    sorted.forEach((x, i) => {
      distance += Math.abs(x - observed[j]!);
      spread += (2 * i + 1 - m) * x; // Σ over pairs of |x - x'| is twice this, by rank
    });
    return distance / m - spread / (m * m);
  });
}

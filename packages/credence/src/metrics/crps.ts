import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { erf } from "../ops/index.js";
import { fail } from "../errors.js";

/** Mixtures of normals, one a row: weights that sum to 1, means and scales, each [n, k]. */
export interface NormalMixtures {
  readonly weights: TensorLike;
  readonly loc: TensorLike;
  readonly scale: TensorLike;
}

/** Pairs of components looked at together: some 60 MB of intermediate numbers. */
const PAIRS = 1_000_000;

/**
 * Continuous ranked probability score of mixtures of normals at the observations, in their units: ∫ (F(x) - 1{x >= y})² dx. Smaller is
 * better; for a point it is the absolute error.
 *
 *     Σ w_i A(y - μ_i, σ_i²) - ½ Σ Σ w_i w_j A(μ_i - μ_j, σ_i² + σ_j²),   A(m, s²) = 2 s φ(m / s) + m (2 Φ(m / s) - 1)
 *
 * @shape  [n]
 * @throws CredenceError `shape`: n differs
 * @source Grimit, Gneiting, Berrocal and Johnson, The continuous ranked probability score for circular variables and its
 *   application to mesoscale forecast ensemble verification (2006), eq. 5
 */
export function crpsNormalMixture({ weights, loc, scale }: NormalMixtures, y: TensorLike): Float64Array {
  const [w, mu, sigma] = [weights, loc, scale].map((t) => tensor(t).cast("float64")) as [Tensor, Tensor, Tensor];
  const target = tensor(y).cast("float64");
  const [n, k] = mu.shape as [number, number];
  if (mu.rank !== 2 || target.rank !== 1 || target.shape[0] !== n) {
    fail({
      code: "shape",
      given: `crps: means of shape [${mu.shape.join(", ")}] and observations of shape [${target.shape.join(", ")}]`,
      allowed: "[n, k] and [n]",
    });
  }
  const out = new Float64Array(n);
  const block = Math.max(1, Math.min(n, Math.floor(PAIRS / (k * k))));
  for (let start = 0; start < n; start += block) {
    const end = Math.min(n, start + block);
    const part = (t: Tensor): Tensor => t.slice(0, start, end);
    out.set(crpsBlock(part(w), part(mu), part(sigma), part(target)).data(), start);
  }
  return out;
}

function crpsBlock(w: Tensor, mu: Tensor, sigma: Tensor, y: Tensor): Tensor {
  const toTarget = w.mul(expectedDistance(y.expandDims(1).sub(mu), sigma)).sum(1);
  const apart = expectedDistance(mu.expandDims(2).sub(mu.expandDims(1)), sigma.square().expandDims(2).add(sigma.square().expandDims(1)).sqrt());
  const spread = w.expandDims(2).mul(w.expandDims(1)).mul(apart).sum(2).sum(1);
  return toTarget.sub(spread.mul(0.5));
}

/** E|X| of a normal with this mean and scale. */
function expectedDistance(mean: Tensor, scale: Tensor): Tensor {
  const z = mean.div(scale);
  const density = z.square().mul(-0.5).exp().mul(2 / Math.sqrt(2 * Math.PI));
  return scale.mul(density).add(mean.mul(erf(z.mul(Math.SQRT1_2))));
}

/**
 * Continuous ranked probability score of draws: mean |X - y| - ½ mean |X - X'|.
 *
 * @param samples  [m, n]: m draws for each of n observations
 * @shape  [n]
 * @source Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation (2007), eq. 21
 */
export function crpsOfSamples(samples: TensorLike, y: TensorLike): Float64Array {
  const draws = tensor(samples);
  const target = tensor(y);
  const [m, n] = draws.shape as [number, number];
  if (draws.rank !== 2 || target.rank !== 1 || target.shape[0] !== n) {
    fail({
      code: "shape",
      given: `crps: draws of shape [${draws.shape.join(", ")}] and observations of shape [${target.shape.join(", ")}]`,
      allowed: "[m, n] and [n]",
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

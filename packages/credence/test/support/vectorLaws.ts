import { type Tensor, tensor } from "credence";
import type { Distribution } from "credence/distributions";
import { expect, test } from "vitest";
import { momentsOf, STANDARD_ERRORS } from "./bounds.js";
import { columns } from "./integrals.js";
import { type Numbers, tensorsOf } from "./laws.js";

const DRAWS = 20_000;

interface WithCovariance extends Distribution {
  covariance?(): Tensor;
}

/**
 * Laws of vectors beside those of `describeDistribution`: the entropy is the mean of -log p, draws have the covariance, and in the plane the density
 * integrates to 1.
 */
export function vectorLaws(
  build: (params: Record<string, Tensor>) => WithCovariance,
  params: Readonly<Record<string, Numbers>>,
): void {
  test.each(Object.entries(params))("%s: entropy, covariance, and the density's integral", (_, numbers) => {
    const d = build(tensorsOf(numbers));
    const draws = d.sample({ seed: 31, shape: [DRAWS] });
    const surprise = columns(d.logProb(draws).neg(), DRAWS);
    const entropies = d.entropy().data();
    surprise.forEach((column, i) => {
      const { mean, meanError } = momentsOf(column);
      // a density without slopes has no spread, but rounding
      expect(Math.abs(mean - entropies[i]!)).toBeLessThanOrEqual(STANDARD_ERRORS * meanError + 1e-12);
    });
    if (d.covariance !== undefined) covarianceHolds(d, draws);
    if (d.eventShape.length === 1 && d.eventShape[0] === 2 && d.support.name !== "unitVector") integralHolds(d);
  });
}

function covarianceHolds(d: WithCovariance, draws: Tensor): void {
  const away = draws.sub(d.mean());
  const products = columns(away.expandDims(-1).mul(away.expandDims(-2)), DRAWS);
  const covariances = d.covariance!().data();
  expect(products.length).toBe(covariances.length);
  products.forEach((column, i) => {
    if (!Number.isFinite(covariances[i]!)) return;
    const { mean, meanError } = momentsOf(column);
    expect(Math.abs(mean - covariances[i]!)).toBeLessThanOrEqual(STANDARD_ERRORS * meanError);
  });
}

/** Steps of the trapezoid rule on each side of the mean, and what it may miss. */
const STEPS = 400;
const MISSED = 1e-6;

/** With x = mean + stddev sinh(2 sinh(t)) / 2 on both axes: tails of any power end soon, and the trapezoid rule loses next to nothing. */
function integralHolds(d: Distribution): void {
  const h = 2.6 / STEPS;
  const t = Float64Array.from({ length: 2 * STEPS + 1 }, (_, i) => (i - STEPS) * h);
  const place = t.map((at) => Math.sinh(2 * Math.sinh(at)) / 2);
  const speed = t.map((at) => Math.cosh(2 * Math.sinh(at)) * Math.cosh(at));
  const n = t.length;
  const batch = d.batchShape.map(() => 1);
  const grid = new Float64Array(n * n * 2);
  const weights = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      grid[2 * (i * n + j)] = place[i]!;
      grid[2 * (i * n + j) + 1] = place[j]!;
      weights[i * n + j] = speed[i]! * speed[j]! * h * h;
    }
  const scale = d.stddev();
  const finite = scale
    .isFinite()
    .data()
    .every((x) => x === 1);
  const unit = finite ? scale : tensor(1);
  const x = tensor(grid, { shape: [n * n, ...batch, 2] })
    .mul(unit)
    .add(d.mode());
  const volume = finite
    ? scale
        .slice(-1, 0, 1)
        .mul(scale.slice(-1, 1, 2))
        .squeeze(-1)
    : tensor(1);
  const mass = d
    .prob(x)
    .mul(tensor(weights, { shape: [n * n, ...batch] }))
    .sum(0)
    .mul(volume);
  for (const total of mass.data()) expect(Math.abs(total - 1)).toBeLessThan(MISSED);
}

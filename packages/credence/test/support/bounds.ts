/**
 * How far a correct sampler may stray. Each bound is passed by chance once in 10^9 runs; seeds are fixed as well, so that a
 * failure is a fault.
 */
export const FALSE_ALARM = 1e-9;

/** Largest distance between the empirical distribution function of n draws and the true one: Dvoretzky, Kiefer, Wolfowitz, Massart (1990). */
export const dkw = (n: number, tests = 1): number => Math.sqrt(Math.log((2 * tests) / FALSE_ALARM) / (2 * n));

/** Standard errors that a mean may lie from its expectation, by the normal approximation: ndtri(1 - 1e-9 / 2) is 6.11. */
export const STANDARD_ERRORS = 6.2;

/** What Pearson's statistic exceeds by chance once in 10^9 runs, by Wilson and Hilferty's approximation (1931); ndtri(1 - 1e-9) is 6.0. */
export const chiSquareBound = (freedom: number): number =>
  freedom * (1 - 2 / (9 * freedom) + 6 * Math.sqrt(2 / (9 * freedom))) ** 3;

/** The largest distance itself, of draws against the cdf at the sorted draws (below and at each). */
export function distanceToCdf(sorted: ArrayLike<number>, cdf: ArrayLike<number>, discrete: boolean): number {
  let most = 0;
  const n = sorted.length;
  for (let i = 0; i < n; i++) {
    const f = cdf[i] as number;
    const lastOfTies = i === n - 1 || sorted[i + 1] !== sorted[i];
    if (lastOfTies) most = Math.max(most, Math.abs((i + 1) / n - f));
    if (!discrete) most = Math.max(most, Math.abs(i / n - f));
  }
  return most;
}

export function momentsOf(draws: readonly number[]): {
  mean: number;
  variance: number;
  meanError: number;
  varianceError: number;
} {
  const n = draws.length;
  const mean = draws.reduce((a, b) => a + b, 0) / n;
  const powers = draws.map((x) => (x - mean) ** 2);
  const variance = powers.reduce((a, b) => a + b, 0) / n;
  const fourth = powers.reduce((a, b) => a + b * b, 0) / n;
  return {
    mean,
    variance,
    meanError: Math.sqrt(variance / n),
    varianceError: Math.sqrt(Math.max(0, fourth - variance ** 2) / n),
  };
}

/** The `p` quantile of some numbers by linear interpolation; NaN for none. */
export function quantileOf(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const at = p * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (at - Math.floor(at)) * (above - below);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * The counts within which a Binomial(n, p) falls with 95 % probability, at most 2.5 % lying beyond either end.
 * For large n the normal approximation, whose error is then below one count in a thousand.
 */
export function binomialBand(n: number, p: number): readonly [low: number, high: number] {
  if (n === 0 || p <= 0) return [0, 0];
  if (p >= 1) return [n, n];
  const mean = n * p;
  if (mean * (1 - p) > 1000) {
    const reach = 1.959964 * Math.sqrt(mean * (1 - p));
    return [mean - reach, mean + reach];
  }
  let low = -1;
  let total = 0;
  let logTerm = n * Math.log1p(-p);
  for (let k = 0; k <= n; k++) {
    total += Math.exp(logTerm);
    if (low < 0 && total > 0.025) low = k;
    if (total >= 0.975) return [low, k];
    logTerm += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return [Math.max(low, 0), n];
}

/** Share of true values inside the central interval of each level, from their PIT. */
export function coverageFromPit(pit: readonly number[], level: number): number {
  return pit.filter((u) => Math.abs(2 * u - 1) <= level).length / pit.length;
}

/**
 * How many separate peaks a sampled density has: maxima above a tenth of the highest, each parted from the last by a
 * valley below 70 % of the lower of the two.
 */
export function peaks(density: readonly number[]): number {
  const floor = density.reduce((highest, height) => Math.max(highest, height), 0) / 10;
  let found = 0;
  let peak = 0;
  let valley = 0; // lowest point since the last peak
  for (const height of density) {
    if (height > floor && (found === 0 || valley < 0.7 * Math.min(peak, height))) {
      found++;
      peak = valley = height;
    } else if (height > peak) {
      peak = valley = height;
    } else {
      valley = Math.min(valley, height);
    }
  }
  return found;
}

/** The true shares that a share seen in `n` rows leaves plausible, 95 %. @source Wilson (1927) */
export function wilsonInterval(share: number, n: number): readonly [low: number, high: number] {
  const z2 = 1.959964 ** 2;
  const centre = (share + z2 / (2 * n)) / (1 + z2 / n);
  const reach = Math.sqrt(z2 * ((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return [Math.max(0, centre - reach), Math.min(1, centre + reach)];
}

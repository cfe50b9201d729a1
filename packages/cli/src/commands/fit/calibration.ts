/** What the report holds the scores against. */
import { Normal, tensor } from "credence";

/** Mean negative log-likelihood and CRPS of `scored` under one normal distribution fitted to `training`. */
export function normalBaseline(training: Float64Array, scored: Float64Array): { nll: number; crps: number } {
  const { mean, deviation } = momentsOf(training);
  const z = scored.map((y) => (y - mean) / deviation);
  const standard = new Normal({ loc: 0, scale: 1 });
  const density = standard.prob(tensor(z)).data();
  const cdf = standard.cdf(tensor(z)).data();
  const logDensity = standard.logProb(tensor(z)).data();
  return {
    nll: Math.log(deviation) - average(logDensity),
    // closed form of a normal's CRPS: Gneiting and Raftery (2007), section 4.2
    crps:
      deviation *
      average(
        z.map((at, i) => at * (2 * (cdf[i] as number) - 1) + 2 * (density[i] as number) - 1 / Math.sqrt(Math.PI)),
      ),
  };
}

export function momentsOf(values: Float64Array): { mean: number; deviation: number } {
  const mean = average(values);
  return { mean, deviation: Math.sqrt(average(values.map((value) => (value - mean) ** 2))) };
}

function average(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/**
 * p of the Kolmogorov-Smirnov test that values in [0, 1] are uniform; 1 for none.
 *
 * @source Stephens (1970), the statistic's form for finite samples with the limiting distribution
 */
export function uniformityP(values: Float64Array): number {
  const n = values.length;
  if (n === 0) return 1;
  const sorted = Float64Array.from(values).sort();
  const distance = sorted.reduce((most, u, i) => Math.max(most, u - i / n, (i + 1) / n - u), 0);
  const lambda = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
  if (lambda < 0.27) return 1; // the series below converges slowly here; p is 1 to 5 digits
  let p = 0;
  for (let k = 1; k <= 100; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, p));
}

/** What the report holds the scores against. */
import { Normal, tensor } from "credence";
import { crpsNormalMixture, kolmogorovSmirnov, nll } from "credence/metrics";

/** Mean negative log-likelihood and CRPS of `scored` under one normal distribution fitted to `training`. */
export function normalBaseline(training: Float64Array, scored: Float64Array): { nll: number; crps: number } {
  const { mean, deviation } = momentsOf(training);
  const everywhere = (value: number) =>
    tensor(new Float64Array(scored.length).fill(value), { shape: [scored.length, 1] });
  const crps = crpsNormalMixture(
    { weights: everywhere(1), loc: everywhere(mean), scale: everywhere(deviation) },
    scored,
  );
  return { nll: nll(new Normal({ loc: mean, scale: deviation }), scored), crps: average(crps) };
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

/** p of the Kolmogorov-Smirnov test that values in [0, 1] are uniform; 1 for none. */
export const uniformityP = (values: Float64Array): number =>
  values.length === 0 ? 1 : kolmogorovSmirnov(values).pValue;

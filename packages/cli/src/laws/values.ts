/** What is known of one law of numbers. */
import { CredenceError, type Tensor } from "credence";
import type { Distribution } from "credence/distributions";

export interface Facts {
  readonly mean?: number;
  readonly variance?: number;
  readonly sd?: number;
  readonly skewness?: number;
  readonly median?: number;
  readonly mode?: number;
  readonly entropy?: number;
}

/** At one value: densities (probabilities of counts), tails, and their logarithms. */
export interface Point {
  readonly x: number;
  readonly density?: number;
  readonly logDensity?: number;
  readonly cdf?: number;
  readonly logCdf?: number;
  readonly survival?: number;
  readonly logSurvival?: number;
}

/** What `ask` answers; undefined where the law has no such formula. */
export function known<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CredenceError && error.code === "missing") return undefined;
    throw error;
  }
}

/** Entries that are there. */
function present<T extends object>(record: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

const item = (ask: () => Tensor): number | undefined => known(() => ask().item());

export function factsOf(law: Distribution): Facts {
  return present<Facts>({
    mean: item(() => law.mean()),
    variance: item(() => law.variance()),
    sd: item(() => law.stddev()),
    skewness: item(() => law.skewness()),
    median: item(() => law.quantile(0.5)),
    mode: item(() => law.mode()),
    entropy: item(() => law.entropy()),
  });
}

export function pointsOf(law: Distribution, values: readonly number[]): Point[] {
  return values.map((x) =>
    present<Point>({
      x,
      density: item(() => law.prob(x)),
      logDensity: item(() => law.logProb(x)),
      cdf: item(() => law.cdf(x)),
      logCdf: item(() => law.logCdf(x)),
      survival: item(() => law.survival(x)),
      logSurvival: item(() => law.logSurvival(x)),
    }),
  );
}

/** Column by column what a method says of a list of values. */
export const valuesOf = (ask: () => Tensor): number[] | undefined => known(() => Array.from(ask().data()));

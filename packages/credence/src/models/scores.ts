import type { Distribution } from "../distributions/index.js";
import { tensor } from "../graph/literal.js";
import { calibrationError, coverage, mae, rmse } from "../metrics/index.js";
import { key, uniform } from "../random/index.js";
import type { Answer } from "./answer.js";
import { targetTensor } from "./densityModel.js";

/** How predictions fit what was observed, in the target's units; of several targets, averages over them. */
export interface Scores {
  readonly rows: number;
  /** Mean negative log-likelihood of a row, nats. A density may exceed 1, so this may be negative. */
  readonly nll: number;
  /** Mean continuous ranked probability score. */
  readonly crps: number;
  /** Of the predicted mean. */
  readonly rmse: number;
  /** Of the predicted median. */
  readonly mae: number;
  /** Share of rows inside the central intervals of 50 % and 90 %. */
  readonly coverage: { readonly "0.5": number; readonly "0.9": number };
  /** Mean width of those intervals. */
  readonly width: { readonly "0.5": number; readonly "0.9": number };
  /** Mean distance between nominal and observed frequency of the predicted quantiles. */
  readonly calibrationError: number;
  /** The predicted cdf at each observation; targets one after the other. */
  readonly pit: Float64Array;
}

/** Scores of single rows. */
export interface RowScores {
  /** Negative log-likelihood, nats. */
  readonly nll: Float64Array;
  readonly crps: Float64Array;
}

export function rowScores(answer: Answer, columns: readonly Float64Array[], rows: number): RowScores {
  const nll = Float64Array.from(answer.law.logProb(targetTensor(columns, rows)).neg().data());
  const each = columns.map((y, j) => answer.crps(j, y));
  const crps = Float64Array.from({ length: rows }, (_, row) =>
    each.reduce((sum, values) => sum + values[row]! / each.length, 0),
  );
  return { nll, crps };
}

export function score(answer: Answer, columns: readonly ArrayLike<number>[], rows: number): Scores {
  const nll = answer.law.logProb(targetTensor(columns, rows)).mean().neg().item();
  const each = columns.map((column, j) => scoreTarget(answer, j, Float64Array.from(column)));
  const average = (of: (one: TargetScores) => number): number =>
    each.reduce((sum, one) => sum + of(one), 0) / each.length;
  return {
    rows,
    nll,
    crps: average((one) => one.crps),
    rmse: average((one) => one.rmse),
    mae: average((one) => one.mae),
    coverage: { "0.5": average((one) => coverage(one.pit, 0.5)), "0.9": average((one) => coverage(one.pit, 0.9)) },
    width: { "0.5": average((one) => one.width50), "0.9": average((one) => one.width90) },
    calibrationError: average((one) => calibrationError(one.pit)),
    pit: Float64Array.from(each.flatMap((one) => Array.from(one.pit))),
  };
}

interface TargetScores {
  readonly crps: number;
  readonly rmse: number;
  readonly mae: number;
  readonly width50: number;
  readonly width90: number;
  readonly pit: Float64Array;
}

function scoreTarget(answer: Answer, target: number, y: Float64Array): TargetScores {
  const law = answer.marginal(target);
  const quantile = (p: number) => law.quantile(p).data();
  const width = (low: ArrayLike<number>, high: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < low.length; i++) sum += high[i]! - low[i]!;
    return sum / low.length;
  };
  const crps = answer.crps(target, y);
  return {
    crps: crps.reduce((sum, x) => sum + x, 0) / crps.length,
    rmse: rmse(law.mean().data(), y),
    mae: mae(quantile(0.5), y),
    width50: width(quantile(0.25), quantile(0.75)),
    width90: width(quantile(0.05), quantile(0.95)),
    pit: law.support.discrete ? randomPit(law, y) : (law.cdf(tensor(y)).data() as Float64Array),
  };
}

/**
 * The transform of counts: a number drawn evenly between the cdf below the count and at it, which is uniform where predictions are
 * right.
 *
 * @source Czado, Gneiting and Held, Predictive model assessment for count data (2009), section 2.1
 */
function randomPit(law: Distribution, y: Float64Array): Float64Array {
  const share = uniform(key(0), [y.length]);
  const below = law.cdf(tensor(y).sub(1));
  const step = law.cdf(tensor(y)).sub(below);
  return Float64Array.from(below.add(step.mul(share)).minimum(1).data());
}

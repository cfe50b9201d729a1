import { tensor } from "../graph/literal.js";
import { calibrationError, coverage, crpsNormalMixture, mae, rmse } from "../metrics/index.js";
import { targetTensor } from "./densityModel.js";
import { distributionOf, type MixtureParameters } from "./predict.js";

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

export function score(mixture: MixtureParameters, columns: readonly ArrayLike<number>[], rows: number): Scores {
  const nll = distributionOf(mixture).logProb(targetTensor(columns, rows)).mean().neg().item();
  const each = columns.map((column, j) => scoreTarget(marginal(mixture, j), Float64Array.from(column)));
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

/** The mixture of one of several targets alone. */
function marginal({ logWeights, loc, scale }: MixtureParameters, target: number): MixtureParameters {
  if (loc.rank === 2) return { logWeights, loc, scale };
  return {
    logWeights,
    loc: loc.slice(2, target, target + 1).squeeze(2),
    scale: scale.slice(2, target, target + 1).squeeze(2),
  };
}

function scoreTarget(mixture: MixtureParameters, y: Float64Array): TargetScores {
  const law = distributionOf(mixture);
  const quantile = (p: number) => law.quantile(p).data();
  const width = (low: ArrayLike<number>, high: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < low.length; i++) sum += high[i]! - low[i]!;
    return sum / low.length;
  };
  const crps = crpsNormalMixture({ weights: mixture.logWeights.exp(), loc: mixture.loc, scale: mixture.scale }, y);
  return {
    crps: crps.reduce((sum, x) => sum + x, 0) / crps.length,
    rmse: rmse(law.mean().data(), y),
    mae: mae(quantile(0.5), y),
    width50: width(quantile(0.25), quantile(0.75)),
    width90: width(quantile(0.05), quantile(0.95)),
    pit: law.cdf(tensor(y)).data() as Float64Array,
  };
}

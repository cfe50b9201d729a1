import type { Distribution } from "../distributions/index.js";
import { crpsNormalMixture } from "../metrics/index.js";
import { type Answer, type NamedColumn, pickColumn } from "./answer.js";
import { distributionOf, type MixtureParameters } from "./predict.js";

/** The answer of the families made of normals. @param targets  their names */
export function normalAnswer(mixture: MixtureParameters, targets: readonly string[], rows: number): Answer {
  return {
    law: distributionOf(mixture),
    parameters: () => parametersOf(mixture, targets, rows),
    marginal: (target): Distribution => distributionOf(marginal(mixture, target)),
    crps(target, y) {
      const { logWeights, loc, scale } = marginal(mixture, target);
      return crpsNormalMixture({ weights: logWeights.exp(), loc, scale }, y);
    },
  };
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

function parametersOf(
  { logWeights, loc, scale }: MixtureParameters,
  targets: readonly string[],
  rows: number,
): NamedColumn[] {
  const [k, outputs] = [logWeights.shape[1] as number, targets.length];
  const weights = logWeights.exp();
  return Array.from({ length: k }, (_, i) => {
    const label = (name: string, target: number): string =>
      `${name}${i + 1}${outputs === 1 ? "" : `.${targets[target]}`}`;
    return [
      { name: `weight${i + 1}`, values: pickColumn(weights, rows, k, i) },
      ...targets.flatMap((_, j) => [
        { name: label("loc", j), values: pickColumn(loc, rows, k * outputs, i * outputs + j) },
        { name: label("scale", j), values: pickColumn(scale, rows, k * outputs, i * outputs + j) },
      ]),
    ];
  }).flat();
}

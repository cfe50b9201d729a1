/** Trains one family after the other and scores each on the same rows. */
import { CredenceError } from "credence";
import {
  type DensityModel,
  type DensityOptions,
  type Family,
  familyTitle,
  optionsOfFamily,
  type Table,
} from "credence/models";
import { duration, formatNumber } from "../../report/format.js";
import { say, sayNote } from "../../terminal.js";
import { plain } from "../../words.js";
import { train } from "../fit/train.js";
import type { Entrant } from "./standings.js";

export interface Race {
  readonly families: readonly Family[];
  readonly table: Table;
  readonly target: string;
  readonly inputs: readonly string[];
  readonly options: Omit<DensityOptions, "family">;
  readonly signal: AbortSignal;
  /** The rows to score a model on. */
  readonly scored: (model: DensityModel) => Table;
}

/**
 * Each family's scores, and the model with the best; those that there was time for where the user interrupts.
 *
 * @throws CredenceError `aborted`: interrupted before the first was done
 */
export async function enterAll(race: Race): Promise<{ entrants: Entrant[]; models: Map<Family, DensityModel> }> {
  const { families, table, target, inputs, options, signal, scored } = race;
  const entrants: Entrant[] = [];
  const models = new Map<Family, DensityModel>();
  for (const [i, family] of families.entries()) {
    if (signal.aborted && entrants.length > 0) break;
    const started = performance.now();
    try {
      const model = await train(table, optionsFor(family, options), { target, inputs, signal });
      const { nll, crps } = model.scoreRows(scored(model));
      const seconds = (performance.now() - started) / 1000;
      entrants.push({ family, nll, crps, seconds });
      models.set(family, model);
      const mean = nll.reduce((sum, x) => sum + x, 0) / nll.length;
      say(plain(`  ${i + 1}/${families.length} ${family}: NLL ${formatNumber(mean, 4)} in ${duration(seconds)}`));
    } catch (error) {
      if (!(error instanceof CredenceError)) throw error;
      if (error.code === "aborted" && entrants.length > 0) break;
      if (error.code !== "nonFinite") throw error;
      sayNote(`${familyTitle(family)}: training went to NaN or infinity; it is left out`);
    }
  }
  return { entrants, models };
}

/** Options of some families are none of others'. */
function optionsFor(family: Family, { components, low, high, totalCount, ...rest }: Omit<DensityOptions, "family">) {
  const takes = optionsOfFamily(family);
  return {
    ...rest,
    family,
    ...(family === "mixture" && components !== undefined && { components }),
    ...(takes.low && low !== undefined && { low }),
    ...(takes.high && high !== undefined && { high }),
    ...(takes.totalCount && totalCount !== undefined && { totalCount }),
  };
}

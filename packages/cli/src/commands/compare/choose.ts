/** `fit --family auto`: the family that does best on the held-out rows. */
import {
  commonFamiliesFor,
  type DensityModel,
  type DensityOptions,
  type Family,
  type Table,
  takeRows,
} from "credence/models";
import { fail } from "../../errors.js";
import type { Comparison } from "../../report/data.js";
import { count } from "../../report/format.js";
import { say, sayNote } from "../../terminal.js";
import { plain } from "../../words.js";
import { numbersOf } from "../rows.js";
import { enterAll } from "./enter.js";
import { mixedNote, standingLines, verdict } from "./lines.js";
import { standingsOf } from "./standings.js";

export interface Choice {
  readonly table: Table;
  readonly target: string;
  readonly inputs: readonly string[];
  readonly options: Omit<DensityOptions, "family">;
  readonly signal: AbortSignal;
}

/**
 * Trains the usual families for such targets on the same rows, and keeps the one with the lowest NLL on those held out.
 *
 * @throws UsageError when none is held out, or none of the families could be trained
 */
export async function chooseFamily(choice: Choice): Promise<{ model: DensityModel; comparison: Comparison }> {
  const { table, target, options } = choice;
  if (options.validation === 0) {
    fail({ given: "--family auto with --validation 0", allowed: "rows held out, on which the families are compared" });
  }
  const families = commonFamiliesFor(numbersOf(table, target), options);
  say(plain(`  ${count(table.rows, "row")} -> ${target}: trying ${families.join(", ")}`));
  const note = mixedNote(families);
  if (note !== undefined) sayNote(note);
  const held = (model: DensityModel): Table => takeRows(table, model.summary.validationIndices);
  const { entrants, models } = await enterAll({ ...choice, families, scored: held });
  const standings = standingsOf(entrants);
  const model = models.get(standings[0]?.family as Family);
  if (model === undefined) {
    return fail({
      given: "none of the families could be trained",
      mend: "lower the --learning-rate, or name a --family",
    });
  }
  const comparison = { rows: model.summary.validationRows, standings };
  for (const line of standingLines(standings, process.stderr.columns)) say(plain(line));
  say(plain(`  ${verdict(comparison, "held out, which also decided when to stop")}`));
  return { model, comparison };
}

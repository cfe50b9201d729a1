/** A comparison as lines on a terminal. */
import { type Family, isDiscrete } from "credence/models";
import { barEnd } from "../../report/bars.js";
import type { Comparison, Standing } from "../../report/data.js";
import { count, formatNumber, list, withError } from "../../report/format.js";

/** Room for the bars where the terminal has it, and for pipes. */
const WIDTH = 80;
const LONGEST_BAR = 24;
/** Shorter bars tell nothing. */
const SHORTEST_BAR = 6;

/** A table with a bar for how far each family is behind the best; without bars where there is no room for them. */
export function standingLines(standings: readonly Standing[], columns = WIDTH): string[] {
  const rows = standings.map(({ family, nll, crps, behind, error, tied }, i) => [
    family,
    formatNumber(nll, 4),
    formatNumber(crps),
    i === 0 ? "" : withError(behind, error),
    tied ? "tie" : "",
  ]);
  const heads = ["family", "NLL", "CRPS", "NLL behind", ""];
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map((row) => (row[i] as string).length)));
  const pad = (text: string, i: number) =>
    i === 0 || i === 4 ? text.padEnd(widths[i] as number) : text.padStart(widths[i] as number);
  const line = (cells: readonly string[]) => `  ${cells.map(pad).join("  ")}`;
  const room = Math.min(LONGEST_BAR, columns - 1 - line(heads).length - 2);
  const end = barEnd(standings);
  const bar = ({ behind }: Standing): string => {
    if (room < SHORTEST_BAR) return "";
    const isCut = !(behind <= end);
    return `  ${"█".repeat(isCut ? room - 1 : end > 0 ? Math.round((behind / end) * (room - 1)) : 0)}${isCut ? "→" : ""}`;
  };
  const titled = [line(heads), ...rows.map((row, i) => `${line(row)}${bar(standings[i] as Standing)}`)];
  return titled.map((text) => text.trimEnd());
}

/** Which family is the best, and which can't be told from it. */
export function verdict({ rows, standings }: Comparison, which = "that none had seen"): string {
  const [best, ...others] = standings;
  if (best === undefined) return "No family could be scored.";
  const tied = others.filter((standing) => standing.tied).map(({ family }) => family);
  const on = `on ${count(rows, "row")} ${which}`;
  if (tied.length === 0)
    return `${best.family} does best ${on}${others.length > 0 ? ", by more than two standard errors" : ""}.`;
  const verb = tied.length === 1 ? "is" : "are";
  return `${best.family} does best ${on}, but ${list(tied)} ${verb} within two standard errors of it: these rows cannot tell them apart.`;
}

/** What to bear in mind where densities stand beside probabilities; nothing elsewhere. */
export function mixedNote(families: readonly Family[]): string | undefined {
  const discrete = families.filter(isDiscrete).length;
  if (discrete === 0 || discrete === families.length) return undefined;
  return "families of counts give probabilities, the others densities: the NLLs compare where the target's values are whole numbers, 1 apart";
}

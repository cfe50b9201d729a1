import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import { headFamily, type LimitOptions, type Units } from "../nn/families/index.js";
import { checkSupport, isHeadFamily } from "./families.js";
import { columnNamed, moments } from "./inputs.js";
import type { ResolvedOptions, Table } from "./types.js";

/** How a target is scaled for the network, and the smallest scale that its values support. In the target's units. */
export interface TargetSpec {
  readonly name: string;
  /** What is subtracted from it, and what it is divided by: its mean and spread, or what its family asks for instead. */
  readonly mean: number;
  readonly sd: number;
  readonly floor: number;
  /** Finite ends of its family's support that are not learned. */
  readonly low?: number;
  readonly high?: number;
}

/** No component is narrower than this share of the target's spread. */
const NARROWEST = 1e-3;
/** From this share of rows on whose value occurs elsewhere too, values are taken as reported to some spacing. */
const REPEATED = 0.05;
/** From this share of rows on, a single value is worth a word. */
const POINT_MASS = 0.1;
/** 1 / √(2π): a normal of this scale times d has the height 1 / d. */
const PEAK = 0.3989422804014327;

/**
 * Mean, spread and floor of a target over the training rows.
 *
 * A density can grow without bound at values that repeat: a spike on each whole number beats any honest prediction. Values
 * that are reported to a spacing d support no density above 1 / d, that of certainty to within the rounding; the height of a normal is
 * 1 / (scale · √(2π)), so the scale stays above d / √(2π).
 *
 * @throws CredenceError `domain`: a value that is not finite or outside the family's support, or no spread at all
 */
export function fitTarget(
  table: Table,
  name: string,
  rows: ArrayLike<number>,
  notes: string[],
  options: Pick<ResolvedOptions, "family" | keyof LimitOptions> = { family: "mixture" },
): TargetSpec {
  const values = targetValues(table, name);
  const all = moments(
    values,
    Int32Array.from({ length: table.rows }, (_, i) => i),
  );
  if (all.constant) {
    fail({
      code: "domain",
      given: `the target ${name} is ${values[0]} in every row`,
      allowed: "a target that varies",
      mend: "choose another column",
    });
  }
  const { family } = options;
  const limits = isHeadFamily(family) ? checkSupport(name, values, family, options) : {};
  if (isHeadFamily(family) && headFamily(family).units !== "moments") {
    const { mean, sd } = unitsOf(values, rows, headFamily(family).units);
    return { name, mean, sd, floor: NARROWEST * sd, ...limits };
  }
  const inTraining = moments(values, rows);
  const { mean, sd } = inTraining.constant ? all : inTraining;
  const { spacing, distinct, commonest, share } = repetition(values, rows);
  const floor = Math.max(NARROWEST * sd, PEAK * spacing);
  if (PEAK * spacing > NARROWEST * sd) {
    notes.push(
      `${name} repeats its values: ${distinct} different ones in ${rows.length} training rows, typically ${show(spacing)} apart. ` +
        `A density could win by spikes on them, so every scale is kept above ${show(floor)}.`,
    );
  }
  if (share >= POINT_MASS && share * rows.length >= 2 && distinct > rows.length / 5) {
    notes.push(
      `${name} is exactly ${show(commonest)} in ${Math.round(share * 100)} % of the training rows. A density spreads such a point mass out.`,
    );
  }
  return { name, mean, sd, floor, ...limits };
}

const show = (x: number): string => String(Number(x.toPrecision(3)));

/**
 * The values of a target column.
 *
 * @throws CredenceError `argument`: no such column, or text; `domain`: a value that is not finite
 */
export function targetValues(table: Table, name: string): ArrayLike<number> {
  const column = columnNamed(table, name, "the target");
  if (column.kind !== "number") {
    return fail({ code: "argument", given: `the target ${name} is text`, allowed: "a column of numbers" });
  }
  for (let i = 0; i < table.rows; i++) {
    const x = column.values[i]!;
    if (!Number.isFinite(x)) {
      fail({
        code: "domain",
        given: `the target ${name} is ${Number.isNaN(x) ? "missing" : x} at row ${i + 1}`,
        allowed: "a finite number in every row",
        mend: "remove the row, or fill the value in",
      });
    }
  }
  return column.values;
}

/**
 * How far values that occur more than once stand from their nearest neighbour: the median over those rows, 0 if they are
 * few.
 */
export function repetition(values: ArrayLike<number>, rows: ArrayLike<number>) {
  const sorted = Float64Array.from({ length: rows.length }, (_, i) => values[rows[i]!]!).sort();
  const groups: { value: number; count: number }[] = [];
  for (const value of sorted) {
    const last = groups[groups.length - 1];
    if (last && last.value === value) last.count++;
    else groups.push({ value, count: 1 });
  }
  const gaps: { gap: number; count: number }[] = [];
  let repeated = 0;
  let most = { value: 0, count: 0 };
  groups.forEach(({ value, count }, i) => {
    if (count > most.count) most = { value, count };
    if (count < 2 || groups.length < 2) return;
    repeated += count;
    const below = value - (groups[i - 1]?.value ?? Number.NEGATIVE_INFINITY);
    const above = (groups[i + 1]?.value ?? Number.POSITIVE_INFINITY) - value;
    gaps.push({ gap: Math.min(below, above), count });
  });
  const spacing = repeated >= REPEATED * rows.length ? weightedMedian(gaps, repeated) : 0;
  return { spacing, distinct: groups.length, commonest: most.value, share: most.count / rows.length };
}

function weightedMedian(gaps: { gap: number; count: number }[], total: number): number {
  gaps.sort((a, b) => a.gap - b.gap);
  let seen = 0;
  for (const { gap, count } of gaps) {
    seen += count;
    if (2 * seen >= total) return gap;
  }
  return 0;
}

/** What takes the place of mean and standard deviation for families that have a 0. */
function unitsOf(values: ArrayLike<number>, rows: ArrayLike<number>, units: Units): { mean: number; sd: number } {
  if (units === "raw") return { mean: 0, sd: 1 };
  const chosen = tensor(Float64Array.from({ length: rows.length }, (_, i) => values[rows[i]!]!));
  // our own logarithm, the same on every engine
  const sd = units === "median" ? chosen.log().mean().exp().item() : chosen.abs().mean().item();
  return { mean: 0, sd: sd > 0 && Number.isFinite(sd) ? sd : 1 };
}

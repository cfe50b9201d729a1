// Measures a library against references: one result a reference.
import { barOf, shareOf } from "./bars.mjs";
import { compare, median } from "./errors.mjs";
import { evaluate } from "./evaluate.mjs";
import { evaluateLoss } from "./losses.mjs";

/** Cases where libraries answer differently by convention; they are counted apart and held to no bar. */
const CONVENTIONS = new Set(["convention", "undefined"]);

/**
 * @typedef {object} Finding
 * @property {object} case           as in the reference
 * @property {number | Error} got
 * @property {number} expected
 * @property {boolean} wrong         refused, or finite where it should not be, or the reverse
 * @property {number} error          in ulps; NaN where wrong
 * @property {number} share          of the bar; Infinity where wrong
 *
 * @typedef {object} Result
 * @property {string} id
 * @property {"float64" | "float32"} precision
 * @property {number} cases
 * @property {string} [missing]      what the library lacks; then nothing else follows
 * @property {number} median         error in ulps
 * @property {number} worst          error in ulps
 * @property {number} beyond         the worst error / (1 + cond)
 * @property {number} wrong          how many cases have a wrong status
 * @property {number} differing      how many of those that are a matter of convention
 * @property {{ most: number, why: string }} bar
 * @property {number} share          the most of the bar that a case takes up
 * @property {Finding[]} findings    worst first
 */

/** @returns {Result} */
export function measure(library, reference) {
  const { id, precision, cases } = reference;
  const { missing, got } = (id.startsWith("losses/") ? evaluateLoss : evaluate)(library, reference);
  if (missing !== undefined) return { id, precision, cases: cases.length, missing };
  const bar = barOf(id);
  const found = cases.map((one, i) => finding(one, got[i], precision, bar));
  const held = found.filter((f) => !CONVENTIONS.has(f.case.tag));
  const errors = held.filter((f) => !f.wrong).map((f) => f.error);
  return {
    id,
    precision,
    cases: cases.length,
    median: median(errors),
    worst: greatest(errors),
    beyond: greatest(held.filter((f) => !f.wrong).map((f) => f.error / (1 + (f.case.cond ?? 0)))),
    wrong: held.filter((f) => f.wrong).length,
    differing: found.filter((f) => f.wrong).length - held.filter((f) => f.wrong).length,
    bar,
    share: greatest(held.map((f) => f.share)),
    findings: held.toSorted((a, b) => b.share - a.share),
  };
}

/** @returns {Finding} */
function finding(one, got, precision, bar) {
  if (got instanceof Error)
    return { case: one, got, expected: Number.NaN, wrong: true, error: Number.NaN, share: Number.POSITIVE_INFINITY };
  const compared = typeof got === "number" ? compare(got, one.expected, precision) : got;
  const share = compared.wrong ? Number.POSITIVE_INFINITY : shareOf(bar, compared.error, one.cond ?? 0);
  return { case: one, got, ...compared, share };
}

const greatest = (numbers) => numbers.reduce((most, x) => (x > most ? x : most), 0);

/** Does a result keep what is promised? What is missing promises nothing. */
export const isKept = (result) => result.missing !== undefined || result.share <= 1;

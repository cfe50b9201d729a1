/** Words and numbers for a terminal. */
import type { FitSummary } from "credence/models";

/** With the plain minus sign and space, so that what is copied from a terminal is what one would type. */
export function plain(text: string): string {
  return visible(text.replaceAll("\u00a0", " ").replaceAll("−", "-"));
}

/** Control and direction characters as escapes: a column's name must not be able to rewrite the terminal. */
export function visible(text: string): string {
  return text.replace(
    /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

/** About `digits` significant digits, but all of those before the point: `2.131`, `-0.00123`, `18204`. */
export function shortNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  return String(Math.abs(value) >= 10 ** digits ? Math.round(value) : Number(value.toPrecision(digits)));
}

/** How training ended: "143 epochs, stopped early". */
export function trainingWords({ members, epochs, stoppedBy }: FitSummary): string {
  const done = `${epochs.toLocaleString("en-US")} ${epochs === 1 ? "epoch" : "epochs"}`;
  const whole = members.length > 1 ? `${members.length} members, ${done}` : done;
  switch (stoppedBy) {
    case "earlyStopping":
      return `${whole}, stopped early`;
    case "aborted":
      return `${whole}, interrupted`;
    case "nonFinite":
      return `${whole}, stopped as the loss was no longer finite`;
    default:
      return whole;
  }
}

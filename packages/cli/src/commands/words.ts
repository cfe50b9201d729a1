/** Words and numbers for a terminal. */
import type { FitSummary } from "credence/models";

/** With the plain minus sign and space, so that what is copied from a terminal is what one would type. */
export function plain(text: string): string {
  return text.replaceAll("\u00a0", " ").replaceAll("−", "-");
}

/** About `digits` significant digits: `2.131`, `-0.00123`, `1.87e+9`. */
export function shortNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  return Number(value.toPrecision(digits)).toString();
}

/** A path as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
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

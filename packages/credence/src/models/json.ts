import { refuse } from "./safetensors/format.js";

/** Reading untrusted JSON: each function answers a value of the type it names, or refuses the file. */

/** In characters. */
export const LONGEST_TEXT = 100_000;

/** Not what lists and objects hold: they may nest deeper than JSON.stringify can follow. */
const shown = (value: unknown): string => {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const json = JSON.stringify(value) ?? "missing";
  return json.length > 40 ? `${json.slice(0, 40)}…` : json;
};

/** The fields of an object by name; a field that it inherits is not there. */
export function record(value: unknown, what: string): (name: string) => unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    refuse(`${what} is ${shown(value)}`, "an object");
  return (name) => (Object.hasOwn(value as object, name) ? (value as Record<string, unknown>)[name] : undefined);
}

export function list(value: unknown, what: string, longest: number): unknown[] {
  if (!Array.isArray(value) || value.length > longest)
    refuse(`${what} is ${shown(value)}`, `a list of at most ${longest}`);
  return value as unknown[];
}

export function text(value: unknown, what: string): string {
  if (typeof value !== "string" || value.length > LONGEST_TEXT) refuse(`${what} is ${shown(value)}`, "text");
  return value as string;
}

export function whole(value: unknown, what: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    refuse(`${what} is ${shown(value)}`, "a whole number of at least 0");
  return value as number;
}

export function finite(value: unknown, what: string, { above = Number.NEGATIVE_INFINITY } = {}): number {
  if (!Number.isFinite(value) || !((value as number) > above)) {
    refuse(`${what} is ${shown(value)}`, above === 0 ? "a number above 0" : "a finite number");
  }
  return value as number;
}

/** A number, or NaN where JSON says null. */
export const maybeNumber = (value: unknown, what: string): number =>
  value === null ? Number.NaN : finite(value, what);

export function oneOf<const T extends string>(value: unknown, what: string, allowed: readonly T[]): T {
  if (!allowed.includes(value as T)) refuse(`${what} is ${shown(value)}`, allowed.join(", "));
  return value as T;
}

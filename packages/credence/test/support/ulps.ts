import { readFileSync } from "node:fs";
import { float32Machine, float64Machine } from "../../src/ops/numbers.js";

/** Errors of functions in units in the last place, against the references that scripts/references.py makes. */

export type Precision = "float32" | "float64";
export const precisions = ["float32", "float64"] as const;
export const machines = { float32: float32Machine, float64: float64Machine };

const word = new DataView(new ArrayBuffer(8));

/** The number so many steps further from zero. */
export function neighbour(x: number, precision: Precision, steps: number): number {
  if (precision === "float32") {
    word.setFloat32(0, x);
    word.setUint32(0, word.getUint32(0) + steps);
    return word.getFloat32(0);
  }
  word.setFloat64(0, x);
  word.setBigUint64(0, word.getBigUint64(0) + BigInt(steps));
  return word.getFloat64(0);
}

/** The spacing of the precision's numbers around x. */
export function ulp(x: number, precision: Precision): number {
  const [least, digits, most] = precision === "float32" ? [-126, 23, 127] : [-1022, 52, 1023];
  word.setFloat64(0, x);
  const exponent = ((word.getUint32(0) >>> 20) & 0x7ff) - 1023;
  return 2 ** (Math.min(Math.max(exponent, least), most) - digits);
}

/** The error of `got` in ulps of the exact value high + low; infinite where just one of the two is a finite number. */
export function ulpsOff(got: number, high: number, low: number, precision: Precision): number {
  const largest = precision === "float32" ? 2 ** 128 - 2 ** 103 : Number.POSITIVE_INFINITY;
  const expected = Math.abs(high) >= largest ? Math.sign(high) * Number.POSITIVE_INFINITY : high;
  if (Object.is(got, expected) || (got === expected && low === 0)) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(expected)) return Number.POSITIVE_INFINITY;
  return Math.abs(got - high - low) / ulp(high, precision);
}

type Row = readonly (number | "inf" | "-inf" | "nan")[];

const parse = (x: Row[number]): number =>
  typeof x === "number" ? x : x === "nan" ? Number.NaN : x === "inf" ? Number.POSITIVE_INFINITY : -Infinity;

/** Arguments and the exact value, in float64 as two numbers to be added. */
export interface Reference {
  readonly args: number[];
  readonly high: number;
  readonly low: number;
}

export function references(name: string, precision: Precision, arity: number): Reference[] {
  const text = readFileSync(new URL(`../ops/references/${name}.json`, import.meta.url), "utf8");
  return (JSON.parse(text) as Record<Precision, Row[]>)[precision].map((row) => {
    const [high, low = 0] = row.slice(arity).map(parse) as [number, number?];
    return { args: row.slice(0, arity).map(parse), high, low };
  });
}

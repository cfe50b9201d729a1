// How far a result is from the reference, in units in the last place of its format.
import { parseDecimal } from "./decimal.mjs";

const FORMATS = {
  // least and greatest exponent, digits after the leading one, and where rounding to the format overflows
  float64: { least: -1022, most: 1023, digits: 52, overflow: Number.POSITIVE_INFINITY },
  float32: { least: -126, most: 127, digits: 23, overflow: 2 ** 128 - 2 ** 103 },
};

const word = new DataView(new ArrayBuffer(8));

/** The spacing of the format's numbers around x. */
export function ulp(x, precision) {
  const { least, most, digits } = FORMATS[precision];
  word.setFloat64(0, x);
  const exponent = ((word.getUint32(0) >>> 20) & 0x7ff) - 1023;
  return 2 ** (Math.min(Math.max(exponent, least), most) - digits);
}

const statusOf = (x) => (Number.isFinite(x) ? "finite" : String(x));

/**
 * The error of `got` beside the reference's decimal text.
 *
 * @returns {{ expected: number, wrong: boolean, error: number }}  `wrong`: one is finite and the other not, or they are infinite
 *   or NaN in different ways; `error`: in ulps of the expected value, 0 where both are the same infinity or NaN, NaN where wrong
 */
export function compare(got, text, precision) {
  const { high, low } = parseDecimal(text);
  const expected = Math.abs(high) >= FORMATS[precision].overflow ? Math.sign(high) * Number.POSITIVE_INFINITY : high;
  if (statusOf(got) !== statusOf(expected)) return { expected, wrong: true, error: Number.NaN };
  if (!Number.isFinite(expected)) return { expected, wrong: false, error: 0 };
  return { expected, wrong: false, error: Math.abs(got - high - low) / ulp(high, precision) };
}

/** The middle of some numbers; NaN of none. */
export function median(numbers) {
  const sorted = Float64Array.from(numbers).sort();
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return sorted.length === 0 ? Number.NaN : (below + above) / 2;
}

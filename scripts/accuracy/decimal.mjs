// References have more digits than a double: what they are is kept as the sum of two doubles.

const word = new DataView(new ArrayBuffer(8));

/** A finite double as whole · 2^exponent. */
function partsOf(x) {
  word.setFloat64(0, x);
  const bits = word.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const whole = biased === 0 ? fraction : fraction | (1n << 52n);
  return { whole: x < 0 ? -whole : whole, exponent: Math.max(biased, 1) - 1075 };
}

/** numerator / denominator of any size, rounded to a double. */
function quotient(numerator, denominator) {
  if (numerator === 0n) return 0;
  const bits = (n) => 4 * (n < 0n ? -n : n).toString(16).length;
  const shift = bits(denominator) - bits(numerator) + 64;
  const wide = shift >= 0 ? (numerator << BigInt(shift)) / denominator : numerator / (denominator << BigInt(-shift));
  const half = Math.trunc(shift / 2); // in two steps, since 2^-shift may underflow where the product does not
  return Number(wide) * 2 ** -half * 2 ** (half - shift);
}

/** Decimal text as { high, low }: the nearest double, and what it lacks. "inf", "-inf" and "nan" have no low part. */
export function parseDecimal(text) {
  const high = parseNumber(text);
  if (!Number.isFinite(high) || high === 0) return { high, low: 0 };
  const [, sign, integer, fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  const ten = Number(power) - fraction.length;
  const { whole, exponent } = partsOf(high);
  const [up, down] = [10n ** BigInt(Math.max(ten, 0)), 10n ** BigInt(Math.max(-ten, 0))];
  const [left, right] = [BigInt(Math.max(exponent, 0)), BigInt(Math.max(-exponent, 0))];
  // both over the common denominator 10^-ten · 2^-exponent
  const difference = ((BigInt(sign + integer + fraction) * up) << right) - (whole << left) * down;
  return { high, low: quotient(difference, down << right) };
}

/** A number, or the text of one that JSON cannot hold. */
export function parseNumber(x) {
  if (typeof x === "number") return x;
  if (x === "inf") return Number.POSITIVE_INFINITY;
  if (x === "-inf") return Number.NEGATIVE_INFINITY;
  return x === "nan" ? Number.NaN : Number(x);
}

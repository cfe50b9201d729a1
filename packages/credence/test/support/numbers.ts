import fc from "fast-check";
import type { Data, DType } from "../../src/graph/dtype.js";

/** Numbers that break arithmetic: zeros of both signs, infinities, NaN, subnormals, halves, limits of the formats. */
const specials: readonly number[] = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1.5,
  2.5,
  -2.5,
  0.1,
  3,
  1e-8,
  100,
  -745,
  89,
  710,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
  5e-324,
  -5e-324,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  -1.7976931348623157e308,
  1.401298464324817e-45,
  -1.401298464324817e-45,
  1.1754943508222875e-38,
  3.4028234663852886e38,
  2 ** 31,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32,
  2 ** 51 + 0.5,
  2 ** 22 + 1.5,
  0.49999999999999994,
];

const wholeSpecials: readonly number[] = [
  0,
  1,
  -1,
  2,
  3,
  4,
  7,
  -8,
  255,
  65536,
  2 ** 31 - 1,
  -(2 ** 31),
  -(2 ** 31) + 1,
];

const scratch = new DataView(new ArrayBuffer(8));

/** The float whose bits are these words; float32 takes the first. */
function floatOfBits(dtype: "float32" | "float64", high: number, low: number): number {
  scratch.setUint32(0, high);
  scratch.setUint32(4, low);
  return dtype === "float32" ? scratch.getFloat32(0) : scratch.getFloat64(0);
}

/** Small, evenly spread generator (mulberry32): the numbers of a leaf from its seed. */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/**
 * Numbers of an element type.
 *
 * @param wild  share of them, in percent, that are special or of random bits; the others lie within -4..4
 */
export function numbersOf(dtype: DType, size: number, seed: number, wild: number): Data {
  const next = generator(seed);
  const one = (): number => {
    const kind = next() % 100;
    if (dtype === "bool") return next() & 1;
    if (dtype === "int32") {
      if (kind >= wild) return (next() % 17) - 8;
      return kind % 2 ? wholeSpecials[next() % wholeSpecials.length]! : next() | 0;
    }
    if (kind >= wild) return (next() / 2 ** 32) * 8 - 4;
    return kind % 2 ? specials[next() % specials.length]! : floatOfBits(dtype, next(), next());
  };
  const values = Array.from({ length: size }, one);
  if (dtype === "float64") return Float64Array.from(values);
  if (dtype === "float32") return Float32Array.from(values);
  return dtype === "int32" ? Int32Array.from(values) : Uint8Array.from(values);
}

/** One number of an element type: a special one, any bits, or a moderate one. */
export function anyNumber(dtype: DType): fc.Arbitrary<number> {
  if (dtype === "bool") return fc.integer({ min: 0, max: 1 });
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  if (dtype === "int32")
    return fc.oneof(fc.constantFrom(...wholeSpecials), fc.integer(), fc.integer({ min: -9, max: 9 }));
  const round = dtype === "float32" ? Math.fround : (x: number) => x;
  return fc.oneof(
    fc.constantFrom(...specials).map(round),
    fc.tuple(word, word).map(([high, low]) => floatOfBits(dtype, high, low)),
    fc.integer({ min: -40, max: 40 }).map((n) => n / 4),
  );
}

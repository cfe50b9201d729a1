/**
 * The arithmetic that elementwise ops are written in.
 *
 * An op says once what it computes, over values `V` that it can't look into. The interpreter passes plain numbers; the
 * compiler passes instructions for WebAssembly, scalar or four lanes at a time. Each method is one correctly rounded
 * IEEE 754 operation in the working precision, so all of them give the same bits.
 */
export interface Machine<V> {
  /** The element type at work; constants and results are rounded to it. */
  readonly precision: "float32" | "float64" | "int32";

  /** A constant, rounded to the working precision. */
  num(x: number): V;

  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  neg(a: V): V;
  abs(a: V): V;
  /** The smaller; NaN if either is NaN. */
  min(a: V, b: V): V;
  /** The larger; NaN if either is NaN. */
  max(a: V, b: V): V;

  // Floating point only.
  div(a: V, b: V): V;
  sqrt(a: V): V;
  floor(a: V): V;
  ceil(a: V): V;
  trunc(a: V): V;
  /** The nearest whole number, ties to even. */
  nearest(a: V): V;
  /** `a` with the sign bit of `b`. */
  copysign(a: V, b: V): V;
  /** 2^n for a whole n within the normal exponents: -126..127 in float32, -1022..1023 in float64. */
  pow2(n: V): V;
  /** floor(log2 x) for a positive normal x, as a float. */
  exponent(x: V): V;
  /** x / 2^exponent(x), in [1, 2), for a positive normal x. */
  significand(x: V): V;
  /** x with the low half of its significand cleared (12 bits of float32, 27 of float64): its square is exact. */
  high(x: V): V;

  // Comparisons give masks; masks only enter `select`, `and`, `or`, `not`.
  lt(a: V, b: V): V;
  le(a: V, b: V): V;
  gt(a: V, b: V): V;
  ge(a: V, b: V): V;
  eq(a: V, b: V): V;
  ne(a: V, b: V): V;
  and(a: V, b: V): V;
  or(a: V, b: V): V;
  not(a: V): V;
  /** `a` where the mask holds, else `b`. Both are computed. */
  select(mask: V, a: V, b: V): V;
  /**
   * The same numbers as `select`, for a mask that hardly ever holds: compiled code leaves out what only `a` needs unless the mask
   * holds for an element of the vector at hand. What `b` or anything else needs as well is computed in any case.
   */
  rarely(mask: V, a: V, b: V): V;

  // For functions with regions of their own formula, and for series. Only in ops that are `outlined`.
  /** `then()` where the mask holds, else `otherwise`. Skipped where no element of a vector needs it. */
  when<S extends State<V>>(mask: V, then: () => S, otherwise: S): S;
  /** Replaces the state by `step` of it as long as `goes` holds for it, at most `most` times: for each element by itself. */
  iterate<S extends State<V>>(start: S, goes: (state: S) => V, step: (state: S) => S, most: number): S;

  // Whole numbers only: 32 bits, wrapping.
  bitAnd(a: V, b: V): V;
  bitOr(a: V, b: V): V;
  bitXor(a: V, b: V): V;
  shiftLeft(a: V, bits: number): V;
  /** Shift right that brings in zeros. */
  shiftRight(a: V, bits: number): V;
  /** The unsigned 64-bit product, as two words. */
  wideMul(a: V, b: V): { readonly low: V; readonly high: V };
}

/** Named values that a region leaves behind, or that a loop changes. */
export type State<V> = Readonly<Record<string, V>>;

/**
 * A number whose last place is 1 and whose low bits are those of an exponent of 0: a whole n is added to it without loss, and
 * the sum's low bits are then those of 2^n's exponent. So 2^(sum - WHOLE) is a shift of the sum's bits.
 */
export const WHOLE = { float32: 1.5 * 2 ** 23 + 127, float64: 1.5 * 2 ** 52 + 1023 } as const;

/** A polynomial c0 + c1 x + c2 x² + ..., by Horner's rule. */
export function polynomial<V>(m: Machine<V>, x: V, coefficients: readonly number[]): V {
  let i = coefficients.length - 1;
  let sum = m.num(coefficients[i] as number);
  while (--i >= 0) sum = m.add(m.mul(sum, x), m.num(coefficients[i] as number));
  return sum;
}

import type { DType } from "../../graph/dtype.js";
import { bytesOfFloat, type Code } from "./assembler.js";
import { type Lanes, scalar, scalarTypes, vector } from "./width.js";

/** Instructions that depend on the bits of a number: constants, exponents and significands, conversions. */

export function pushConstant(code: Code, lanes: Lanes, dtype: DType, value: number): void {
  if (lanes.count === 1) {
    if (dtype === "float32") code.f32(value);
    else if (dtype === "float64") code.f64(value);
    else code.i32(value);
    return;
  }
  if (dtype === "bool") code.v128(new Array<number>(16).fill(value === 0 ? 0 : 0xff));
  else if (dtype === "float64") code.v128(repeat(bytesOfFloat(value, 8), 2));
  else if (dtype === "float32") code.v128(repeat(bytesOfFloat(value, 4), 4));
  else code.v128(repeat(wordBytes(BigInt(value | 0), 4), 4));
}

function repeat(bytes: readonly number[], times: number): number[] {
  return Array.from({ length: times }, () => bytes).flat();
}

function wordBytes(value: bigint, width: number): number[] {
  return Array.from({ length: width }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

export function pushBits(code: Code, wide: boolean, bits: bigint): void {
  code.v128(wide ? repeat(wordBytes(bits, 8), 2) : repeat(wordBytes(bits, 4), 4));
}

/** Layouts of the two float formats: bits of the fraction, bias of the exponent, bits cleared by `high`. */
const single = { fraction: 23, bias: 127, one: 0x3f800000n, fractionMask: 0x007fffffn, highMask: 0xfffff000n } as const;
const double = {
  fraction: 52,
  bias: 1023,
  one: 0x3ff0000000000000n,
  fractionMask: 0x000fffffffffffffn,
  highMask: 0xfffffffff8000000n,
} as const;
/** 2^52 as bits: or-ing a small whole number in makes the float 2^52 + number. */
const TWO_52 = 0x4330000000000000n;

type BitOperation = "pow2" | "exponent" | "significand" | "high";

/** Moves a number's low bits to where the exponent's are. */
export function shiftIntoExponent(code: Code, lanes: Lanes, dtype: DType): void {
  const wide = dtype === "float64";
  if (lanes.count > 1) code.i32(wide ? 52 : 23).op(wide ? "i64x2.shl" : "i32x4.shl");
  else if (wide) code.op("i64.reinterpret_f64").i64(52n).op("i64.shl").op("f64.reinterpret_i64");
  else code.op("i32.reinterpret_f32").i32(23).op("i32.shl").op("f32.reinterpret_i32");
}

/** 2^n. Adding 2^fraction + bias puts the biased exponent into the lowest bits, from where it is shifted into place. */
function pow2(code: Code, lanes: Lanes, dtype: DType): void {
  const { fraction, bias } = dtype === "float64" ? double : single;
  pushConstant(code, lanes, dtype, 2 ** fraction + bias);
  if (lanes.count > 1) code.op(dtype === "float64" ? "f64x2.add" : "f32x4.add");
  else code.op(dtype === "float64" ? "f64.add" : "f32.add");
  shiftIntoExponent(code, lanes, dtype);
}

export function bitsVector(code: Code, op: BitOperation, wide: boolean): void {
  const format = wide ? double : single;
  switch (op) {
    case "pow2":
      pow2(code, vector(wide ? 2 : 4), wide ? "float64" : "float32");
      return;
    case "exponent":
      code.i32(format.fraction);
      if (wide) {
        code.op("i64x2.shr_u");
        pushBits(code, true, TWO_52);
        code.op("v128.or");
        pushConstant(code, vector(2), "float64", 2 ** 52 + 1023);
        code.op("f64x2.sub");
      } else {
        code.op("i32x4.shr_u").op("f32x4.convert_i32x4_s");
        pushConstant(code, vector(4), "float32", 127);
        code.op("f32x4.sub");
      }
      return;
    case "significand":
      pushBits(code, wide, format.fractionMask);
      code.op("v128.and");
      pushBits(code, wide, format.one);
      code.op("v128.or");
      return;
    case "high":
      pushBits(code, wide, format.highMask);
      code.op("v128.and");
  }
}

export function bitsScalar(code: Code, op: BitOperation, narrow: boolean): void {
  if (op === "pow2") {
    pow2(code, scalar, narrow ? "float32" : "float64");
    return;
  }
  if (narrow) {
    code.op("i32.reinterpret_f32");
    if (op === "exponent") {
      code.i32(23).op("i32.shr_u").op("f32.convert_i32_s").f32(127).op("f32.sub");
      return;
    } else if (op === "significand")
      code.i32(Number(single.fractionMask)).op("i32.and").i32(Number(single.one)).op("i32.or");
    else code.i32(Number(single.highMask) | 0).op("i32.and");
    code.op("f32.reinterpret_i32");
    return;
  }
  code.op("i64.reinterpret_f64");
  if (op === "exponent") {
    code
      .i64(52n)
      .op("i64.shr_u")
      .i64(TWO_52)
      .op("i64.or")
      .op("f64.reinterpret_i64")
      .f64(2 ** 52 + 1023)
      .op("f64.sub");
    return;
  } else if (op === "significand") code.i64(double.fractionMask).op("i64.and").i64(double.one).op("i64.or");
  else code.i64(double.highMask).op("i64.and");
  code.op("f64.reinterpret_i64");
}

export function castScalar(code: Code, from: DType, to: DType): void {
  const target = scalarTypes[to];
  const source = scalarTypes[from];
  if (to === "bool") {
    if (source === "i32") code.op("i32.eqz").op("i32.eqz");
    else if (source === "f32") code.f32(0).op("f32.ne");
    else code.f64(0).op("f64.ne");
  } else if (target === source) return;
  else if (target === "i32") code.op(source === "f32" ? "i32.trunc_sat_f32_s" : "i32.trunc_sat_f64_s");
  else if (source === "i32") code.op(target === "f32" ? "f32.convert_i32_s" : "f64.convert_i32_s");
  else code.op(target === "f32" ? "f32.demote_f64" : "f64.promote_f32");
}

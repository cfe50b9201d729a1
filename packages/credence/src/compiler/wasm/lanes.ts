import type { DType } from "../../graph/dtype.js";
import { type Expression, expressionsBelow, type Operation } from "../expression.js";
import { bytesOfFloat, type Code, type Local, type ValueType } from "./assembler.js";
import type { Instruction } from "./opcodes.js";

/**
 * Writes expressions as instructions, for one element at a time (`scalar`) or for the 4 or 2 elements of a 128-bit vector.
 * Both forms do the same IEEE operations on each element, so they give the same bits.
 */
export interface Lanes {
  /** Elements computed at once: 1, 2 or 4. */
  readonly count: number;
  typeOf(dtype: DType): ValueType;
}

export const scalar: Lanes = { count: 1, typeOf: (dtype) => scalarTypes[dtype] };
export const vector = (count: 2 | 4): Lanes => ({ count, typeOf: () => "v128" });

const scalarTypes = { float32: "f32", float64: "f64", int32: "i32", bool: "i32" } as const;
const vectorTypes = { float32: "f32x4", float64: "f64x2", int32: "i32x4", bool: "i32x4" } as const;

/** The vector width that serves all of `roots`, or 1 where 32-bit and 64-bit lanes meet. */
export function lanesFor(roots: readonly Expression[]): Lanes {
  let wide = false;
  let narrow = false;
  for (const e of expressionsBelow(roots)) {
    if (e.dtype === "float64") wide = true;
    else if (e.dtype !== "bool" || e.op === "load") narrow = true;
  }
  return wide && narrow ? scalar : vector(wide ? 2 : 4);
}

/** How a kernel's loads and loop position are read. */
export interface Reader {
  load(code: Code, access: number, dtype: DType, lanes: Lanes): void;
  index(code: Code, lanes: Lanes): void;
}

/** Operations whose instructions need an argument more than once in some form. */
const pushesTwice: ReadonlySet<Operation> = new Set<Operation>(["mulHigh", "min", "max", "abs"]);

/** Emits expressions of one loop body; values used twice live in locals, and `fixed` ones were computed before the loop. */
export class Emitter {
  private readonly locals = new Map<Expression, Local>();
  private readonly uses = new Map<Expression, number>();
  private readonly code: Code;
  private readonly lanes: Lanes;
  private readonly reader: Reader;

  constructor(code: Code, lanes: Lanes, reader: Reader, roots: readonly Expression[]) {
    this.code = code;
    this.lanes = lanes;
    this.reader = reader;
    for (const e of expressionsBelow(roots)) {
      const times = pushesTwice.has(e.op) ? 2 : 1;
      for (const a of e.args) this.uses.set(a, (this.uses.get(a) ?? 0) + times);
    }
    for (const e of roots) this.uses.set(e, (this.uses.get(e) ?? 0) + 1);
  }

  /** Computes `e` now and keeps it in a local. */
  fix(e: Expression): void {
    if (e.op === "const" || this.locals.has(e)) return;
    this.push(e);
    const local = this.code.local(this.lanes.typeOf(e.dtype));
    this.code.set(local);
    this.locals.set(e, local);
  }

  /** An emitter that knows what this one has fixed, for another copy of the loop body. */
  fork(): Emitter {
    const copy: Emitter = Object.create(Emitter.prototype);
    return Object.assign(copy, this, { locals: new Map(this.locals) });
  }

  /** Leaves the value of `e` on the stack. */
  push(e: Expression): void {
    const known = this.locals.get(e);
    if (known !== undefined) {
      this.code.get(known);
      return;
    }
    this.compute(e);
    if ((this.uses.get(e) ?? 0) > 1 && e.op !== "const") {
      const local = this.code.local(this.lanes.typeOf(e.dtype));
      this.code.tee(local);
      this.locals.set(e, local);
    }
  }

  private compute(e: Expression): void {
    const { code, lanes } = this;
    if (e.op === "load") {
      this.reader.load(code, e.immediate, e.dtype, lanes);
      return;
    }
    if (e.op === "index") {
      this.reader.index(code, lanes);
      return;
    }
    if (e.op === "const") {
      pushConstant(code, lanes, e.dtype, e.immediate);
      return;
    }
    if (lanes.count === 1) this.computeScalar(e);
    else this.computeVector(e);
  }

  private pushAll(args: readonly Expression[]): void {
    for (const a of args) this.push(a);
  }

  private computeScalar(e: Expression): void {
    const { code } = this;
    const [a, b] = e.args as [Expression, Expression];
    const type = scalarTypes[a.dtype];
    switch (e.op) {
      case "cast":
        this.push(a);
        castScalar(code, a.dtype, e.dtype);
        return;
      case "select": {
        const [mask, x, y] = e.args as [Expression, Expression, Expression];
        this.pushAll([x, y, mask]);
        code.op("select");
        return;
      }
      case "and":
      case "or":
        this.pushAll(e.args);
        code.op(`i32.${e.op}`);
        return;
      case "not":
        this.push(a);
        code.op("i32.eqz");
        return;
      case "bitAnd":
      case "bitOr":
      case "bitXor":
        this.pushAll(e.args);
        code.op(bitwise[e.op].scalar);
        return;
      case "shiftLeft":
      case "shiftRight":
        this.push(a);
        code.i32(e.immediate).op(e.op === "shiftLeft" ? "i32.shl" : "i32.shr_u");
        return;
      case "mulHigh":
        this.push(a);
        code.op("i64.extend_i32_u");
        this.push(b);
        code.op("i64.extend_i32_u").op("i64.mul").i64(32n).op("i64.shr_u").op("i32.wrap_i64");
        return;
      case "pow2":
      case "exponent":
      case "significand":
      case "high":
        this.push(a);
        bitsScalar(code, e.op, a.dtype === "float32");
        return;
      case "neg":
      case "abs":
        if (type === "i32") {
          // 0 - a; and the absolute value by the sign
          if (e.op === "neg") {
            code.i32(0);
            this.push(a);
            code.op("i32.sub");
          } else {
            code.i32(0);
            this.push(a);
            code.op("i32.sub");
            this.push(a);
            this.push(a);
            code.i32(0).op("i32.lt_s").op("select");
          }
          return;
        }
        break;
      case "min":
      case "max":
        if (type === "i32") {
          this.pushAll([a, b, a, b]);
          code.op(e.op === "min" ? "i32.lt_s" : "i32.gt_s").op("select");
          return;
        }
        break;
      case "lt":
      case "le":
      case "gt":
      case "ge":
        this.pushAll(e.args);
        code.op((type === "i32" ? `i32.${e.op}_s` : `${type}.${e.op}`) as Instruction);
        return;
    }
    this.pushAll(e.args);
    code.op(`${type}.${e.op}` as Instruction);
  }

  private computeVector(e: Expression): void {
    const { code, lanes } = this;
    const [a, b] = e.args as [Expression, Expression];
    const wide = lanes.count === 2;
    const type = a.dtype === "bool" ? (wide ? "f64x2" : "i32x4") : vectorTypes[a.dtype];
    switch (e.op) {
      case "cast":
        this.push(a);
        this.castVector(a.dtype, e.dtype);
        return;
      case "select": {
        const [mask, x, y] = e.args as [Expression, Expression, Expression];
        this.pushAll([x, y, mask]);
        code.op("v128.bitselect");
        return;
      }
      case "and":
      case "or":
      case "not":
        this.pushAll(e.args);
        code.op(`v128.${e.op}`);
        return;
      case "bitAnd":
      case "bitOr":
      case "bitXor":
        this.pushAll(e.args);
        code.op(bitwise[e.op].vector);
        return;
      case "shiftLeft":
      case "shiftRight":
        this.push(a);
        code.i32(e.immediate).op(e.op === "shiftLeft" ? "i32x4.shl" : "i32x4.shr_u");
        return;
      case "mulHigh":
        // two products of two 64-bit results each; their odd words are the upper halves
        this.pushAll([a, b]);
        code.op("i64x2.extmul_low_i32x4_u");
        this.pushAll([a, b]);
        code.op("i64x2.extmul_high_i32x4_u");
        code.shuffle([4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31]);
        return;
      case "copysign":
        this.pushAll([a, b]);
        pushBits(code, wide, wide ? 0x7fffffffffffffffn : 0x7fffffffn);
        code.op("v128.bitselect");
        return;
      case "pow2":
      case "exponent":
      case "significand":
      case "high":
        this.push(a);
        bitsVector(code, e.op, wide);
        return;
      case "min":
      case "max":
        this.pushAll(e.args);
        code.op(type === "i32x4" ? `i32x4.${e.op}_s` : (`${type}.${e.op}` as Instruction));
        return;
      case "lt":
      case "le":
      case "gt":
      case "ge":
        this.pushAll(e.args);
        code.op((type === "i32x4" ? `i32x4.${e.op}_s` : `${type}.${e.op}`) as Instruction);
        return;
    }
    this.pushAll(e.args);
    code.op(`${type}.${e.op}` as Instruction);
  }

  private castVector(from: DType, to: DType): void {
    const { code, lanes } = this;
    if (to === "bool") {
      pushConstant(code, lanes, from, 0);
      code.op(`${vectorTypes[from]}.ne` as Instruction);
    } else if (from === "bool") {
      pushConstant(code, lanes, to, 1);
      code.op("v128.and");
    } else if (from === "int32" && to === "float32") code.op("f32x4.convert_i32x4_s");
    else if (from === "float32" && to === "int32") code.op("i32x4.trunc_sat_f32x4_s");
    else throw new Error(`no vector cast from ${from} to ${to}`);
  }
}

const bitwise = {
  bitAnd: { scalar: "i32.and", vector: "v128.and" },
  bitOr: { scalar: "i32.or", vector: "v128.or" },
  bitXor: { scalar: "i32.xor", vector: "v128.xor" },
} as const;

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

function pushBits(code: Code, wide: boolean, bits: bigint): void {
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

function bitsVector(code: Code, op: BitOperation, wide: boolean): void {
  const format = wide ? double : single;
  switch (op) {
    case "pow2":
      // adding 2^fraction + bias puts the biased exponent into the lowest bits, from where it is shifted into place
      pushConstant(code, vector(wide ? 2 : 4), wide ? "float64" : "float32", 2 ** format.fraction + format.bias);
      code
        .op(wide ? "f64x2.add" : "f32x4.add")
        .i32(format.fraction)
        .op(wide ? "i64x2.shl" : "i32x4.shl");
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

function bitsScalar(code: Code, op: BitOperation, narrow: boolean): void {
  if (narrow) {
    if (op === "pow2") code.f32(2 ** 23 + 127).op("f32.add");
    code.op("i32.reinterpret_f32");
    if (op === "pow2") code.i32(23).op("i32.shl");
    else if (op === "exponent") {
      code.i32(23).op("i32.shr_u").op("f32.convert_i32_s").f32(127).op("f32.sub");
      return;
    } else if (op === "significand")
      code.i32(Number(single.fractionMask)).op("i32.and").i32(Number(single.one)).op("i32.or");
    else code.i32(Number(single.highMask) | 0).op("i32.and");
    code.op("f32.reinterpret_i32");
    return;
  }
  if (op === "pow2") code.f64(2 ** 52 + 1023).op("f64.add");
  code.op("i64.reinterpret_f64");
  if (op === "pow2") code.i64(52n).op("i64.shl");
  else if (op === "exponent") {
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

function castScalar(code: Code, from: DType, to: DType): void {
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

import type { DType, FloatType } from "../../graph/dtype.js";
import { WHOLE } from "../../ops/machine.js";
import { type Expression, expressionsBelow, type Operation } from "../expression.js";
import { Places } from "../regions.js";
import type { Code, Local } from "./assembler.js";
import { bitsScalar, bitsVector, castScalar, pushBits, pushConstant, shiftIntoExponent } from "./bits.js";
import { emitRegion, type Host } from "./control.js";
import type { Instruction } from "./opcodes.js";
import { elements, type Lanes, type Simd, scalarTypes, vector, vectorTypes } from "./width.js";

export { pushConstant } from "./bits.js";
export { elements, type Lanes, type Simd, scalar, vector } from "./width.js";

/** The vector width that serves all of `roots`, or 1 where 32-bit and 64-bit lanes meet or there are no vectors. */
export function lanesFor(roots: readonly Expression[], simd: Simd): Lanes {
  if (simd === "scalar") return elements(simd);
  let wide = false;
  let narrow = false;
  for (const e of expressionsBelow(roots)) {
    if (e.dtype === "float64") wide = true;
    else if (e.dtype !== "bool" || e.op === "load") narrow = true;
  }
  return wide && narrow ? elements(simd) : vector(wide ? 2 : 4);
}

/** How a kernel's loads and loop position are read, or a function's parameters. */
export interface Reader {
  load(code: Code, access: number, dtype: DType, lanes: Lanes): void;
  index(code: Code, lanes: Lanes): void;
}

/** Operations whose instructions need an argument more than once in some form. */
const pushesTwice: ReadonlySet<Operation> = new Set<Operation>(["wideMul", "min", "max", "abs"]);

/**
 * Emits expressions of one loop body, for one element at a time or for a vector of them. Both forms do the same IEEE operations on
 * each element, so they give the same bits. Values used twice live in locals, and `fixed` ones were computed before the loop.
 */
export class Emitter implements Host {
  readonly code: Code;
  readonly lanes: Lanes;
  private readonly locals = new Map<Expression, Local>();
  private readonly results = new Map<Expression, readonly Local[]>();
  private readonly uses = new Map<Expression, number>();
  private readonly reader: Reader;
  private readonly places: Places | undefined;

  constructor(code: Code, lanes: Lanes, reader: Reader, roots: readonly Expression[]) {
    this.code = code;
    this.lanes = lanes;
    this.reader = reader;
    const order = expressionsBelow(roots);
    for (const e of order) {
      const times = pushesTwice.has(e.op) ? 2 : 1;
      for (const a of e.args) this.uses.set(a, (this.uses.get(a) ?? 0) + times);
    }
    for (const e of roots) this.uses.set(e, (this.uses.get(e) ?? 0) + 1);
    this.places = order.some((e) => e.op === "result") ? new Places(roots) : undefined;
  }

  /** Computes `e` now and keeps it in a local, or all its results in locals. */
  fix(e: Expression): void {
    if (e.op === "const" || this.locals.has(e)) return;
    if (e.op === "when" || e.op === "iterate" || e.op === "wideMul") {
      this.resultsOf(e);
      return;
    }
    this.push(e);
    const local = this.code.local(this.lanes.typeOf(e.dtype));
    this.code.set(local);
    this.locals.set(e, local);
  }

  /** An emitter that knows what this one has fixed, for another copy of the loop body. */
  fork(): Emitter {
    const copy: Emitter = Object.create(Emitter.prototype);
    return Object.assign(copy, this, { locals: new Map(this.locals), results: new Map(this.results) });
  }

  bind(e: Expression, local: Local): void {
    this.locals.set(e, local);
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
    const lowBits = e.op === "pow2" ? exponentBits(e.args[0]!) : undefined;
    if (lowBits !== undefined) {
      this.push(lowBits);
      shiftIntoExponent(code, lanes, e.dtype);
    } else if (e.op === "result") code.get(this.resultsOf(e.args[0]!)[e.immediate]!);
    else if (e.op === "call") this.computeCall(e);
    else if (e.op in bitOperations) this.computeBits(e as BitExpression);
    else if (lanes.count === 1) this.computeScalar(e);
    else this.computeVector(e);
  }

  /** The locals of what leaves several results behind; it is emitted where the first of them is needed. */
  private resultsOf(e: Expression): readonly Local[] {
    let results = this.results.get(e);
    if (!results) {
      results = e.op === "wideMul" ? this.wideMul(e) : emitRegion(this, e, this.places!);
      this.results.set(e, results);
    }
    return results;
  }

  private wideMul({ args, dtype }: Expression): readonly Local[] {
    const { code, lanes } = this;
    const [a, b] = args as [Expression, Expression];
    const [low, high] = [code.local(lanes.typeOf(dtype)), code.local(lanes.typeOf(dtype))];
    if (lanes.count === 1) {
      const product = code.local("i64");
      this.push(a);
      code.op("i64.extend_i32_u");
      this.push(b);
      code.op("i64.extend_i32_u").op("i64.mul").tee(product).op("i32.wrap_i64").set(low);
      code.get(product).i64(32n).op("i64.shr_u").op("i32.wrap_i64").set(high);
    } else {
      // the even words of two times two products of 64 bits, and the odd ones
      const [first, last] = [code.local("v128"), code.local("v128")];
      this.pushAll(args);
      code.op("i64x2.extmul_low_i32x4_u").set(first);
      this.pushAll(args);
      code.op("i64x2.extmul_high_i32x4_u").set(last);
      code.get(first).get(last).shuffle([0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]).set(low);
      code.get(first).get(last).shuffle([4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31]).set(high);
    }
    return [low, high];
  }

  /** Where functions take vectors, a single element goes in in all lanes, and comes out of the first. */
  private computeCall(e: Expression): void {
    const { code, lanes } = this;
    const spread = lanes.count === 1 && lanes.callsVectors;
    const type = e.dtype === "float64" ? "f64x2" : "f32x4";
    for (const a of e.args) {
      this.push(a);
      if (spread) code.op(`${type}.splat`);
    }
    code.callLater(e.callee!);
    if (spread) code.lane(`${type}.extract_lane`, 0);
  }

  /** Bits of whole numbers: one instruction, scalar or vector; shifts take their distance after the number. */
  private computeBits(e: BitExpression): void {
    this.pushAll(e.args);
    if (e.args.length === 1) this.code.i32(e.immediate);
    this.code.op(bitOperations[e.op][this.lanes.count === 1 ? "scalar" : "vector"]);
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
        const clamp = clampOf(mask, x, y);
        if (clamp !== undefined && (e.dtype === "float32" || e.dtype === "float64")) {
          this.pushAll([y, x]);
          code.op(`${vectorTypes[e.dtype]}.${clamp}`);
        } else if (isZeroBits(y)) {
          this.pushAll([x, mask]);
          code.op("v128.and");
        } else if (isZeroBits(x)) {
          this.pushAll([y, mask]);
          code.op("v128.andnot");
        } else {
          this.pushAll([x, y, mask]);
          code.op("v128.bitselect");
        }
        return;
      }
      case "and":
      case "or":
      case "not":
        this.pushAll(e.args);
        code.op(`v128.${e.op}`);
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
      case "neg":
      case "abs":
        if (type === "i32x4") break;
        // the engine makes the sign's bit anew each time where it is not a constant
        this.push(a);
        pushBits(code, wide, wide ? 2n ** 63n : 2n ** 31n);
        code.op(e.op === "neg" ? "v128.xor" : "v128.andnot");
        return;
      case "min":
      case "max":
        this.extremum(e, type);
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

  /**
   * Minimum or maximum. The engine needs eight instructions for NaN and ±0 on either side; with a constant on the right the
   * comparison of `pmin` and `pmax` treats NaN alike, and for a maximum with 0 an addition makes 0 of -0.
   */
  private extremum(e: Expression, type: string): void {
    const { code } = this;
    const [a, b] = e.args as [Expression, Expression];
    this.pushAll(e.args);
    const limit = b.op === "const" && b.dtype !== "int32" && !Number.isNaN(b.immediate) ? b.immediate : undefined;
    const isHard = limit === undefined || (e.op === "min" ? Object.is(limit, -0) : false);
    if (type === "i32x4") code.op(`i32x4.${e.op}_s` as Instruction);
    else if (isHard) code.op(`${type}.${e.op}` as Instruction);
    else {
      code.op(`${type}.p${e.op}` as Instruction);
      if (e.op === "max" && Object.is(limit, 0)) {
        pushConstant(code, this.lanes, a.dtype, 0);
        code.op(`${type}.add` as Instruction);
      }
    }
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

const bitOperations = {
  bitAnd: { scalar: "i32.and", vector: "v128.and" },
  bitOr: { scalar: "i32.or", vector: "v128.or" },
  bitXor: { scalar: "i32.xor", vector: "v128.xor" },
  shiftLeft: { scalar: "i32.shl", vector: "i32x4.shl" },
  shiftRight: { scalar: "i32.shr_u", vector: "i32x4.shr_u" },
} as const;

type BitExpression = Expression & { readonly op: keyof typeof bitOperations };

/** `y > x ? x : y` and its mirror are one instruction each, whose treatment of NaN and of ±0 is that of the comparison. */
function clampOf(mask: Expression, x: Expression, y: Expression): "pmin" | "pmax" | undefined {
  if ((mask.op !== "gt" && mask.op !== "lt") || mask.args[0] !== y || mask.args[1] !== x) return undefined;
  return mask.op === "gt" ? "pmin" : "pmax";
}

/** For a number n that was had as t - WHOLE: t, whose low bits are those of 2^n's exponent. */
function exponentBits(n: Expression): Expression | undefined {
  const [t, offset] = n.args;
  const isWhole = n.op === "sub" && offset?.op === "const" && offset.immediate === WHOLE[n.dtype as FloatType];
  return isWhole ? t : undefined;
}

/** +0, whose bits a mask makes by itself. */
const isZeroBits = (e: Expression): boolean => e.op === "const" && Object.is(e.immediate, 0);

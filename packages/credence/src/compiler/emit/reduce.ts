import { bytesOf, type DType, isFloat } from "../../graph/dtype.js";
import { lanesOf, startOf } from "../../ops/reduce.js";
import { expressionsBelow } from "../expression.js";
import { sizeOfNode } from "../ir.js";
import type { ReduceKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import {
  Emitter,
  elements,
  type Lanes,
  lanesFor,
  pushConstant,
  type Reader,
  type Simd,
  scalar,
} from "../wasm/lanes.js";
import type { Instruction } from "../wasm/opcodes.js";
import { scalarTypes, vectorTypes } from "../wasm/width.js";
import { invariants } from "./loop.js";
import { type AddressOf, Pointers, scalarLoads, scalarStores } from "./pointers.js";

/** Columns summed side by side: four vectors use a cache line whole. Larger bodies take one, to keep registers. */
const COLUMN_VECTORS = 4;
const LARGE_BODY = 24;

export function emitReduce(kernel: ReduceKernel, addressOf: AddressOf, simd: Simd): Code {
  const code = new Code();
  const pointers = new Pointers(code, kernel.accesses, addressOf);
  const body = kernel.inner === 1 ? rows : columns;
  const nest = (d: number): void => {
    if (d === kernel.outer.length) body(code, kernel, pointers, simd);
    else pointers.loop(d, kernel.outer[d]!, 1, () => nest(d + 1));
  };
  nest(0);
  return code;
}

function combine(code: Code, kernel: ReduceKernel, lanes: Lanes): void {
  const { dtype, reduce } = kernel;
  if (lanes.count > 1) {
    if (dtype === "int32") code.op(reduce === "sum" ? "i32x4.add" : "i32x4.max_s");
    else code.op(`${dtype === "float32" ? "f32x4" : "f64x2"}.${reduce === "sum" ? "add" : "max"}` as Instruction);
    return;
  }
  if (dtype !== "int32")
    code.op(`${dtype === "float32" ? "f32" : "f64"}.${reduce === "sum" ? "add" : "max"}` as Instruction);
  else if (reduce === "sum") code.op("i32.add");
  else {
    const [a, b] = [code.local("i32"), code.local("i32")];
    code.set(b).tee(a).get(b).get(a).get(b).op("i32.gt_s").op("select");
  }
}

/**
 * A partial result, and for maxima whether a NaN has come: the engine's maximum takes eight instructions for NaN and ±0, while
 * `pmax` is one that passes over NaN, and the sign of a zero does not count.
 */
interface Partial {
  readonly sum: Local;
  readonly sawNaN: Local | undefined;
}

/** @param from  where a partial result lies to go on from; by default it starts anew */
function start(code: Code, { reduce, dtype }: ReduceKernel, lanes: Lanes, from?: number): Partial {
  const sum = code.local(lanes.typeOf(dtype));
  if (from === undefined) pushConstant(code, lanes, dtype, startOf(reduce, dtype));
  else code.i32(from).memory(lanes.count > 1 ? "v128.load" : scalarLoads[dtype], 0);
  code.set(sum);
  if (reduce === "sum" || lanes.count === 1 || !isFloat(dtype)) return { sum, sawNaN: undefined };
  const sawNaN = code.local("v128");
  pushConstant(code, lanes, "int32", 0);
  code.set(sawNaN);
  return { sum, sawNaN };
}

/** Adds what `push` leaves on the stack. */
function accumulate(code: Code, kernel: ReduceKernel, lanes: Lanes, { sum, sawNaN }: Partial, push: () => void): void {
  code.get(sum);
  push();
  if (sawNaN === undefined) combine(code, kernel, lanes);
  else {
    const type = kernel.dtype === "float32" ? "f32x4" : "f64x2";
    const value = code.local("v128");
    code.tee(value).op(`${type}.pmax`);
    code.get(value).get(value).op(`${type}.ne`).get(sawNaN).op("v128.or").set(sawNaN);
  }
  code.set(sum);
}

/** Puts NaN where one has come: all bits of a mask are one. */
function settle(code: Code, { sum, sawNaN }: Partial): void {
  if (sawNaN !== undefined) code.get(sum).get(sawNaN).op("v128.or").set(sum);
}

/** Leaves a maximum on the stack with 0 instead of -0. */
function finish(code: Code, { reduce, dtype }: ReduceKernel, lanes: Lanes): void {
  if (reduce === "sum" || !isFloat(dtype)) return;
  pushConstant(code, lanes, dtype, 0);
  const type = lanes.count > 1 ? vectorTypes[dtype] : scalarTypes[dtype];
  code.op(`${type}.add` as Instruction);
}

const extract = (dtype: DType): Instruction =>
  dtype === "float32" ? "f32x4.extract_lane" : dtype === "float64" ? "f64x2.extract_lane" : "i32x4.extract_lane";
const replace = (dtype: DType): Instruction =>
  dtype === "float32" ? "f32x4.replace_lane" : dtype === "float64" ? "f64x2.replace_lane" : "i32x4.replace_lane";

/** inner = 1: partial results by k mod L, folded in halves. */
function rows(code: Code, kernel: ReduceKernel, pointers: Pointers, simd: Simd): void {
  const { n, dtype, value, carry } = kernel;
  const depth = kernel.outer.length;
  const result = kernel.accesses.length - 1;
  const partials = carry ? sizeOfNode(carry.partials) : lanesOf(n);
  const lanes = rowLanes(kernel, simd);
  const width = lanes.count;
  const carried = (i: number): number => pointers.startOf(carry!.partials) + i * width * bytesOf(dtype);
  const parts = Array.from({ length: partials / width }, (_, i) =>
    start(code, kernel, lanes, carry && carry.stage !== "start" ? carried(i) : undefined),
  );
  const sums = parts.map(({ sum }) => sum);
  const strideK = (access: number): number => kernel.accesses[access]!.strides[depth]!;
  const reader: Reader = {
    load: (to, access, type, as) => pointers.loadAs(to, access, type, as, strideK(access)),
    index: (to, as) => pointers.index(to, as),
  };
  const base = new Emitter(code, lanes, reader, [value]);
  for (const e of invariants([value], (access) => strideK(access) === 0)) base.fix(e);
  const add = (part: Partial): void => accumulate(code, kernel, lanes, part, () => base.fork().push(value));

  const whole = Math.floor(n / partials);
  pointers.loop(depth, whole, partials, () => {
    parts.forEach((part, i) => {
      pointers.shifted(depth, i * width, () => add(part));
    });
  });
  const rest = n % partials;
  const done = whole * partials;
  for (let i = 0; i < Math.floor(rest / width); i++) {
    pointers.shifted(depth, done + i * width, () => add(parts[i]!));
  }
  for (let i = rest - (rest % width); i < rest; i++) {
    const [sum, lane] = [sums[Math.floor(i / width)]!, i % width];
    pointers.shifted(depth, done + i, () => {
      code.get(sum).get(sum).lane(extract(dtype), lane);
      new Emitter(code, scalar, reader, [value]).push(value);
      combine(code, kernel, scalar);
      code.lane(replace(dtype), lane).set(sum);
    });
  }

  for (const part of parts) settle(code, part);
  if (carry && carry.stage !== "end") {
    sums.forEach((sum, i) => {
      code.i32(carried(i)).get(sum);
      code.memory(width > 1 ? "v128.store" : scalarStores[dtype], 0);
    });
    return;
  }
  for (let half = sums.length / 2; half >= 1; half /= 2) {
    for (let i = 0; i < half; i++) {
      code.get(sums[i]!).get(sums[i + half]!);
      combine(code, kernel, lanes);
      code.set(sums[i]!);
    }
  }
  pointers.store(result, dtype, scalar, () => {
    foldLanes(code, kernel, sums[0]!, width);
    finish(code, kernel, scalar);
  });
}

/** Leaves the fold of a vector's lanes on the stack: (0 + 2) + (1 + 3). */
function foldLanes(code: Code, kernel: ReduceKernel, sum: Local, width: number): void {
  const lane = (i: number): void => {
    code.get(sum).lane(extract(kernel.dtype), i);
  };
  if (width === 1) code.get(sum);
  else if (width === 2) {
    lane(0);
    lane(1);
    combine(code, kernel, scalar);
  } else {
    lane(0);
    lane(2);
    combine(code, kernel, scalar);
    lane(1);
    lane(3);
    combine(code, kernel, scalar);
    combine(code, kernel, scalar);
  }
}

function rowLanes(kernel: ReduceKernel, simd: Simd): Lanes {
  const depth = kernel.outer.length;
  const lanes = lanesFor([kernel.value], simd);
  const contiguous = kernel.accesses.slice(0, -1).every((a) => a.strides[depth] === 0 || a.strides[depth] === 1);
  return contiguous ? lanes : elements(simd);
}

/** inner > 1: the n terms of each column one after the other, vectors of columns at once. */
function columns(code: Code, kernel: ReduceKernel, pointers: Pointers, simd: Simd): void {
  const { n, inner, dtype, value } = kernel;
  const depth = kernel.outer.length;
  const result = kernel.accesses.length - 1;
  const wide = lanesFor([value], simd);
  const contiguous = kernel.accesses.every((a) => a.strides[depth + 1] === 0 || a.strides[depth + 1] === 1);
  const lanes = contiguous && inner >= wide.count ? wide : elements(simd);
  const fixed = invariants([value], (access) => kernel.accesses[access]!.strides[depth] === 0);

  const block = (width: Lanes, side: number): void => {
    const emitters = Array.from({ length: side }, () => new Emitter(code, width, pointers, [value]));
    const parts = emitters.map((emitter, u) => {
      const part = start(code, kernel, width);
      pointers.shifted(depth + 1, u * width.count, () => {
        for (const e of fixed) emitter.fix(e);
      });
      return part;
    });
    pointers.loop(depth, n, 1, () => {
      emitters.forEach((emitter, u) => {
        pointers.shifted(depth + 1, u * width.count, () => {
          accumulate(code, kernel, width, parts[u]!, () => emitter.push(value));
        });
      });
    });
    parts.forEach((part, u) => {
      settle(code, part);
      pointers.shifted(depth + 1, u * width.count, () => {
        pointers.store(result, dtype, width, () => {
          code.get(part.sum);
          finish(code, kernel, width);
        });
      });
    });
  };

  const side = expressionsBelow([value]).length > LARGE_BODY ? 1 : COLUMN_VECTORS;
  let done = 0;
  for (const [width, many] of [
    [lanes, side],
    [lanes, 1],
    [scalar, 1],
  ] as const) {
    const step = width.count * many;
    const count = Math.floor((inner - done) / step);
    if (count === 0) continue;
    pointers.shifted(depth + 1, done, () => {
      pointers.loop(depth + 1, count, step, () => block(width, many));
    });
    done += count * step;
  }
}

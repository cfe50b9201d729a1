import { bytesOf } from "../../graph/dtype.js";
import { isForward } from "../../ops/triangularSolve.js";
import type { CholeskyKernel, TriangularSolveKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import { elements, type Lanes, pushConstant, type Simd, scalar, vector } from "../wasm/lanes.js";
import type { Instruction } from "../wasm/opcodes.js";
import { scalarTypes, vectorTypes } from "../wasm/width.js";
import { type Place, pointerTo } from "./place.js";
import { scalarLoads, scalarStores } from "./pointers.js";
import { repeat, step } from "./repeat.js";

/** Kernels that solve triangular systems, which find their numbers one after the other. */

const pair = (code: Code): [Local, Local] => [code.local("i32"), code.local("i32")];

/** Runs `body` as often as a local says, which may be never. */
function times(code: Code, count: Local, body: () => void): void {
  const left = code.local("i32");
  code.get(count).tee(left);
  code.if(() => {
    code.loop(() => {
      body();
      code.get(left).i32(-1).op("i32.add").tee(left);
    });
  });
}

export function emitCholesky({ dtype, batch, n }: CholeskyKernel, from: Place, to: Place): Code {
  const code = new Code();
  const bytes = bytesOf(dtype);
  const type = scalarTypes[dtype];
  const [load, store] = [scalarLoads[dtype], scalarStores[dtype]];
  const [source, matrix] = [pointerTo(code, from), pointerTo(code, to)];
  const [[row, other], [left, right], [i, j]] = [pair(code), pair(code), pair(code)];
  const zeros = code.local("i32");
  const rest = code.local(type);
  /** What is left of the element at `source` after `count` products of the rows at `row` and `other`. */
  const reduce = (count: Local): void => {
    code.get(source).memory(load, from.offset).set(rest);
    code.get(row).set(left).get(other).set(right);
    times(code, count, () => {
      code.get(rest).get(left).memory(load, to.offset).get(right).memory(load, to.offset);
      code.op(`${type}.mul` as Instruction).op(`${type}.sub` as Instruction);
      code.set(rest);
      step(code, left, bytes);
      step(code, right, bytes);
    });
  };
  repeat(code, batch, () => {
    code.get(matrix).set(row).i32(0).set(i);
    repeat(code, n, () => {
      code.get(matrix).set(other).i32(0).set(j);
      times(code, i, () => {
        reduce(j);
        code.get(left).get(rest).get(right).memory(load, to.offset);
        code.op(`${type}.div` as Instruction).memory(store, to.offset);
        step(code, source, bytes);
        step(code, other, n * bytes);
        step(code, j, 1);
      });
      reduce(i);
      code.get(left).get(rest);
      pushConstant(code, scalar, dtype, Number.NaN);
      code.get(rest);
      pushConstant(code, scalar, dtype, 0);
      code.op(`${type}.gt` as Instruction).get(rest);
      pushConstant(code, scalar, dtype, Number.POSITIVE_INFINITY);
      code
        .op(`${type}.lt` as Instruction)
        .op("i32.and")
        .op("select");
      code.op(`${type}.sqrt` as Instruction).memory(store, to.offset);
      code
        .i32(n - 1)
        .get(i)
        .op("i32.sub")
        .i32(bytes)
        .op("i32.mul")
        .set(zeros);
      code
        .get(left)
        .i32(to.offset + bytes)
        .op("i32.add")
        .i32(0)
        .get(zeros)
        .fill();
      code.get(source).get(zeros).op("i32.add").set(source);
      step(code, source, bytes);
      step(code, row, n * bytes);
      step(code, i, 1);
    });
    step(code, matrix, n * n * bytes);
  });
  return code;
}

/** The places of the triangular matrix, the right-hand sides, and the result. */
interface Places {
  readonly t: Place;
  readonly b: Place;
  readonly x: Place;
}

export function emitTriangularSolve(kernel: TriangularSolveKernel, places: Places, simd: Simd): Code {
  const code = new Code();
  const { dtype, batch, n, m } = kernel;
  const bytes = bytesOf(dtype);
  const wide = simd === "scalar" ? elements(simd) : vector(dtype === "float64" ? 2 : 4);
  const pointers = {
    t: pointerTo(code, places.t),
    b: pointerTo(code, places.b),
    x: pointerTo(code, places.x),
  };
  repeat(code, batch, () => {
    const columns = (lanes: Lanes, count: number): void => {
      repeat(code, count, () => {
        solveColumns(code, kernel, places, pointers, lanes);
        step(code, pointers.b, lanes.count * bytes);
        step(code, pointers.x, lanes.count * bytes);
      });
    };
    columns(wide, Math.floor(m / wide.count));
    if (wide.count > 1) columns(scalar, m % wide.count);
    step(code, pointers.t, n * n * bytes);
    step(code, pointers.b, (n - 1) * m * bytes);
    step(code, pointers.x, (n - 1) * m * bytes);
  });
  return code;
}

/** All rows of as many columns as there are lanes. */
function solveColumns(
  code: Code,
  { dtype, n, m, form }: TriangularSolveKernel,
  places: Places,
  pointers: { readonly [K in keyof Places]: Local },
  lanes: Lanes,
): void {
  const bytes = bytesOf(dtype);
  const type = (lanes.count > 1 ? vectorTypes : scalarTypes)[dtype];
  const load = lanes.count > 1 ? "v128.load" : scalarLoads[dtype];
  const splat = lanes.count === 1 ? load : dtype === "float64" ? "v128.load64_splat" : "v128.load32_splat";
  const [[right, start], [row, found], [factor, known]] = [pair(code), pair(code), pair(code)];
  const rest = code.local(lanes.typeOf(dtype));
  const [rowBytes, columnBytes] = form.transposed ? [bytes, n * bytes] : [n * bytes, bytes];
  const [sign, first] = isForward(form) ? [1, 0] : [-1, n - 1];
  const at = (pointer: Local, offset: number, to: Local): void => {
    code.get(pointer).i32(offset).op("i32.add").set(to);
  };
  at(pointers.b, first * m * bytes, right);
  at(pointers.x, first * m * bytes, start);
  at(pointers.t, first * (rowBytes + columnBytes), row);
  code.i32(0).set(found);
  repeat(code, n, () => {
    code.get(right).memory(load, places.b.offset).set(rest);
    code.get(row).set(factor).get(start).set(known);
    times(code, found, () => {
      code.get(rest).get(factor).memory(splat, places.t.offset).get(known).memory(load, places.x.offset);
      code.op(`${type}.mul` as Instruction).op(`${type}.sub` as Instruction);
      code.set(rest);
      step(code, factor, sign * columnBytes);
      step(code, known, sign * m * bytes);
    });
    code.get(known).get(rest).get(factor).memory(splat, places.t.offset);
    code.op(`${type}.div` as Instruction);
    code.memory(lanes.count > 1 ? "v128.store" : scalarStores[dtype], places.x.offset);
    step(code, right, sign * m * bytes);
    step(code, row, sign * rowBytes);
    step(code, found, 1);
  });
}

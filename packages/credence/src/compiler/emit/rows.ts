import { bytesOf, type DType } from "../../graph/dtype.js";
import type { ArgmaxKernel, CumsumKernel, GatherKernel, ScatterKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import { pushConstant, type Simd, scalar } from "../wasm/lanes.js";
import type { Instruction } from "../wasm/opcodes.js";
import { type Place, pointerTo } from "./place.js";
import { scalarLoads, scalarStores } from "./pointers.js";
import { repeat, step } from "./repeat.js";

/** Kernels that walk along rows one element at a time: running sums, position of the greatest, rows by number. */

const typed = (dtype: DType, op: "add" | "gt"): Instruction =>
  (scalar.typeOf(dtype) === "i32" && op === "gt" ? "i32.gt_s" : `${scalar.typeOf(dtype)}.${op}`) as Instruction;

export function emitCumsum(kernel: CumsumKernel, from: Place, to: Place): Code {
  const code = new Code();
  const { dtype, rows, n, reverse } = kernel;
  const bytes = bytesOf(dtype);
  const [source, target] = [pointerTo(code, from), pointerTo(code, to)];
  const total = code.local(scalar.typeOf(dtype));
  const move = (elements: number): void => {
    step(code, source, elements * bytes);
    step(code, target, elements * bytes);
  };
  if (reverse) move(n - 1);
  repeat(code, rows, () => {
    pushConstant(code, scalar, dtype, 0);
    code.set(total);
    repeat(code, n, () => {
      code
        .get(target)
        .get(total)
        .get(source)
        .memory(scalarLoads[dtype], from.offset)
        .op(typed(dtype, "add"))
        .tee(total);
      code.memory(scalarStores[dtype], to.offset);
      move(reverse ? -1 : 1);
    });
    if (reverse) move(2 * n);
  });
  return code;
}

export function emitArgmax(kernel: ArgmaxKernel, from: Place, to: Place): Code {
  const code = new Code();
  const { dtype, rows, n } = kernel;
  const bytes = bytesOf(dtype);
  const [at, out] = [pointerTo(code, from), pointerTo(code, to)];
  const [i, winner] = [code.local("i32"), code.local("i32")];
  const best = code.local(scalar.typeOf(dtype));
  repeat(code, rows, () => {
    code.get(at).memory(scalarLoads[dtype], from.offset).set(best);
    code.i32(0).set(winner).i32(0).set(i);
    repeat(code, n, () => {
      code.get(at).memory(scalarLoads[dtype], from.offset).get(best).op(typed(dtype, "gt"));
      code.if(() => {
        code.get(at).memory(scalarLoads[dtype], from.offset).set(best).get(i).set(winner);
      });
      step(code, at, bytes);
      step(code, i, 1);
    });
    code.get(out).get(winner).memory("i32.store", to.offset);
    step(code, out, 4);
  });
  return code;
}

/** Where the row numbers are read, and a table of rows; `row` is set to the byte offset of the row in memory, but for `table.offset`. */
interface Lookup {
  readonly index: Place;
  readonly at: Local;
  readonly table: Local;
  readonly row: Local;
  readonly rows: number;
  readonly rowBytes: number;
}

/** Runs `inside` on rows whose number is within 0..rows-1, else `outside`. */
function guarded(code: Code, lookup: Lookup, inside: () => void, outside?: () => void): void {
  const { index, at, table, row, rows, rowBytes } = lookup;
  code.get(at).memory("i32.load", index.offset).tee(row).i32(rows).op("i32.lt_u");
  code.if(() => {
    code.get(row).i32(rowBytes).op("i32.mul").get(table).op("i32.add").set(row);
    inside();
  }, outside);
}

export function emitGather(kernel: GatherKernel, from: Place, index: Place, to: Place, simd: Simd): Code {
  const code = new Code();
  const { dtype, count, width, rows } = kernel;
  const bytes = bytesOf(dtype);
  const [table, at, out] = [pointerTo(code, from), pointerTo(code, index), pointerTo(code, to)];
  const [row, j] = [code.local("i32"), code.local("i32")];
  const piece: { bytes: number; load: Instruction; store: Instruction } =
    simd === "scalar"
      ? { bytes, load: scalarLoads[dtype], store: scalarStores[dtype] }
      : { bytes: 16, load: "v128.load", store: "v128.store" };
  const pieces = Math.floor((width * bytes) / piece.bytes);
  repeat(code, count, () => {
    const copy = (): void => {
      code.get(out).set(j);
      repeat(code, pieces, () => {
        code.get(j).get(row).memory(piece.load, from.offset).memory(piece.store, to.offset);
        step(code, j, piece.bytes);
        step(code, row, piece.bytes);
      });
      for (let k = 0; k < width - (pieces * piece.bytes) / bytes; k++) {
        code
          .get(j)
          .get(row)
          .memory(scalarLoads[dtype], from.offset + k * bytes)
          .memory(scalarStores[dtype], to.offset + k * bytes);
      }
    };
    const blank = (): void => {
      code.get(out).set(j);
      repeat(code, width, () => {
        code.get(j);
        pushConstant(code, scalar, dtype, dtype === "float32" || dtype === "float64" ? Number.NaN : 0);
        code.memory(scalarStores[dtype], to.offset);
        step(code, j, bytes);
      });
    };
    guarded(code, { index, at, table, row, rows, rowBytes: width * bytes }, copy, blank);
    step(code, at, 4);
    step(code, out, width * bytes);
  });
  return code;
}

export function emitScatter(kernel: ScatterKernel, from: Place, index: Place, to: Place): Code {
  const code = new Code();
  const { dtype, count, width, rows } = kernel;
  const bytes = bytesOf(dtype);
  const [source, at, table] = [pointerTo(code, from), pointerTo(code, index), pointerTo(code, to)];
  const [row, j] = [code.local("i32"), code.local("i32")];
  repeat(code, count, () => {
    guarded(code, { index, at, table, row, rows, rowBytes: width * bytes }, () => {
      code.get(source).set(j);
      repeat(code, width, () => {
        code.get(row).get(row).memory(scalarLoads[dtype], to.offset).get(j).memory(scalarLoads[dtype], from.offset);
        code.op(typed(dtype, "add")).memory(scalarStores[dtype], to.offset);
        step(code, row, bytes);
        step(code, j, bytes);
      });
    });
    step(code, at, 4);
    step(code, source, width * bytes);
  });
  return code;
}

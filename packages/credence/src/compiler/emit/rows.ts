import { bytesOf, type DType } from "../../graph/dtype.js";
import type { ArgmaxKernel, CumsumKernel, GatherKernel, ScatterKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import { pushConstant, scalar } from "../wasm/lanes.js";
import type { Instruction } from "../wasm/opcodes.js";
import { scalarLoads, scalarStores } from "./pointers.js";
import { repeat, step } from "./repeat.js";

/** Kernels that walk along rows one element at a time: running sums, position of the greatest, rows by number. */

const typed = (dtype: DType, op: "add" | "gt"): Instruction =>
  (scalar.typeOf(dtype) === "i32" && op === "gt" ? "i32.gt_s" : `${scalar.typeOf(dtype)}.${op}`) as Instruction;

export function emitCumsum(kernel: CumsumKernel, from: number, to: number): Code {
  const code = new Code();
  const { dtype, rows, n, reverse } = kernel;
  const bytes = bytesOf(dtype);
  const [at, total] = [code.local("i32"), code.local(scalar.typeOf(dtype))];
  if (reverse) code.i32((n - 1) * bytes).set(at);
  repeat(code, rows, () => {
    pushConstant(code, scalar, dtype, 0);
    code.set(total);
    repeat(code, n, () => {
      code.get(at).get(total).get(at).memory(scalarLoads[dtype], from).op(typed(dtype, "add")).tee(total);
      code.memory(scalarStores[dtype], to);
      step(code, at, reverse ? -bytes : bytes);
    });
    if (reverse) step(code, at, 2 * n * bytes);
  });
  return code;
}

export function emitArgmax(kernel: ArgmaxKernel, from: number, to: number): Code {
  const code = new Code();
  const { dtype, rows, n } = kernel;
  const bytes = bytesOf(dtype);
  const [at, out, i, winner] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("i32")];
  const best = code.local(scalar.typeOf(dtype));
  repeat(code, rows, () => {
    code.get(at).memory(scalarLoads[dtype], from).set(best);
    code.i32(0).set(winner).i32(0).set(i);
    repeat(code, n, () => {
      code.get(at).memory(scalarLoads[dtype], from).get(best).op(typed(dtype, "gt"));
      code.if(() => {
        code.get(at).memory(scalarLoads[dtype], from).set(best).get(i).set(winner);
      });
      step(code, at, bytes);
      step(code, i, 1);
    });
    code.get(out).get(winner).memory("i32.store", to);
    step(code, out, 4);
  });
  return code;
}

/** Runs `inside` on rows whose number is within 0..rows-1, else `outside`; `row` holds the byte offset of the row. */
function guarded(
  code: Code,
  index: number,
  at: Local,
  rows: number,
  row: Local,
  rowBytes: number,
  inside: () => void,
  outside?: () => void,
): void {
  code.get(at).memory("i32.load", index).tee(row).i32(rows).op("i32.lt_u");
  code.if(() => {
    code.get(row).i32(rowBytes).op("i32.mul").set(row);
    inside();
  }, outside);
}

export function emitGather(kernel: GatherKernel, from: number, index: number, to: number): Code {
  const code = new Code();
  const { dtype, count, width, rows } = kernel;
  const bytes = bytesOf(dtype);
  const [at, row, out, j] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("i32")];
  const vectors = Math.floor((width * bytes) / 16);
  repeat(code, count, () => {
    const copy = (): void => {
      code.get(out).set(j);
      repeat(code, vectors, () => {
        code.get(j).get(row).memory("v128.load", from).memory("v128.store", to);
        step(code, j, 16);
        step(code, row, 16);
      });
      for (let k = 0; k < width - (vectors * 16) / bytes; k++) {
        code
          .get(j)
          .get(row)
          .memory(scalarLoads[dtype], from + k * bytes)
          .memory(scalarStores[dtype], to + k * bytes);
      }
    };
    const blank = (): void => {
      code.get(out).set(j);
      repeat(code, width, () => {
        code.get(j);
        pushConstant(code, scalar, dtype, dtype === "float32" || dtype === "float64" ? Number.NaN : 0);
        code.memory(scalarStores[dtype], to);
        step(code, j, bytes);
      });
    };
    guarded(code, index, at, rows, row, width * bytes, copy, blank);
    step(code, at, 4);
    step(code, out, width * bytes);
  });
  return code;
}

export function emitScatter(kernel: ScatterKernel, from: number, index: number, to: number): Code {
  const code = new Code();
  const { dtype, count, width, rows } = kernel;
  const bytes = bytesOf(dtype);
  const [at, row, source, j] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("i32")];
  repeat(code, count, () => {
    guarded(code, index, at, rows, row, width * bytes, () => {
      code.get(source).set(j);
      repeat(code, width, () => {
        code.get(row).get(row).memory(scalarLoads[dtype], to).get(j).memory(scalarLoads[dtype], from);
        code.op(typed(dtype, "add")).memory(scalarStores[dtype], to);
        step(code, row, bytes);
        step(code, j, bytes);
      });
    });
    step(code, at, 4);
    step(code, source, width * bytes);
  });
  return code;
}

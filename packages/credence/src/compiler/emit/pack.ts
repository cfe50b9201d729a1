import type { PackKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import { type Format, formatOf } from "./format.js";
import { type Place, pointerTo } from "./place.js";
import { repeat, step } from "./repeat.js";

/**
 * The right operand of a product in panels of 2 vectors' width, one after the other, in each the neighbours of row k behind those
 * of row k - 1: the innermost loop of a product reads it in order, whatever its layout was. A last narrower strip takes panels of one
 * vector, then of one column.
 */

/** Columns `from` to `from + count · width`, in blocks of `width`; width 1 is done without vectors. */
export interface Strip {
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

export function strips(n: number, lanes: number): Strip[] {
  const out: Strip[] = [];
  let from = 0;
  for (const width of [2 * lanes, lanes, 1]) {
    const count = Math.floor((n - from) / width);
    if (count > 0) out.push({ from, width, count });
    from += count * width;
  }
  return out;
}

/** Where the operand lies, and where its panels go; what moves is in pointers. */
interface Addresses {
  readonly b: number;
  readonly panels: number;
}

export function emitPack(kernel: PackKernel, b: Place, panels: Place): Code {
  const code = new Code();
  const format = formatOf(kernel.dtype);
  const { batch, k, n } = kernel.layout;
  const at = { b: b.offset, panels: panels.offset };
  const matrix = { from: pointerTo(code, b), to: pointerTo(code, panels) };
  repeat(code, batch, () => {
    for (const strip of strips(n, format.lanes)) packStrip(code, kernel, format, at, strip, matrix);
    step(code, matrix.from, k * n * format.bytes);
    step(code, matrix.to, k * n * format.bytes);
  });
  return code;
}

function packStrip(
  code: Code,
  kernel: PackKernel,
  format: Format,
  at: Addresses,
  strip: Strip,
  matrix: { readonly from: Local; readonly to: Local },
): void {
  const { k, n } = kernel.layout;
  const { bytes, lanes } = format;
  const { from: first, width, count } = strip;
  const [from, to, source, target] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("i32")];
  const rowStride = kernel.transB ? bytes : n * bytes; // from k to k + 1
  const columnStride = kernel.transB ? k * bytes : bytes;
  code
    .get(matrix.from)
    .i32(first * columnStride)
    .op("i32.add")
    .set(source);
  code
    .get(matrix.to)
    .i32(first * k * bytes)
    .op("i32.add")
    .set(target);
  repeat(code, count, () => {
    code.get(source).set(from).get(target).set(to);
    if (kernel.transB && width > 1) packTransposed(code, kernel, format, at, width, from, to);
    else {
      repeat(code, k, () => {
        if (width === 1) code.get(to).get(from).memory(format.scalar.load, at.b).memory(format.scalar.store, at.panels);
        for (let v = 0; v < Math.floor(width / lanes); v++) {
          code
            .get(to)
            .get(from)
            .memory("v128.load", at.b + v * 16)
            .memory("v128.store", at.panels + v * 16);
        }
        step(code, from, rowStride);
        step(code, to, width * bytes);
      });
    }
    step(code, source, width * columnStride);
    step(code, target, width * k * bytes);
  });
}

/** Squares of lanes x lanes are turned in registers. */
function packTransposed(
  code: Code,
  kernel: PackKernel,
  format: Format,
  at: Addresses,
  width: number,
  from: Local,
  to: Local,
): void {
  const { k } = kernel.layout;
  const { bytes, lanes } = format;
  const rows = Array.from({ length: lanes }, () => code.local("v128"));
  const turned = Array.from({ length: lanes }, () => code.local("v128"));
  repeat(code, Math.floor(k / lanes), () => {
    for (let side = 0; side < width / lanes; side++) {
      rows.forEach((row, r) => {
        code
          .get(from)
          .memory("v128.load", at.b + (side * lanes + r) * k * bytes)
          .set(row);
      });
      turn(code, rows, turned);
      turned.forEach((row, r) => {
        code
          .get(to)
          .get(row)
          .memory("v128.store", at.panels + (r * width + side * lanes) * bytes);
      });
    }
    step(code, from, lanes * bytes);
    step(code, to, lanes * width * bytes);
  });
  repeat(code, k % lanes, () => {
    for (let j = 0; j < width; j++) {
      code
        .get(to)
        .get(from)
        .memory(format.scalar.load, at.b + j * k * bytes);
      code.memory(format.scalar.store, at.panels + j * bytes);
    }
    step(code, from, bytes);
    step(code, to, width * bytes);
  });
}

/** Transposes a square of registers: 4 x 4 words, or 2 x 2 double words. */
function turn(code: Code, rows: readonly Local[], out: readonly Local[]): void {
  const words = (lanes: readonly number[], size: number): number[] =>
    lanes.flatMap((lane) => Array.from({ length: size }, (_, i) => lane * size + i));
  const mix = (x: Local, y: Local, lanes: readonly number[], size: number, target: Local): void => {
    code.get(x).get(y).shuffle(words(lanes, size)).set(target);
  };
  if (rows.length === 2) {
    mix(rows[0]!, rows[1]!, [0, 2], 8, out[0]!);
    mix(rows[0]!, rows[1]!, [1, 3], 8, out[1]!);
    return;
  }
  const [r0, r1, r2, r3] = rows as [Local, Local, Local, Local];
  const [low01, high01, low23, high23] = [0, 0, 0, 0].map(() => code.local("v128")) as [Local, Local, Local, Local];
  mix(r0, r1, [0, 4, 1, 5], 4, low01);
  mix(r0, r1, [2, 6, 3, 7], 4, high01);
  mix(r2, r3, [0, 4, 1, 5], 4, low23);
  mix(r2, r3, [2, 6, 3, 7], 4, high23);
  mix(low01, low23, [0, 2], 8, out[0]!);
  mix(low01, low23, [1, 3], 8, out[1]!);
  mix(high01, high23, [0, 2], 8, out[2]!);
  mix(high01, high23, [1, 3], 8, out[3]!);
}

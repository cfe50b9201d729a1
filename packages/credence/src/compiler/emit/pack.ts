import type { PackKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import type { Simd } from "../wasm/width.js";
import { type Format, formatOf } from "./format.js";
import { type Strip, strips } from "./panels.js";
import { type Place, pointerTo } from "./place.js";
import { repeat, step } from "./repeat.js";

/** Where the operand lies, and where its panels go; what moves is in pointers. */
interface Places {
  readonly from: number;
  readonly to: number;
}

interface Pointers {
  readonly from: Local;
  readonly to: Local;
}

/** Bytes of neighbours that are copied together, so that whole cache lines are read, and k in turn, so that they stay near. */
const SIDE_BYTES = 128;
const BLOCK_TERMS = 64;

/** Copies an operand into panels. */
export function emitPack(kernel: PackKernel, from: Place, to: Place, simd: Simd): Code {
  const code = new Code();
  const format = formatOf(kernel.dtype, simd);
  const { batch, k, n } = kernel.layout;
  const first = kernel.start * format.bytes;
  const at = { from: from.offset + first, to: to.offset + first };
  const matrix = { from: pointerTo(code, from), to: pointerTo(code, to) };
  repeat(code, batch, () => {
    for (const whole of strips(kernel.neighbours.count, kernel.width)) {
      const strip = { ...whole, from: kernel.neighbours.from + whole.from };
      if (kernel.transposed) packTransposed(code, kernel, format, at, strip, matrix);
      else packStrip(code, kernel, format, at, strip, matrix);
    }
    step(code, matrix.from, k * n * format.bytes);
    step(code, matrix.to, k * n * format.bytes);
  });
  return code;
}

/** From [k, n]: some panels side by side, a block of k after the other. */
function packStrip(code: Code, kernel: PackKernel, format: Format, at: Places, strip: Strip, matrix: Pointers): void {
  const { k, n } = kernel.layout;
  const { bytes, lanes } = format;
  const { width } = strip;
  const side = Math.floor(SIDE_BYTES / (kernel.width * bytes));
  const [from, to, source, target, top, panel] = [0, 0, 0, 0, 0, 0].map(() => code.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const copy = (panels: number): void => {
    for (let p = 0; p < panels; p++) {
      for (let j = 0; j < width; ) {
        const wide = j + lanes <= width;
        const [load, store] = wide ? [format.load, format.store] : [format.scalar.load, format.scalar.store];
        code.get(to).get(from);
        code.memory(load, at.from + (p * width + j) * bytes).memory(store, at.to + (p * width * k + j) * bytes);
        j += wide ? lanes : 1;
      }
    }
    step(code, from, n * bytes);
    step(code, to, width * bytes);
  };
  code
    .get(matrix.from)
    .i32(strip.from * bytes)
    .op("i32.add")
    .set(top);
  code
    .get(matrix.to)
    .i32(strip.from * k * bytes)
    .op("i32.add")
    .set(panel);
  for (const { width: terms, count: blocks } of strips(k, BLOCK_TERMS)) {
    repeat(code, blocks, () => {
      code.get(top).set(source).get(panel).set(target);
      for (const { width: panels, count } of strips(strip.count, side)) {
        repeat(code, count, () => {
          code.get(source).set(from).get(target).set(to);
          repeat(code, terms, () => copy(panels));
          step(code, source, panels * width * bytes);
          step(code, target, panels * width * k * bytes);
        });
      }
      step(code, top, terms * n * bytes);
      step(code, panel, terms * width * bytes);
    });
  }
}

/** From [n, k]: squares of lanes x lanes are turned in registers. */
function packTransposed(
  code: Code,
  kernel: PackKernel,
  format: Format,
  at: Places,
  strip: Strip,
  matrix: Pointers,
): void {
  const { k } = kernel.layout;
  const { bytes, lanes } = format;
  const { width } = strip;
  const [from, to] = [code.local("i32"), code.local("i32")];
  for (const [pointer, start] of [
    [from, matrix.from],
    [to, matrix.to],
  ] as const) {
    code
      .get(start)
      .i32(strip.from * k * bytes)
      .op("i32.add")
      .set(pointer);
  }
  const rows = Array.from({ length: lanes }, () => code.local(format.type));
  const turned = Array.from({ length: lanes }, () => code.local(format.type));
  const squares = Math.floor(width / lanes);
  const single = (j: number, term: number): void => {
    code.get(to).get(from);
    code.memory(format.scalar.load, at.from + (j * k + term) * bytes);
    code.memory(format.scalar.store, at.to + (term * width + j) * bytes);
  };
  repeat(code, strip.count, () => {
    repeat(code, Math.floor(k / lanes), () => {
      for (let square = 0; square < squares; square++) {
        rows.forEach((row, r) => {
          code
            .get(from)
            .memory(format.load, at.from + (square * lanes + r) * k * bytes)
            .set(row);
        });
        turn(code, rows, turned);
        turned.forEach((row, r) => {
          code
            .get(to)
            .get(row)
            .memory(format.store, at.to + (r * width + square * lanes) * bytes);
        });
      }
      for (let j = squares * lanes; j < width; j++) for (let term = 0; term < lanes; term++) single(j, term);
      step(code, from, lanes * bytes);
      step(code, to, lanes * width * bytes);
    });
    repeat(code, k % lanes, () => {
      for (let j = 0; j < width; j++) single(j, 0);
      step(code, from, bytes);
      step(code, to, width * bytes);
    });
    step(code, from, (width - 1) * k * bytes);
  });
}

/** Transposes a square of registers: 4 x 4 words, 2 x 2 double words, or a single element. */
function turn(code: Code, rows: readonly Local[], out: readonly Local[]): void {
  const words = (lanes: readonly number[], size: number): number[] =>
    lanes.flatMap((lane) => Array.from({ length: size }, (_, i) => lane * size + i));
  const mix = (x: Local, y: Local, lanes: readonly number[], size: number, target: Local): void => {
    code.get(x).get(y).shuffle(words(lanes, size)).set(target);
  };
  if (rows.length === 1) {
    code.get(rows[0]!).set(out[0]!);
    return;
  }
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

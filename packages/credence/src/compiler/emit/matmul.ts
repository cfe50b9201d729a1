import type { MatmulKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import { double, type Format, single } from "./format.js";
import { repeat, step } from "./repeat.js";
import { multiplyThin } from "./thin.js";

/**
 * Matrix products. The right operand is first copied into panels of 2 vectors' width, so that the innermost loop reads it
 * in order whatever its layout; then 4 rows by 2 vectors of the result are summed in registers. Each sum runs over k one
 * term after the other, as `ops/matmul.ts` says, so the tiling does not show in the bits.
 */
const ROWS = 4;
/** Below this many rows packing would cost more than it saves: the right operand is read in place. */
const PACK_FROM = 4;

/** Columns `from` to `from + count · width`, in blocks of `width`; width 1 is done without vectors. */
interface Strip {
  readonly from: number;
  readonly width: number;
  readonly count: number;
}

function strips(n: number, lanes: number): Strip[] {
  const out: Strip[] = [];
  let from = 0;
  for (const width of [2 * lanes, lanes, 1]) {
    const count = Math.floor((n - from) / width);
    if (count > 0) out.push({ from, width, count });
    from += count * width;
  }
  return out;
}

export interface MatmulAddresses {
  readonly a: number;
  readonly b: number;
  readonly panels: number;
  readonly out: number;
}

export function emitMatmul(kernel: MatmulKernel, at: MatmulAddresses): Code {
  const code = new Code();
  const format = kernel.dtype === "float32" ? single : double;
  const { batch, m, k, n } = kernel.layout;
  const [a, b, out] = [code.local("i32"), code.local("i32"), code.local("i32")];
  const product = (): void => {
    if (!kernel.transB && m < PACK_FROM && n >= format.lanes) {
      multiplyThin(code, kernel, format, at, { a, b, out });
      return;
    }
    const packed = kernel.transB || m >= PACK_FROM;
    if (packed) pack(code, kernel, format, at, b);
    for (const strip of strips(n, format.lanes)) multiply(code, kernel, format, at, strip, { a, b, out, packed });
  };
  if (batch === 1) product();
  else {
    const counter = code.local("i32");
    code.i32(batch).set(counter);
    code.loop(() => {
      product();
      for (const [pointer, elements] of [
        [a, m * k],
        [b, k * n],
        [out, m * n],
      ] as const)
        step(code, pointer, elements * format.bytes);
      code.get(counter).i32(-1).op("i32.add").tee(counter);
    });
  }
  return code;
}

/** Copies the right operand: block after block, in each the `width` neighbours of row k behind those of row k - 1. */
function pack(code: Code, kernel: MatmulKernel, format: Format, at: MatmulAddresses, b: Local): void {
  const { k, n } = kernel.layout;
  const { bytes, lanes } = format;
  const [from, to, source, target] = [code.local("i32"), code.local("i32"), code.local("i32"), code.local("i32")];
  for (const { from: first, width, count } of strips(n, lanes)) {
    const rowStride = kernel.transB ? bytes : n * bytes; // from k to k + 1
    const columnStride = kernel.transB ? k * bytes : bytes;
    code
      .get(b)
      .i32(first * columnStride)
      .op("i32.add")
      .set(source);
    code.i32(first * k * bytes).set(target);
    repeat(code, count, () => {
      code.get(source).set(from).get(target).set(to);
      if (kernel.transB && width > 1) packTransposed(code, kernel, format, at, width, from, to);
      else {
        repeat(code, k, () => {
          if (width === 1)
            code.get(to).get(from).memory(format.scalar.load, at.b).memory(format.scalar.store, at.panels);
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
}

/** Squares of lanes x lanes are turned in registers. */
function packTransposed(
  code: Code,
  kernel: MatmulKernel,
  format: Format,
  at: MatmulAddresses,
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

interface Operands {
  readonly a: Local;
  readonly b: Local;
  readonly out: Local;
  readonly packed: boolean;
}

/** One strip of the result: its blocks of columns, and in each the rows, four at a time. */
function multiply(
  code: Code,
  kernel: MatmulKernel,
  format: Format,
  at: MatmulAddresses,
  strip: Strip,
  operands: Operands,
): void {
  const { m, k, n } = kernel.layout;
  const { bytes } = format;
  const { a, b, out, packed } = operands;
  const [left, right, result, block, corner] = [0, 0, 0, 0, 0].map(() => code.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  if (packed) code.i32(strip.from * k * bytes).set(block);
  else
    code
      .get(b)
      .i32(strip.from * bytes)
      .op("i32.add")
      .set(block);
  code
    .get(out)
    .i32(strip.from * bytes)
    .op("i32.add")
    .set(corner);
  const rowBytes = (kernel.transA ? 1 : k) * bytes;
  repeat(code, strip.count, () => {
    code.get(a).set(left).get(corner).set(result);
    const tiles: [number, number][] = [
      [ROWS, Math.floor(m / ROWS)],
      [m % ROWS, 1],
    ];
    for (const [rows, count] of tiles) {
      if (rows === 0) continue;
      repeat(code, count, () => {
        code.get(block).set(right);
        tile(code, kernel, format, at, { rows, width: strip.width, packed, left, right, result });
        step(code, left, rows * rowBytes);
        step(code, result, rows * n * bytes);
      });
    }
    step(code, block, packed ? strip.width * k * bytes : strip.width * bytes);
    step(code, corner, strip.width * bytes);
  });
}

interface Tile {
  readonly rows: number;
  readonly width: number;
  readonly packed: boolean;
  readonly left: Local;
  readonly right: Local;
  readonly result: Local;
}

/** Sums `rows` x `width` elements of the result in registers and stores them. */
function tile(code: Code, kernel: MatmulKernel, format: Format, at: MatmulAddresses, t: Tile): void {
  const { m, k, n } = kernel.layout;
  const { bytes, lanes } = format;
  const vectors = Math.max(1, Math.floor(t.width / lanes));
  const wide = t.width > 1;
  const ops = wide
    ? { load: "v128.load" as const, store: "v128.store" as const, mul: format.mul, add: format.add }
    : format.scalar;
  const type = wide ? "v128" : bytes === 4 ? "f32" : "f64";
  const sums = Array.from({ length: t.rows * vectors }, () => code.local(type));
  const columns = Array.from({ length: vectors }, () => code.local(type));
  const element = code.local(type);
  const at0 = code.local("i32");
  for (const sum of sums) {
    if (wide) code.v128(new Array<number>(16).fill(0));
    else if (bytes === 4) code.f32(0);
    else code.f64(0);
    code.set(sum);
  }
  code.get(t.left).set(at0);
  const [rowBytes, kBytes] = kernel.transA ? [bytes, m * bytes] : [k * bytes, bytes];
  const rightBytes = (t.packed ? t.width : n) * bytes;
  const rightBase = t.packed ? at.panels : at.b;
  // One term an iteration: the engine unrolls this loop itself, and gathers the loads of a longer body in front of its
  // arithmetic, which then spills registers.
  repeat(code, k, () => {
    columns.forEach((column, v) => {
      code
        .get(t.right)
        .memory(ops.load, rightBase + v * 16)
        .set(column);
    });
    for (let r = 0; r < t.rows; r++) {
      code
        .get(at0)
        .memory(wide ? format.splat : format.scalar.load, at.a + r * rowBytes)
        .set(element);
      columns.forEach((column, v) => {
        const sum = sums[r * vectors + v]!;
        code.get(sum).get(element).get(column).op(ops.mul).op(ops.add).set(sum);
      });
    }
    step(code, at0, kBytes);
    step(code, t.right, rightBytes);
  });
  sums.forEach((sum, i) => {
    const [r, v] = [Math.floor(i / vectors), i % vectors];
    code
      .get(t.result)
      .get(sum)
      .memory(ops.store, at.out + r * n * bytes + v * 16);
  });
}

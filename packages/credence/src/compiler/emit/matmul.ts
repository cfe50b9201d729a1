import type { MatmulKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import { type Format, formatOf } from "./format.js";
import { type Strip, strips } from "./pack.js";
import { type Place, pointerTo } from "./place.js";
import { repeat, step } from "./repeat.js";
import { multiplyThin } from "./thin.js";

/**
 * Matrix products: 4 rows by 2 vectors of the result are summed in registers, in panels of the right operand (`emit/pack.ts`). Each sum
 * runs over k one term after the other, as `ops/matmul.ts` says, so the tiling does not show in the bits.
 */
const ROWS = 4;

/** Where the operands and the result lie, but for what moves, which is in pointers; `b` holds panels or the operand itself. */
export interface MatmulAddresses {
  readonly a: number;
  readonly b: number;
  readonly out: number;
}

export function emitMatmul(kernel: MatmulKernel, a: Place, b: Place, out: Place): Code {
  const code = new Code();
  const format = formatOf(kernel.dtype);
  const { batch, m, k, n } = kernel.layout;
  const at = { a: a.offset, b: b.offset, out: out.offset };
  const operands = { a: pointerTo(code, a), b: pointerTo(code, b), out: pointerTo(code, out) };
  repeat(code, batch, () => {
    if (!kernel.packed && n >= format.lanes) multiplyThin(code, kernel, format, at, operands);
    else for (const strip of strips(n, format.lanes)) multiply(code, kernel, format, at, strip, operands);
    step(code, operands.a, m * k * format.bytes);
    step(code, operands.b, k * n * format.bytes);
    step(code, operands.out, m * n * format.bytes);
  });
  return code;
}

interface Operands {
  readonly a: Local;
  readonly b: Local;
  readonly out: Local;
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
  const { a, b, out } = operands;
  const [left, right, result, block, corner] = [0, 0, 0, 0, 0].map(() => code.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const columnBytes = (kernel.packed ? k : 1) * bytes; // from one column's start to the next one's
  code
    .get(b)
    .i32(strip.from * columnBytes)
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
        tile(code, kernel, format, at, { rows, width: strip.width, left, right, result });
        step(code, left, rows * rowBytes);
        step(code, result, rows * n * bytes);
      });
    }
    step(code, block, strip.width * columnBytes);
    step(code, corner, strip.width * bytes);
  });
}

interface Tile {
  readonly rows: number;
  readonly width: number;
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
  const rightBytes = (kernel.packed ? t.width : n) * bytes;
  // One term an iteration: the engine unrolls this loop itself, and gathers the loads of a longer body in front of its
  // arithmetic, which then spills registers.
  repeat(code, k, () => {
    columns.forEach((column, v) => {
      code
        .get(t.right)
        .memory(ops.load, at.b + v * 16)
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

import type { MatmulKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import type { Simd } from "../wasm/width.js";
import { formatOf } from "./format.js";
import { leftWidth, rightWidth, strips } from "./panels.js";
import { type Place, pointerTo } from "./place.js";
import { repeat, step } from "./repeat.js";
import { multiplyThin } from "./thin.js";
import { type Product, sumTile } from "./tile.js";

/**
 * Matrix products. 4 rows by 2 vectors of the result are summed in registers. Long sums are taken in blocks of k and tall results in
 * blocks of rows, so that what the inner loops read again and again stays in the nearer caches; between two blocks of k the partial sums
 * lie in the result. Each sum runs over k one term after the other, as `ops/matmul.ts` says, so none of this shows in the bits.
 */

/** Bytes of k in a block: a panel of the right operand then takes at most 32 KB. */
const BLOCK_BYTES = 4096;
/** Rows in a block: what it reads of the left operand then takes at most 512 KB. */
const BLOCK_ROWS = 128;

/** Where the operands and the result lie, but for what moves, which is in pointers; `b` holds panels or the operand itself. */
export interface MatmulAddresses {
  readonly a: number;
  readonly b: number;
  readonly out: number;
}

export function emitMatmul(
  kernel: MatmulKernel,
  places: { readonly a: Place; readonly b: Place; readonly out: Place },
  simd: Simd,
): Code {
  const code = new Code();
  const format = formatOf(kernel.dtype, simd);
  const { bytes } = format;
  const { batch, m, k, n } = kernel.layout;
  const [a, b, out] = [pointerTo(code, places.a), pointerTo(code, places.b), pointerTo(code, places.out)];
  const address = (side: "a" | "b" | "out"): number => places[side].offset + kernel.start[side] * bytes;
  const at = { a: address("a"), b: address("b"), out: address("out") };
  const panels = { step: k * bytes, term: (width: number) => width * bytes, neighbour: bytes };
  const asRows = { step: k * bytes, term: () => bytes, neighbour: k * bytes };
  const asColumns = (count: number) => ({ step: bytes, term: () => count * bytes, neighbour: bytes });
  const product: Product = {
    code,
    format,
    left: {
      address: at.a,
      matrix: a,
      ...(kernel.packed.left ? panels : kernel.transA ? asColumns(kernel.leading) : asRows),
    },
    right: { address: at.b, matrix: b, ...(kernel.packed.right ? panels : asColumns(n)) },
    address: at.out,
    matrix: out,
    rowBytes: n * bytes,
  };
  repeat(code, batch, () => {
    if (!kernel.packed.right && n >= format.lanes) multiplyThin(code, kernel, format, at, { a, b, out });
    else multiply(product, kernel);
    step(code, a, m * k * bytes);
    step(code, b, k * n * bytes);
    step(code, out, m * n * bytes);
  });
  return code;
}

/** One block of rows after the other. */
function multiply(product: Product, { layout: { m, k, n } }: MatmulKernel): void {
  const { code, left, matrix, rowBytes } = product;
  const [top, result] = [code.local("i32"), code.local("i32")];
  code.get(left.matrix).set(top).get(matrix).set(result);
  for (const { width: rows, count } of strips(m, BLOCK_ROWS)) {
    repeat(code, count, () => {
      sumRows(product, rows, k, n, top, result);
      step(code, top, rows * left.step);
      step(code, result, rows * rowBytes);
    });
  }
}

/** One block of k after the other. */
function sumRows(product: Product, m: number, k: number, n: number, top: Local, result: Local): void {
  const { code, format, address, rowBytes } = product;
  const blocks = Math.ceil((k * format.bytes) / BLOCK_BYTES);
  const terms = Math.ceil(k / blocks);
  const done = code.local("i32");
  code.i32(0).set(done);
  if (blocks > 1) {
    code.get(result).i32(address).op("i32.add");
    code
      .i32(0)
      .i32(m * rowBytes)
      .fill();
  }
  repeat(code, blocks - 1, () => {
    addTerms(product, m, n, { done, terms, resumes: true }, top, result);
    step(code, done, terms);
  });
  const last = { done, terms: k - (blocks - 1) * terms, resumes: blocks > 1 };
  addTerms(product, m, n, last, top, result);
}

interface Block {
  /** Terms before this block. */
  readonly done: Local;
  readonly terms: number;
  /** The sums so far lie in the result. */
  readonly resumes: boolean;
}

/** The tiles of some rows: for each panel of the right operand, those of the left one. */
function addTerms(product: Product, m: number, n: number, block: Block, top: Local, result: Local): void {
  const { code, format, left, right, rowBytes } = product;
  const [panel, corner, tileLeft, tileResult] = [0, 0, 0, 0].map(() => code.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
  ];
  const start = (pointer: Local, from: Local, offset: number, term: number): void => {
    code.get(from).i32(offset).op("i32.add").get(block.done).i32(term).op("i32.mul").op("i32.add").set(pointer);
  };
  for (const columns of strips(n, rightWidth(format.bytes))) {
    start(panel, right.matrix, columns.from * right.step, right.term(columns.width));
    code
      .get(result)
      .i32(columns.from * format.bytes)
      .op("i32.add")
      .set(corner);
    repeat(code, columns.count, () => {
      code.get(corner).set(tileResult);
      for (const rows of strips(m, leftWidth)) {
        start(tileLeft, top, rows.from * left.step, left.term(rows.width));
        repeat(code, rows.count, () => {
          sumTile(product, {
            rows: rows.width,
            columns: columns.width,
            terms: block.terms,
            resumes: block.resumes,
            left: tileLeft,
            right: panel,
            result: tileResult,
          });
          step(code, tileLeft, rows.width * left.step);
          step(code, tileResult, rows.width * rowBytes);
        });
      }
      step(code, panel, columns.width * right.step);
      step(code, corner, columns.width * format.bytes);
    });
  }
}

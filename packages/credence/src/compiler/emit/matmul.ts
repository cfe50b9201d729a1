import type { Access } from "../access.js";
import type { MatmulKernel } from "../kernel.js";
import { Code, type Local } from "../wasm/assembler.js";
import type { Simd } from "../wasm/width.js";
import { formatOf } from "./format.js";
import { blocksOf, rightWidth, strips, TILE_ROWS } from "./panels.js";
import { fixed, type Place, type PlaceOf, pointerTo } from "./place.js";
import { Pointers } from "./pointers.js";
import { repeat, step } from "./repeat.js";
import { multiplyThin } from "./thin.js";
import { type Product, Tiles } from "./tile.js";

/**
 * Matrix products. 4 rows by 2 vectors of the result are summed in registers. Long sums are taken in blocks of k and tall results in
 * blocks of rows, so that what the inner loops read again and again stays in the nearer caches; between two blocks of k the partial sums
 * lie in the result. Each sum runs over k one term after the other, as `ops/matmul.ts` says, so none of this shows in the bits.
 */

/** Rows in a block: what it reads of the left operand then takes at most 512 KB. */
const BLOCK_ROWS = 128;

export function emitMatmul(kernel: MatmulKernel, placeOf: PlaceOf, simd: Simd): Code {
  const code = new Code();
  const format = formatOf(kernel.dtype, simd);
  const { bytes } = format;
  const { batch, m, k, n } = kernel.layout;
  const [from, by] = [placeOf(kernel.reads[0]!), placeOf(kernel.reads[1]!)];
  const [a, b] = [pointerTo(code, from), pointerTo(code, by)];
  const at = { a: from.offset + kernel.start.a * bytes, b: by.offset + kernel.start.b * bytes };
  if (m < TILE_ROWS && !kernel.packed.right && n >= format.lanes) {
    const to = placeOf(kernel.writes[0]!);
    const [out, start] = [pointerTo(code, to), kernel.accesses[kernel.sum]!.offset * bytes];
    repeat(code, batch, () => {
      multiplyThin(code, kernel, format, { ...at, out: to.offset + start }, { a, b, out });
      step(code, a, m * k * bytes);
      step(code, b, k * n * bytes);
      step(code, out, m * n * bytes);
    });
    return code;
  }
  const panels = { step: k * bytes, term: (width: number) => width * bytes, neighbour: bytes };
  const asRows = { step: k * bytes, term: () => bytes, neighbour: k * bytes };
  const asColumns = (count: number) => ({ step: bytes, term: () => count * bytes, neighbour: bytes });
  // a sum that nobody else needs stays in registers, and has no place
  const addressOf = ({ node }: Access): Place =>
    kernel.reads.includes(node) || kernel.writes.includes(node) ? placeOf(node) : fixed(0);
  const pointers = new Pointers(code, kernel.accesses, addressOf);
  const product: Product = {
    code,
    format,
    left: { address: at.a, ...(kernel.packed.left ? panels : kernel.transA ? asColumns(kernel.leading) : asRows) },
    right: { address: at.b, ...(kernel.packed.right ? panels : asColumns(n)) },
    pointers,
  };
  const tiles = new Tiles(product, kernel, simd);
  pointers.loop(0, batch, m, () => {
    multiply(product, tiles, kernel, a, b);
    step(code, a, m * k * bytes);
    step(code, b, k * n * bytes);
  });
  return code;
}

/** One block of rows after the other, and in each one block of k after the other. */
function multiply(product: Product, tiles: Tiles, kernel: MatmulKernel, a: Local, b: Local): void {
  const { code, format, left, pointers } = product;
  const { m, k, n } = kernel.layout;
  const { count: blocks, terms } = blocksOf(k, format.bytes);
  const [top, done] = [code.local("i32"), code.local("i32")];
  for (const { from, width: rows, count } of strips(m, BLOCK_ROWS)) {
    code
      .get(a)
      .i32(from * left.step)
      .op("i32.add")
      .set(top);
    pointers.shifted(0, from, () => {
      pointers.loop(0, count, rows, () => {
        const block = { top, matrix: b, rows, columns: n, done };
        code.i32(0).set(done);
        if (blocks > 1) {
          const start = pointers.address(kernel.sum);
          code.i32(start).op("i32.add").i32(0);
          code.i32(rows * n * format.bytes).fill();
        }
        repeat(code, blocks - 1, () => {
          addTerms(product, tiles, { ...block, terms, resumes: true, ends: false });
          step(code, done, terms);
        });
        const last = k - (blocks - 1) * terms;
        addTerms(product, tiles, { ...block, terms: last, resumes: blocks > 1, ends: true });
        step(code, top, rows * left.step);
      });
    });
  }
}

interface Block {
  /** Where the left operand's rows begin, and the right one's matrix. */
  readonly top: Local;
  readonly matrix: Local;
  readonly rows: number;
  readonly columns: number;
  /** Terms before this block, and in it. */
  readonly done: Local;
  readonly terms: number;
  /** The sums so far lie in the result; and the sums are whole after it. */
  readonly resumes: boolean;
  readonly ends: boolean;
}

/** The tiles of some rows: for each panel of the right operand, those of the left one. */
function addTerms({ code, format, left, right, pointers }: Product, tiles: Tiles, block: Block): void {
  const [panel, row] = [code.local("i32"), code.local("i32")];
  const start = (pointer: Local, from: Local, offset: number, term: number): void => {
    code.get(from).i32(offset).op("i32.add").get(block.done).i32(term).op("i32.mul").op("i32.add").set(pointer);
  };
  for (const columns of strips(block.columns, rightWidth(format.bytes))) {
    start(panel, block.matrix, columns.from * right.step, right.term(columns.width));
    pointers.shifted(1, columns.from, () => {
      pointers.loop(1, columns.count, columns.width, () => {
        for (const rows of strips(block.rows, TILE_ROWS)) {
          start(row, block.top, rows.from * left.step, left.term(rows.width));
          pointers.shifted(0, rows.from, () => {
            pointers.loop(0, rows.count, rows.width, () => {
              tiles.emit({ ...block, rows: rows.width, columns: columns.width, left: row, right: panel });
              step(code, row, rows.width * left.step);
            });
          });
        }
        step(code, panel, columns.width * right.step);
      });
    });
  }
}

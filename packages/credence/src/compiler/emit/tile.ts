import type { Code, Local } from "../wasm/assembler.js";
import { addProduct, type Format, pushZero } from "./format.js";
import { repeat, step } from "./repeat.js";

/** How the tiles walk over one operand, in bytes. */
export interface Side {
  readonly address: number;
  /** Offset of the matrix, for products of many. */
  readonly matrix: Local;
  /** From a row (left) or column (right) to the next, and from one k to the next in panels of some width. */
  readonly step: number;
  readonly term: (width: number) => number;
  /** Between neighbours in a tile. */
  readonly neighbour: number;
}

export interface Product {
  readonly code: Code;
  readonly format: Format;
  readonly left: Side;
  readonly right: Side;
  readonly address: number;
  /** Offset of the result's matrix, and bytes of a row. */
  readonly matrix: Local;
  readonly rowBytes: number;
}

/** Some rows and columns of the result; offsets of where its operands begin and where it lies. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  /** Terms to add. */
  readonly terms: number;
  /** Start with what lies in the result, else with 0. */
  readonly resumes: boolean;
  readonly left: Local;
  readonly right: Local;
  readonly result: Local;
}

/**
 * Sums a tile in registers and stores it. Vectors may reach beyond the tile's columns: what they hold there is read, and never stored.
 */
export function sumTile({ code, format, left, right, address, rowBytes }: Product, tile: Tile): void {
  const { lanes, bytes } = format;
  const vectors = Math.ceil(tile.columns / lanes);
  const vector = () => code.local(format.type);
  const sums = Array.from({ length: tile.rows }, () => Array.from({ length: vectors }, vector));
  const columns = Array.from({ length: vectors }, vector);
  const element = vector();
  const [row, column] = [code.local("i32"), code.local("i32")];
  const place = (r: number, v: number): number => address + r * rowBytes + v * lanes * bytes;

  sums.forEach((parts, r) => {
    parts.forEach((sum, v) => {
      if (tile.resumes) code.get(tile.result).memory(format.load, place(r, v));
      else pushZero(code, format);
      code.set(sum);
    });
  });
  code.get(tile.left).set(row).get(tile.right).set(column);
  // One term an iteration: the engine unrolls this loop itself, and gathers the loads of a longer body in front of its
  // arithmetic, which then spills registers.
  repeat(code, tile.terms, () => {
    columns.forEach((part, v) => {
      code
        .get(column)
        .memory(tile.columns === 1 ? format.splat : format.load, right.address + v * lanes * bytes)
        .set(part);
    });
    sums.forEach((parts, r) => {
      code
        .get(row)
        .memory(format.splat, left.address + r * left.neighbour)
        .set(element);
      parts.forEach((sum, v) => {
        addProduct(code, format, sum, () => code.get(element).get(columns[v]!));
      });
    });
    step(code, row, left.term(tile.rows));
    step(code, column, right.term(tile.columns));
  });
  sums.forEach((parts, r) => {
    parts.forEach((sum, v) => {
      const filled = Math.min(lanes, tile.columns - v * lanes);
      if (filled === lanes) code.get(tile.result).get(sum).memory(format.store, place(r, v));
      else {
        for (let lane = 0; lane < filled; lane++) {
          code
            .get(tile.result)
            .get(sum)
            .memory(format.storeLane, place(r, v) + lane * bytes, lane);
        }
      }
    });
  });
}

import { type Expression, expressionsBelow } from "../expression.js";
import type { MatmulKernel } from "../kernel.js";
import type { Code, Local } from "../wasm/assembler.js";
import { Emitter } from "../wasm/lanes.js";
import { elements, type Lanes, type Simd, vector } from "../wasm/width.js";
import { addProduct, type Format, pushZero } from "./format.js";
import { invariants } from "./loop.js";
import type { Pointers } from "./pointers.js";
import { repeat, step } from "./repeat.js";

/** How tiles walk over one operand, in bytes. */
interface Side {
  /** But for what moves. */
  readonly address: number;
  /** From a row (left) or column (right) to the next, and from one k to the next in panels of some width. */
  readonly step: number;
  readonly term: (width: number) => number;
  /** Between neighbours in a tile. */
  readonly neighbour: number;
}

/** What all tiles of a product have in common. */
export interface Product {
  readonly code: Code;
  readonly format: Format;
  readonly left: Side;
  readonly right: Side;
  /** Over the rows and columns of the result. */
  readonly pointers: Pointers;
}

/** Some rows and columns of the result, and where its operands begin. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly left: Local;
  readonly right: Local;
  /** Terms to add. */
  readonly terms: number;
  /** Start with what lies in the result, else with 0. */
  readonly resumes: boolean;
  /** The sums are whole then: store what is made of them, else the sums themselves. */
  readonly ends: boolean;
}

/**
 * Sums tiles in registers, and stores what becomes of them. Vectors may reach beyond a tile's columns: what they hold there is read, and
 * never stored.
 */
export class Tiles {
  private readonly product: Product;
  private readonly kernel: MatmulKernel;
  private readonly lanes: Lanes;
  /** The sum, as epilogues know it. */
  private readonly sum: Expression;
  /** Knows what is the same for all elements. */
  private readonly common: Emitter;

  /** Emits what is the same for all elements. */
  constructor(product: Product, kernel: MatmulKernel, simd: Simd) {
    const { code, format, pointers } = product;
    const roots = kernel.stores.map((s) => s.value);
    this.product = product;
    this.kernel = kernel;
    this.lanes = format.lanes === 1 ? elements(simd) : vector(format.lanes as 2 | 4);
    this.sum = expressionsBelow(roots).find((e) => e.op === "load" && e.immediate === kernel.sum)!;
    this.common = new Emitter(code, this.lanes, pointers, roots);
    const isFixed = (access: number): boolean => kernel.accesses[access]!.strides.every((s) => s === 0);
    for (const e of invariants(roots, isFixed)) if (e.op !== "load") this.common.fix(e);
  }

  emit(tile: Tile): void {
    this.product.code.scope(() => {
      const sums = this.start(tile);
      this.addTerms(tile, sums);
      sums.forEach((parts, r) => {
        parts.forEach((part, v) => {
          this.at(r, v, () => this.finish(tile, part, Math.min(this.lanes.count, tile.columns - v * this.lanes.count)));
        });
      });
    });
  }

  /** The sums so far, by rows and vectors. */
  private start(tile: Tile): Local[][] {
    const { code, format, pointers } = this.product;
    const vectors = Math.ceil(tile.columns / this.lanes.count);
    return Array.from({ length: tile.rows }, (_, r) =>
      Array.from({ length: vectors }, (__, v) => {
        const part = code.local(format.type);
        if (tile.resumes) this.at(r, v, () => pointers.load(code, this.kernel.sum, this.kernel.dtype, this.lanes));
        else pushZero(code, format);
        code.set(part);
        return part;
      }),
    );
  }

  private addTerms(tile: Tile, sums: readonly (readonly Local[])[]): void {
    const { code, format, left, right } = this.product;
    const [row, column] = [code.local("i32"), code.local("i32")];
    const element = code.local(format.type);
    const columns = sums[0]!.map(() => code.local(format.type));
    code.get(tile.left).set(row).get(tile.right).set(column);
    // One term an iteration: the engine unrolls this loop itself, and gathers the loads of a longer body in front of its
    // arithmetic, which then spills registers.
    repeat(code, tile.terms, () => {
      columns.forEach((part, v) => {
        code.get(column);
        code
          .memory(tile.columns === 1 ? format.splat : format.load, right.address + v * format.lanes * format.bytes)
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
  }

  /** Stores what becomes of a vector of sums. All is computed before, since results may take the place of what is read. */
  private finish(tile: Tile, sum: Local, filled: number): void {
    const { code, pointers } = this.product;
    const { kernel, lanes } = this;
    if (!tile.ends) {
      pointers.store(kernel.sum, kernel.dtype, lanes, () => code.get(sum), filled);
      return;
    }
    code.scope(() => {
      const emitter = this.common.fork();
      emitter.bind(this.sum, sum);
      for (const { value } of kernel.stores) emitter.fix(value);
      for (const { access, value } of kernel.stores)
        pointers.store(access, value.dtype, lanes, () => emitter.push(value), filled);
    });
  }

  /** Runs `body` where pointers are at a vector of the tile. */
  private at(row: number, vector: number, body: () => void): void {
    const { pointers } = this.product;
    pointers.shifted(0, row, () => pointers.shifted(1, vector * this.lanes.count, body));
  }
}

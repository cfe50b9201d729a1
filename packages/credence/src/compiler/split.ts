import { type Access, collapse } from "./access.js";
import { TILE_ROWS } from "./emit/panels.js";
import type { EngineSettings } from "./engine.js";
import { expressionsBelow } from "./expression.js";
import { flopsOf } from "./flops.js";
import { sizeOfNode } from "./ir.js";
import type { Kernel, LoopKernel, MatmulKernel, PackKernel, RandomKernel, ReduceKernel } from "./kernel.js";

/**
 * Divides large kernels into parts that threads can run at the same time: each writes elements of its own, which it computes as the whole
 * kernel would. No sum is ever divided, so the number of parts does not show in the bits.
 */
export function split(kernel: Kernel, { threads, grainMicroseconds }: EngineSettings): readonly Kernel[] {
  const parts = Math.min(threads, Math.floor(nanoseconds(kernel) / (1000 * grainMicroseconds)));
  if (parts < 2) return [kernel];
  switch (kernel.kind) {
    case "loop":
      return splitLoop(kernel, parts);
    case "reduce":
      return splitReduce(kernel, parts);
    case "matmul":
      return splitMatmul(kernel, parts);
    case "pack":
      return splitPack(kernel, parts);
    case "random":
      return splitRandom(kernel, parts);
    default:
      return [kernel];
  }
}

/** Nanoseconds of one operation, on a processor of 2.6 GHz: in products, and in loops with their loads and stores. */
const IN_PRODUCTS = 0.025;
const IN_LOOPS = 0.05;
/** Of an element that is copied into its panel, and of a block of random numbers. */
const PACKED = 0.2;
const DRAWN = 10;

/** What a kernel takes on one thread, roughly; float64 has half as many elements in a vector. */
function nanoseconds(kernel: Kernel): number {
  const wide = kernel.writes.some((node) => node.dtype === "float64") ? 2 : 1;
  switch (kernel.kind) {
    case "matmul":
      return flopsOf(kernel) * IN_PRODUCTS * wide;
    case "loop":
    case "reduce":
      return flopsOf(kernel) * IN_LOOPS * wide;
    case "pack":
      return sizeOfNode(kernel.writes[0]!) * PACKED * wide;
    case "random":
      return kernel.count * DRAWN;
    default:
      return 0; // not divided
  }
}

interface Range {
  readonly from: number;
  readonly count: number;
}

/** At most `parts` ranges of 0..n, of about one length, which begin at multiples of `grain` and are at least as long. */
function ranges(n: number, parts: number, grain = 1): Range[] {
  const units = Math.floor(n / grain);
  const count = Math.max(1, Math.min(parts, units));
  const start = (part: number): number => (part === count ? n : Math.floor((part * units) / count) * grain);
  return Array.from({ length: count }, (_, part) => ({ from: start(part), count: start(part + 1) - start(part) }));
}

/** Neighbouring elements that stay in one part: a cache line of the smallest type, and whole vectors. */
const LINE = 16;
/** Positions of a loop for each part that make it worth dividing: parts are then equal but for an eighth. */
const FINE = 8;

/** The outermost loop that is long enough, else the longest. */
function loopToDivide(sizes: readonly number[], parts: number): number {
  const found = sizes.findIndex((size, d) => size >= parts * FINE * (d === sizes.length - 1 ? LINE : 1));
  return found >= 0 ? found : sizes.indexOf(Math.max(...sizes));
}

const moved = (accesses: readonly Access[], d: number, steps: number): Access[] =>
  accesses.map((access) => ({ ...access, offset: access.offset + steps * access.strides[d]! }));

const replaced = (sizes: readonly number[], d: number, size: number): number[] =>
  sizes.map((n, i) => (i === d ? size : n));

function splitLoop(kernel: LoopKernel, parts: number): LoopKernel[] {
  const countsPositions = expressionsBelow(kernel.stores.map((s) => s.value)).some((e) => e.op === "index");
  if (countsPositions) return [kernel];
  const { sizes, accesses } = collapse(kernel.sizes, kernel.accesses);
  if (sizes.length === 0) return [kernel]; // one element
  const d = loopToDivide(sizes, parts);
  const grain = d === sizes.length - 1 ? LINE : 1;
  return ranges(sizes[d]!, parts, grain).map(({ from, count }) => ({
    ...kernel,
    sizes: replaced(sizes, d, count),
    accesses: moved(accesses, d, from),
  }));
}

function splitReduce(kernel: ReduceKernel, parts: number): ReduceKernel[] {
  const { outer, inner, accesses } = kernel;
  const sizes = [...outer, inner];
  const d = loopToDivide(sizes, parts);
  if (d < outer.length) {
    return ranges(outer[d]!, parts).map(({ from, count }) => ({
      ...kernel,
      outer: replaced(outer, d, count),
      accesses: moved(accesses, d, from),
    }));
  }
  // more than one column in each part: the order of additions is another where there is only one
  return ranges(inner, parts, LINE).map(({ from, count }) => ({
    ...kernel,
    inner: count,
    accesses: moved(accesses, outer.length + 1, from),
  }));
}

/** By matrices if there are several, else by rows of whole panels. */
function splitMatmul(kernel: MatmulKernel, parts: number): MatmulKernel[] {
  const { layout, transA, packed } = kernel;
  const { batch, m, k, n } = layout;
  if (batch > 1) {
    return ranges(batch, parts).map(({ from, count }) => ({
      ...kernel,
      layout: { ...layout, batch: count },
      start: { a: from * m * k, b: from * k * n },
      accesses: moved(kernel.accesses, 0, from * m),
    }));
  }
  const row = transA && !packed.left ? 1 : k; // from one row of the left operand to the next
  return ranges(m, parts, TILE_ROWS).map(({ from, count }) => ({
    ...kernel,
    layout: { ...layout, m: count },
    start: { a: from * row, b: 0 },
    accesses: moved(kernel.accesses, 0, from),
  }));
}

/** By matrices if there are several, else by panels. */
function splitPack(kernel: PackKernel, parts: number): PackKernel[] {
  const { layout } = kernel;
  const { batch, k, n } = layout;
  if (batch > 1) {
    return ranges(batch, parts).map(({ from, count }) => ({
      ...kernel,
      layout: { ...layout, batch: count },
      start: from * k * n,
    }));
  }
  return ranges(n, parts, LINE).map((neighbours) => ({ ...kernel, neighbours }));
}

function splitRandom(kernel: RandomKernel, parts: number): RandomKernel[] {
  return ranges(kernel.blocks, parts, LINE).map(({ from, count }) => ({
    ...kernel,
    from,
    count,
  }));
}

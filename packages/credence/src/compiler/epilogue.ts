import { bytesOf } from "../graph/dtype.js";
import { sizeOf } from "../graph/shape.js";
import { type Access, collapse, isIdentity } from "./access.js";
import { blocksOf, TILE_ROWS } from "./emit/panels.js";
import { type Expression, expressionsBelow, type Operation } from "./expression.js";
import type { IrNode } from "./ir.js";
import type { Kernel, LoopKernel, MatmulKernel } from "./kernel.js";
import { lanesFor } from "./wasm/lanes.js";

/**
 * Operations on an element beyond which a loop of its own is as fast or faster: Adam's update is bound by its divisions and root, and on
 * tiles, whose rows lie apart, its loads and stores are slower.
 */
const LARGEST = 12;
/** Operations that have branches or loops of their own. */
const CONTROL = new Set<Operation>(["when", "iterate", "call", "index"]);

/**
 * Loops that read a product at the very element they compute are done on its tiles while these are in registers: bias and activation,
 * the mask of an activation's gradient, the update of a weight by its gradient. If nothing else reads the product, it needs no memory.
 */
export function fuseEpilogues(kernels: readonly Kernel[], outputs: ReadonlySet<IrNode>): Kernel[] {
  let list: readonly Kernel[] = kernels;
  for (const loop of kernels) {
    if (loop.kind !== "loop") continue;
    const place = list.indexOf(loop);
    const before = list.slice(0, place);
    // the latest product first: the others then are there to be read
    for (let i = place - 1; i >= 0; i--) {
      const product = list[i]!;
      if (product.kind !== "matmul") continue;
      const node = nodeOf(product);
      if (!loop.reads.includes(node) || before.some((k) => k.reads.includes(node))) continue;
      const fused = fuse(product, loop, outputs.has(node) || list.slice(place + 1).some((k) => k.reads.includes(node)));
      if (!fused) continue;
      list = [...before.filter((k) => k !== product), fused, ...list.slice(place + 1)];
      break;
    }
  }
  return packsLate(list);
}

export const nodeOf = ({ accesses, sum }: MatmulKernel): IrNode => accesses[sum]!.node;
export const operandsOf = ({ reads }: MatmulKernel): readonly IrNode[] => reads.slice(0, 2);
export const sizesOf = ({ layout: { batch, m, n } }: MatmulKernel): readonly number[] => [batch * m, n];
/** Do sums lie in memory before they are whole? */
export const hasPartialSums = ({ layout, dtype }: MatmulKernel): boolean =>
  blocksOf(layout.k, bytesOf(dtype)).count > 1;

/** @param kept  the product itself is needed by others */
function fuse(product: MatmulKernel, loop: LoopKernel, kept: boolean): MatmulKernel | undefined {
  const { layout, dtype, stores } = product;
  const bytes = bytesOf(dtype);
  const roots = loop.stores.map((s) => s.value);
  const order = expressionsBelow(roots);
  const hasTiles = layout.m >= TILE_ROWS && layout.n * bytes >= 16;
  const isPlain = stores.length === 1 && stores[0]!.access === product.sum;
  const isLight = order.filter((e) => e.args.length > 0).length <= LARGEST && !order.some((e) => CONTROL.has(e.op));
  if (!hasTiles || !isPlain || !isLight || !hasLanes(roots, 16 / bytes)) return undefined;

  const node = nodeOf(product);
  const accesses = overRows(loop, sizesOf(product));
  const sum = loop.accesses.findIndex((access) => access.node === node);
  const stored = new Set(loop.stores.map((s) => s.access));
  const isVector = accesses?.every(({ strides: [, step] }, i) => step === 1 || (step === 0 && !stored.has(i)));
  const isInPlace = loop.accesses.every((access) => access.node !== node || isIdentity(access, loop.sizes));
  if (!accesses || !isVector || !isInPlace) return undefined;

  const value = order.find((e) => e.op === "load" && e.immediate === sum)!;
  const operands = operandsOf(product);
  const isWritten = kept || hasPartialSums(product);
  return {
    ...product,
    name: `${product.name}_${loop.name}`,
    reads: [...operands, ...loop.reads.filter((read) => read !== node && !operands.includes(read))],
    writes: [...loop.writes, ...(isWritten ? [node] : [])],
    sum,
    accesses,
    stores: [...loop.stores, ...(kept ? [{ access: sum, value }] : [])],
  };
}

/** Do the loop's vectors have as many lanes as the product's? */
function hasLanes(roots: readonly Expression[], count: number): boolean {
  return lanesFor(roots, "strict").count === count && (count === 4 || roots.every((root) => root.dtype !== "bool"));
}

/** The accesses of a loop over all rows, and their columns; undefined if the loop is another, or an access changes its stride between rows. */
function overRows(loop: LoopKernel, [rows, columns]: readonly number[]): Access[] | undefined {
  const last = loop.sizes.length - 1;
  if (loop.sizes[last] !== columns || sizeOf(loop.sizes) !== rows! * columns!) return undefined;
  const leading = collapse(
    loop.sizes.slice(0, last),
    loop.accesses.map((access) => ({ ...access, strides: access.strides.slice(0, last) })),
  );
  if (leading.sizes.length > 1) return undefined;
  return leading.accesses.map((access, i) => ({
    ...access,
    strides: [access.strides[0] ?? 0, loop.accesses[i]!.strides[last]!],
  }));
}

/** Operands are packed right before the first product that reads them, so that panels do not live long. */
function packsLate(kernels: readonly Kernel[]): Kernel[] {
  const waiting = new Set(kernels.filter((kernel) => kernel.kind === "pack"));
  return kernels.flatMap((kernel) => {
    if (kernel.kind === "pack") return [];
    const due = [...waiting].filter((pack) => kernel.reads.includes(pack.writes[0]!));
    for (const pack of due) waiting.delete(pack);
    return [...due, kernel];
  });
}

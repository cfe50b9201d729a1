import { bytesOf } from "../graph/dtype.js";
import { lanesOf } from "../ops/reduce.js";
import { type Access, collapse } from "./access.js";
import { expressionsBelow } from "./expression.js";
import { bytesOfNode, type IrNode, sizeOfNode } from "./ir.js";
import type { BandsKernel, Kernel, LoopKernel, ReduceKernel } from "./kernel.js";
import { COUNTER_BYTES } from "./lowerScan.js";

/**
 * Joins kernels that hand rows on to each other: they run over one band of rows after another, so that what one writes the next still
 * finds in the nearest cache, and what nobody else reads needs room for a band only.
 */

/** Bytes that the kernels of a band write: the second cache holds several times as much. */
export const BAND_BYTES = 2 ** 17;
/** What is saved, in bands' bytes, from which on farther caches cost more than calling each kernel once a band. */
const WORTH_BANDS = 4;
/** Kernels that are put off while a group grows; more would make long programs slow to compile. */
const LARGEST_DETOUR = 64;
/** A band's rows are a multiple of this, so that partial sums begin at the first one. */
const GRAIN = 16;

type Rowwise = LoopKernel | ReduceKernel;

/** A kernel that goes over rows, in some number of them, and how far its accesses move from one of these to the next. */
interface Candidate {
  readonly kernel: Rowwise;
  readonly rows: number;
  readonly accesses: readonly Access[];
  /** Sizes of the loops over the first axis and below it. */
  readonly sizes: readonly number[];
}

class Group {
  readonly members: Candidate[] = [];
  /** A number of rows that divides that of each member. */
  rows = 0;
  readonly written = new Set<IrNode>();
  /** Bytes that members find in the nearest cache, since one before them read or wrote the same. */
  saved = 0;
  private readonly touched = new Set<IrNode>();

  /** Takes a kernel in, if it fits and reads what a member writes. */
  add(kernel: Kernel): boolean {
    const candidate = candidateOf(kernel);
    if (!candidate) return false;
    const linked = kernel.reads.filter((node) => this.written.has(node));
    if (this.members.length > 0 && linked.length === 0) return false;
    // the whole sum of a band's rows is known only when all bands are done
    if (linked.some((node) => this.members.some((m) => isWhole(m.kernel) && m.kernel.writes.includes(node))))
      return false;
    const rows = gcd(this.rows, candidate.rows);
    const members = [...this.members, candidate];
    const shared = new Set([...this.written, ...kernel.writes]);
    if (rows < 2 * GRAIN || !members.every((member) => staysInRow(member, rows, shared))) return false;
    this.members.push(candidate);
    this.rows = rows;
    for (const node of kernel.reads) if (this.touched.has(node)) this.saved += bytesOfNode(node);
    for (const node of [...kernel.reads, ...kernel.writes]) this.touched.add(node);
    for (const node of kernel.writes) this.written.add(node);
    return true;
  }
}

/** Is it one result of all rows? Then it is carried from band to band. */
export const isWhole = (kernel: Rowwise): boolean => kernel.kind === "reduce" && kernel.outer.length === 0;

/** The loops of a kernel, the first of which is over rows. */
export function loopsOf(kernel: Rowwise): { sizes: readonly number[]; accesses: readonly Access[] } {
  if (kernel.kind === "loop") return collapse(kernel.sizes, kernel.accesses);
  return { sizes: [...kernel.outer, kernel.n, kernel.inner], accesses: kernel.accesses };
}

function candidateOf(kernel: Kernel): Candidate | undefined {
  if (kernel.kind === "reduce") {
    if (isWhole(kernel) && kernel.inner !== 1) return undefined;
  } else if (kernel.kind !== "loop" || countsPositions(kernel)) return undefined;
  const { sizes, accesses } = loopsOf(kernel);
  return sizes.length === 0 ? undefined : { kernel, rows: sizes[0]!, sizes, accesses };
}

const countsPositions = ({ stores }: LoopKernel): boolean =>
  expressionsBelow(stores.map((s) => s.value)).some((e) => e.op === "index");

/** Does the kernel read and write of the shared buffers just the row at hand? */
function staysInRow({ kernel, rows, sizes, accesses }: Candidate, count: number, shared: ReadonlySet<IrNode>): boolean {
  const each = rows / count;
  return accesses.every(({ node, strides, offset }, i) => {
    if (!shared.has(node) || (isWhole(kernel) && i === accesses.length - 1)) return true;
    const row = sizeOfNode(node) / count;
    const last = strides.reduce((sum, stride, d) => sum + stride * ((d === 0 ? each : sizes[d]!) - 1), offset);
    return strides[0]! * each === row && last < row;
  });
}

/** @param bytes  that a band writes, about */
export function joinBands(
  kernels: readonly Kernel[],
  outputs: readonly IrNode[],
  bytes: number,
  scratch: (shape: readonly number[], like: IrNode) => IrNode,
): Kernel[] {
  const done: Kernel[] = [];
  let left = [...kernels];
  while (left.length > 0) {
    const found = groupFrom(left, bytes);
    if (!found) {
      done.push(left.shift()!);
      continue;
    }
    const { group, before, after } = found;
    const others = [...done, ...before, ...after];
    const needed = new Set([...outputs, ...others.flatMap((k) => [...k.reads, ...k.writes])]);
    done.push(...before, bandsKernel(group, bytes, needed, scratch));
    left = after;
  }
  return done;
}

/** The group that begins with the first kernel, if it is worth it, and the others: those that can go before, and those that can't. */
function groupFrom(
  kernels: readonly Kernel[],
  bytes: number,
): { group: Group; before: Kernel[]; after: Kernel[] } | undefined {
  const [first, ...rest] = kernels as [Kernel, ...Kernel[]];
  const group = new Group();
  if ([...first.reads, ...first.writes].every((node) => bytesOfNode(node) < bytes) || !group.add(first))
    return undefined;
  const before: Kernel[] = [];
  const after: Kernel[] = [];
  const putOff = new Set<IrNode>();
  for (const [i, kernel] of rest.entries()) {
    if (after.length > LARGEST_DETOUR) {
      after.push(...rest.slice(i));
      break;
    }
    const waits = [...kernel.reads, ...kernel.writes].some((node) => putOff.has(node));
    if (!waits && group.add(kernel)) continue;
    if (waits || kernel.reads.some((node) => group.written.has(node))) {
      after.push(kernel);
      for (const node of kernel.writes) putOff.add(node);
    } else before.push(kernel);
  }
  return group.saved >= WORTH_BANDS * bytes ? { group, before, after } : undefined;
}

function bandsKernel(
  { members, rows, written }: Group,
  bytes: number,
  needed: ReadonlySet<IrNode>,
  scratch: (shape: readonly number[], like: IrNode) => IrNode,
): BandsKernel {
  const kernels = members.map((m) => m.kernel);
  const band = rowsOfBand(rows, bytes / ([...written].reduce((sum, node) => sum + bytesOfNode(node), 0) / rows));
  const places = new Map<IrNode, number>();
  let room = COUNTER_BYTES;
  const place = (node: IrNode, size: number): void => {
    places.set(node, room);
    room += Math.ceil((size * bytesOf(node.dtype)) / 64) * 64;
  };
  const carried = new Map<IrNode, IrNode>();
  for (const kernel of kernels) {
    const result = kernel.writes[0]!;
    if (kernel.kind !== "reduce" || !isWhole(kernel)) continue;
    const partials = scratch([lanesOf(kernel.n)], result);
    carried.set(result, partials);
    place(partials, sizeOfNode(partials));
  }
  const own = [...written].filter((node) => !needed.has(node));
  for (const node of own) place(node, (sizeOfNode(node) / rows) * band);
  const roomNode: IrNode = { ...scratch([Math.ceil(room / 4)], kernels[0]!.writes[0]!), dtype: "int32" };
  const inside = new Set(own);
  const outside = (nodes: readonly IrNode[]): IrNode[] => [...new Set(nodes)].filter((node) => !inside.has(node));
  return {
    kind: "bands",
    name: `bands_${kernels[kernels.length - 1]!.name}`,
    reads: outside(kernels.flatMap((k) => k.reads)).filter((node) => !written.has(node)),
    writes: [...outside([...written]), roomNode],
    kernels,
    rows,
    band,
    places,
    carried,
    room: roomNode,
  };
}

/** About so many rows, a multiple of the grain; one that divides all, if there is one not much smaller. */
function rowsOfBand(rows: number, wanted: number): number {
  const most = Math.max(GRAIN, Math.floor(Math.min(wanted, rows) / GRAIN) * GRAIN);
  for (let band = most; band > most / 2; band -= GRAIN) if (rows % band === 0) return band;
  return most;
}

/** Of 0 and n it is n. */
function gcd(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
}

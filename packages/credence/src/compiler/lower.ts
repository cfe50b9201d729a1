import type { FloatType } from "../graph/dtype.js";
import { sizeOf, stridesOf } from "../graph/shape.js";
import { operandType } from "../interpreter/interpret.js";
import { matmulLayout } from "../ops/matmul.js";
import { blocksOf, type Made } from "../ops/random.js";
import type { ReduceKind } from "../ops/reduce.js";
import { solveLayout } from "../ops/triangularSolve.js";
import { type Access, accessOf, type IndexMap, identityMap, isIdentity, mapOfInput } from "./access.js";
import { BAND_BYTES, joinBands } from "./bands.js";
import { calleeOf } from "./callee.js";
import { fuseEpilogues, hasPartialSums, nodeOf, operandsOf, sizesOf } from "./epilogue.js";
import { type Expression, ExpressionBuilder } from "./expression.js";
import {
  bufferOf,
  type Fusion,
  isBufferView,
  isScalarConstant,
  type LoopGroup,
  reduceLoops,
  storedSource,
} from "./fuse.js";
import { type IrGraph, type IrNode, kindOf, sizeOfNode } from "./ir.js";
import type { Kernel, LoopKernel } from "./kernel.js";
import { lowerScan } from "./lowerScan.js";
import type { Passes } from "./passes.js";

/** Turns the groups of a fusion into kernels, in order of execution. */
export function lower(graph: IrGraph, fusion: Fusion, passes: Passes): Kernel[] {
  let fresh = graph.nodes.length;
  const scratch = (shape: readonly number[], like: IrNode): IrNode => ({ ...like, id: fresh++, inputs: [], shape });
  const isStored = (node: IrNode): boolean => fusion.stored.has(node);
  const buffer = (node: IrNode): IrNode => bufferOf(node, fusion.stored)!;
  const kernels = fusion.groups.flatMap((group): Kernel[] => {
    const nodes = group.kind === "loop" ? group.nodes : [group.node];
    if (nodes.every((node) => sizeOfNode(node) === 0)) return [];
    if (group.kind === "loop") return [lowerLoop(group, isStored)];
    if (kindOf(group.node) === "scan") return [lowerScan(group.node, graph, buffer, scratch, passes)];
    return lowerSingle(group.node, isStored, buffer);
  });
  const fused = passes.epilogues ? fuseEpilogues(kernels, new Set(graph.outputs)) : kernels;
  if (passes.bands === false) return fused;
  return joinBands(fused, graph.outputs, passes.bands === true ? BAND_BYTES : passes.bands, scratch);
}

/** Builds the expressions of one loop nest, and the list of elements they read. */
class Body {
  readonly builder = new ExpressionBuilder();
  readonly accesses: Access[] = [];
  private readonly loop: readonly number[];
  private readonly isStored: (node: IrNode) => boolean;
  private readonly known = new Map<string, Expression>();

  constructor(loop: readonly number[], isStored: (node: IrNode) => boolean) {
    this.loop = loop;
    this.isStored = isStored;
  }

  access(access: Access): number {
    const same = (a: Access): boolean =>
      a.node === access.node && a.offset === access.offset && a.strides.every((s, d) => s === access.strides[d]);
    const found = this.accesses.findIndex(same);
    return found >= 0 ? found : this.accesses.push(access) - 1;
  }

  /** The value of `node` at this point of the loop, read through `map`. */
  value(node: IrNode, map: IndexMap, compute = false): Expression {
    const key = `${node.id}:${map.map((m) => `${m.offset},${m.strides}`)}`;
    let found = this.known.get(key);
    if (!found) {
      found = this.make(node, map, compute);
      this.known.set(key, found);
    }
    return found;
  }

  private make(node: IrNode, map: IndexMap, compute: boolean): Expression {
    const { builder } = this;
    if (isScalarConstant(node)) {
      const what = node.what as { data: ArrayLike<number> };
      return builder.constant(what.data[0]!, node.dtype);
    }
    const rank = this.loop.length;
    if (!compute && this.isStored(node)) return builder.load(this.access(accessOf(node, map, rank)), node.dtype);
    if (isBufferView(node)) {
      return builder.load(
        this.access({ ...accessOf(node, map, rank), node: storedSource(node, this.isStored) }),
        node.dtype,
      );
    }
    const inputs = node.inputs.map((input) => this.value(input, mapOfInput(node, input, map)));
    if (node.what.kind === "elementwise") {
      const { what, attrs } = node;
      const dtype = operandType(node.inputs);
      if (what.outlined) return builder.call(calleeOf(what, attrs, inputs.length, dtype), inputs);
      return what.lower(builder.machine(dtype), inputs, attrs);
    }
    return kindOf(node) === "cast" ? builder.cast(inputs[0]!, node.dtype) : inputs[0]!;
  }
}

function lowerLoop(group: LoopGroup, isStored: (node: IrNode) => boolean): LoopKernel {
  const shape = group.nodes[0]!.shape;
  const map = identityMap(shape);
  const body = new Body(shape, isStored);
  const stores: { access: number; value: Expression }[] = [];
  for (const node of group.nodes) {
    const value = body.value(node, map, true);
    if (isStored(node)) stores.push({ access: body.access(accessOf(node, map, shape.length)), value });
  }
  return loopKernel(nameOf(group.nodes), shape, body, stores);
}

function loopKernel(name: string, sizes: readonly number[], body: Body, stores: LoopKernel["stores"]): LoopKernel {
  const written = new Set(stores.map((s) => s.access));
  const writes = [...new Set(stores.map((s) => body.accesses[s.access]!.node))];
  const reads = [...new Set(body.accesses.filter((_, i) => !written.has(i)).map((a) => a.node))];
  return { kind: "loop", name, sizes, accesses: body.accesses, stores, reads, writes };
}

function lowerSingle(node: IrNode, isStored: (node: IrNode) => boolean, buffer: (node: IrNode) => IrNode): Kernel[] {
  const kind = kindOf(node);
  const base = { name: nameOf([node]), writes: [node] };
  const [first, second] = node.inputs;
  switch (kind) {
    case "reduce":
      return [lowerReduce(node, isStored)];
    case "concat":
      return lowerBlocks(node, isStored);
    case "pad":
      return [{ kind: "fill", ...base, reads: [] }, ...lowerBlocks(node, isStored)];
    case "matmul": {
      const [a, b] = [buffer(first!), buffer(second!)];
      const { transA, transB } = node.attrs as { transA: boolean; transB: boolean };
      const packed = { left: node.attrs.packedLeft === true, right: node.attrs.packedRight === true };
      const layout = matmulLayout(first!.shape, second!.shape, transA, transB);
      if (layout.k === 0) return [{ kind: "fill", ...base, reads: [] }];
      const dtype = node.dtype as FloatType;
      const whole = { leading: layout.m, start: { a: 0, b: 0 } };
      const accesses = [{ node, strides: [layout.n, 1], offset: 0 }];
      const stores = [{ access: 0, value: new ExpressionBuilder().load(0, dtype) }];
      const result = { sum: 0, accesses, stores };
      return [{ kind, ...base, dtype, reads: [a, b], layout, transA, packed, ...whole, ...result }];
    }
    case "pack": {
      const [k, n] = node.shape.slice(-2) as [number, number];
      const layout = { batch: sizeOf(node.shape.slice(0, -2)), k, n };
      const { width, transposed } = node.attrs as { width: number; transposed: boolean };
      const whole = { dtype: node.dtype as FloatType, layout, neighbours: { from: 0, count: n }, start: 0 };
      return [{ kind, ...base, reads: [buffer(first!)], width, transposed, ...whole }];
    }
    case "random": {
      const { made, domain } = node.attrs as { made: Made; domain: number };
      const blocks = blocksOf(sizeOfNode(node), node.dtype, made);
      const drawn = { made, blocks, from: 0, count: blocks, domain };
      return [{ kind, ...base, reads: node.inputs.map(buffer), dtype: node.dtype, ...drawn }];
    }
    case "iota": {
      const body = new Body(node.shape, isStored);
      const access = body.access(accessOf(node, identityMap(node.shape), 1));
      return [loopKernel(base.name, node.shape, body, [{ access, value: body.builder.index() }])];
    }
    case "cumsum":
    case "argmax": {
      const n = first!.shape[first!.shape.length - 1]!;
      const rows = sizeOfNode(first!) / n;
      const common = { ...base, reads: [buffer(first!)], dtype: first!.dtype, rows, n };
      return [
        kind === "argmax" ? { kind, ...common } : { kind: "cumsum", ...common, reverse: node.attrs.reverse === true },
      ];
    }
    case "cholesky":
    case "triangularSolve": {
      const common = { ...base, reads: node.inputs.map(buffer), dtype: node.dtype as FloatType };
      const { batch, n, m } = solveLayout(node.shape);
      if (kind === "cholesky") return [{ kind, ...common, batch, n }];
      const { lower, transposed } = node.attrs as { lower: boolean; transposed: boolean };
      return [{ kind, ...common, batch, n, m, form: { lower, transposed } }];
    }
    case "gather":
    case "scatterAdd": {
      const rows = (kind === "gather" ? first! : node).shape[0]!;
      const width = sizeOf((kind === "gather" ? first! : node).shape.slice(1));
      const common = {
        ...base,
        reads: [buffer(first!), buffer(second!)],
        dtype: node.dtype,
        count: sizeOfNode(second!),
        width,
        rows,
      };
      return kind === "gather"
        ? [{ kind, ...common }]
        : [
            { kind: "fill", ...base, reads: [] },
            { kind: "scatter", ...common },
          ];
    }
    default:
      throw new Error(`no kernel for ${kind}`);
  }
}

function lowerReduce(node: IrNode, isStored: (node: IrNode) => boolean): Kernel {
  const input = node.inputs[0]!;
  const body = new Body(input.shape, isStored);
  const value = body.value(input, identityMap(input.shape));
  const loops = reduceLoops(node, [...body.accesses, resultAccess(node)])!;
  return {
    kind: "reduce",
    name: nameOf([node]),
    reduce: node.attrs.kind as ReduceKind,
    dtype: node.dtype,
    outer: loops.outer,
    n: loops.n,
    inner: loops.inner,
    accesses: loops.accesses,
    value,
    reads: [...new Set(body.accesses.map((a) => a.node))],
    writes: [node],
  };
}

/** The result's strides over the input's shape: 0 along the reduced axes. */
function resultAccess(node: IrNode): Access {
  const own = stridesOf(node.shape);
  const [from, to] = [node.attrs.from as number, node.attrs.to as number];
  const strides = node.inputs[0]!.shape.map((_, axis) =>
    axis < from ? own[axis]! : axis < to ? 0 : own[axis - to + from]!,
  );
  return { node, strides, offset: 0 };
}

/** Copies each input to its block of the result. */
function lowerBlocks(node: IrNode, isStored: (node: IrNode) => boolean): Kernel[] {
  const strides = stridesOf(node.shape);
  const before = node.attrs.before as readonly number[] | undefined;
  let offset = before ? before.reduce((sum, n, axis) => sum + n * strides[axis]!, 0) : 0;
  return node.inputs.flatMap((input) => {
    const start = offset;
    if (!before) offset += input.shape[node.attrs.axis as number]! * strides[node.attrs.axis as number]!;
    if (sizeOfNode(input) === 0) return [];
    const body = new Body(input.shape, isStored);
    const value = body.value(input, identityMap(input.shape));
    const access = body.access({ node, strides, offset: start });
    return [loopKernel(nameOf([node]), input.shape, body, [{ access, value }])];
  });
}

/** A readable function name: what it computes, the last two steps of it. */
function nameOf(nodes: readonly IrNode[]): string {
  const names = nodes.map((node) => ("name" in node.what ? node.what.name : node.what.kind));
  return `${names.slice(-2).join("_")}_${nodes[nodes.length - 1]!.id}`;
}

/** Does this kernel need nothing of `input` any more where it writes `output`? Then it may write over it. */
export function readsInPlace(kernel: Kernel, input: IrNode, output: IrNode): boolean {
  const isAtSame = (accesses: readonly Access[], sizes: readonly number[]): boolean =>
    accesses.every((access) => access.node !== input || isIdentity(access, sizes));
  if (kernel.kind === "loop") return isAtSame(kernel.accesses, kernel.sizes);
  if (kernel.kind === "matmul") {
    // operands are read many times, and partial sums are written before all else is read
    const isOpen = output === nodeOf(kernel) && hasPartialSums(kernel);
    return !isOpen && !operandsOf(kernel).includes(input) && isAtSame(kernel.accesses, sizesOf(kernel));
  }
  if (kernel.kind === "bands") {
    const users = kernel.kernels.filter((k) => k.reads.includes(input));
    return users.length === 1 && users[0]!.writes.includes(output) && readsInPlace(users[0]!, input, output);
  }
  if (kernel.kind !== "scan") return false;
  // only as the start of that very state: what else there is to read is read while steps write
  const isStart = kernel.given.every(({ from, to }) => from !== input || kernel.outside.get(to)?.buffer === output);
  return isStart && [...kernel.outside.values()].every(({ buffer }) => buffer !== input);
}

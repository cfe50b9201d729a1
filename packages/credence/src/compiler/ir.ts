import { bytesOf, type Data, type DType } from "../graph/dtype.js";
import type { Attrs, LoopBody, OpRecord, StructuralKind } from "../graph/record.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { topological } from "../graph/topology.js";
import { notedLine } from "../place.js";

/**
 * The compiler's view of a graph: nodes with numbers for names, in an order where inputs come before users. It holds no
 * tensors, so that passes are pure and a plan can be kept when the graph is gone.
 */
export interface IrNode {
  readonly id: number;
  readonly what:
    | { readonly kind: "input"; readonly slot: number }
    | { readonly kind: "constant"; readonly data: Data }
    | PackRecord
    | OpRecord;
  readonly inputs: readonly IrNode[];
  readonly attrs: Attrs;
  readonly shape: Shape;
  readonly dtype: DType;
  /** One step of a scan; its inputs are numbered as the scan's own. */
  readonly body?: IrGraph;
  /** The line of the caller's code that made it, where lines are noted. */
  readonly at?: string | undefined;
}

/** An operand of products, in the order in which they read it: see `emit/panels.ts`. */
export interface PackRecord {
  readonly kind: "pack";
  readonly name: "pack";
}

export interface IrGraph {
  readonly nodes: readonly IrNode[];
  readonly outputs: readonly IrNode[];
}

export type NodeKind = "input" | "constant" | "pack" | "elementwise" | StructuralKind;
export const kindOf = (node: IrNode): NodeKind => node.what.kind;

/** The op's name; of a reduction what it does. */
export function nameOfNode({ what, attrs }: IrNode): string {
  if (!("name" in what)) return what.kind;
  return what.kind === "reduce" ? (attrs.kind as string) : what.name;
}

export const sizeOfNode = (node: IrNode): number => sizeOf(node.shape);

/** Larger leaves are inputs of the program, so that its structure does not depend on their numbers: a new key compiles nothing. */
const LARGEST_CONSTANT = 1;

export interface Captured {
  readonly graph: IrGraph;
  /** The tensor that each input slot reads; placeholders of a traced function come first, by their index. */
  readonly leaves: readonly Tensor[];
}

/**
 * The graph below `roots`. Small literals become constants of the program, everything else that has numbers an input.
 *
 * @param placeholders  tensors that are inputs whatever they hold, in slot order
 */
export function capture(roots: readonly Tensor[], placeholders: readonly Tensor[] = []): Captured {
  const leaves: Tensor[] = [...placeholders];
  const nodes: IrNode[] = [];
  const of = new Map<Tensor, IrNode>();
  const push = (
    tensor: Tensor,
    what: IrNode["what"],
    inputs: readonly IrNode[],
    attrs: Attrs,
    body?: { readonly body: IrGraph },
  ): void => {
    const { shape, dtype } = tensor;
    const node = { id: nodes.length, what, inputs, attrs, shape, dtype, at: notedLine(tensor), ...body };
    nodes.push(node);
    of.set(tensor, node);
  };
  placeholders.forEach((tensor, slot) => {
    push(tensor, { kind: "input", slot }, [], {});
  });
  const leaf = (tensor: Tensor): void => {
    if (of.has(tensor)) return;
    if (tensor.source.kind === "data" && tensor.size <= LARGEST_CONSTANT) {
      push(tensor, { kind: "constant", data: tensor.source.data }, [], {});
    } else push(tensor, { kind: "input", slot: leaves.push(tensor) - 1 }, [], {});
  };
  const order = topological(roots, leaf, new Set(placeholders));
  for (const tensor of order) {
    if (tensor.source.kind !== "op") continue;
    const { op, inputs, attrs } = tensor.source;
    if (op.kind === "scan") {
      const { arguments: own, results } = attrs.body as LoopBody;
      const inner = capture(results, own);
      const further = inner.leaves.slice(own.length); // what only the way back reads from outside
      further.forEach(leaf);
      const all = [...inputs, ...further].map((t) => of.get(t)!);
      const { body: _, ...rest } = attrs;
      push(tensor, op, all, rest, { body: inner.graph });
      continue;
    }
    push(
      tensor,
      op,
      inputs.map((t) => of.get(t)!),
      attrs,
    );
  }
  return { graph: { nodes, outputs: roots.map((t) => of.get(t)!) }, leaves };
}

/** Bytes of a node's elements in a program's memory. */
export const bytesOfNode = (node: IrNode): number => sizeOfNode(node) * bytesOf(node.dtype);

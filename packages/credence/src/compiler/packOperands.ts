import { bytesOf } from "../graph/dtype.js";
import { type MatmulLayout, matmulLayout } from "../ops/matmul.js";
import { rightWidth, TILE_ROWS } from "./emit/panels.js";
import { changingOf } from "./hoist.js";
import { type IrGraph, type IrNode, kindOf } from "./ir.js";

/**
 * A right operand of the usual layout is read in place by products of few rows, which would not make up for packing it. It has to be
 * small enough to stay near.
 */
const FEW_ROWS = 128;
const NEAR_BYTES = 2 ** 18;

/**
 * Gives products their operands in panels (`emit/panels.ts`), by nodes of their own: products with the same operand share it, and in a
 * scan what does not change is packed once (`hoist.ts`). A left operand is packed where its neighbours of one k lie side by side already, so that
 * this is a plain copy, and several panels of the right one make up for it.
 *
 * @param changing  of a scan's body, the number of inputs that its steps change; they come first
 */
export function packOperands(graph: IrGraph, changing = Number.POSITIVE_INFINITY): IrGraph {
  const nodes: IrNode[] = [];
  const lasting = new Set<IrNode>();
  const replaced = new Map<IrNode, IrNode>();
  const panels = new Map<string, IrNode>();
  const push = (node: Omit<IrNode, "id">): IrNode => {
    const made = { ...node, id: nodes.length };
    nodes.push(made);
    const isLasting =
      made.what.kind === "input" ? made.what.slot >= changing : made.inputs.every((i) => lasting.has(i));
    if (isLasting) lasting.add(made);
    return made;
  };
  const pack = (operand: IrNode, k: number, n: number, width: number, transposed: boolean): IrNode => {
    const key = `${operand.id} ${width} ${transposed}`;
    const known = panels.get(key);
    if (known) return known;
    const made = push({
      what: { kind: "pack", name: "pack" },
      inputs: [operand],
      attrs: { width, transposed },
      shape: [...operand.shape.slice(0, -2), k, n],
      dtype: operand.dtype,
    });
    panels.set(key, made);
    return made;
  };
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => replaced.get(input)!);
    if (kindOf(node) === "matmul") {
      const { a, b, transA, transB, m, k, n } = operands(inputs as [IrNode, IrNode], node);
      const width = rightWidth(bytesOf(node.dtype));
      const isNear = m < TILE_ROWS || (m <= FEW_ROWS && k * n * bytesOf(node.dtype) <= NEAR_BYTES);
      const packedRight = n > 1 && m * k > 0 && (transB || !isNear || lasting.has(b));
      const packedLeft = n > width && k > 0 && transA && m >= TILE_ROWS;
      const sides = [packedLeft ? pack(a, k, m, TILE_ROWS, false) : a, packedRight ? pack(b, k, n, width, transB) : b];
      replaced.set(
        node,
        push({ ...node, inputs: sides, attrs: { transA, transB: transB && !packedRight, packedLeft, packedRight } }),
      );
      continue;
    }
    const body = node.body && { body: packOperands(node.body, changingOf(node)) };
    replaced.set(node, push({ ...node, inputs, ...body }));
  }
  return { nodes, outputs: graph.outputs.map((node) => replaced.get(node)!) };
}

interface Operands extends MatmulLayout {
  readonly a: IrNode;
  readonly b: IrNode;
  readonly transA: boolean;
  readonly transB: boolean;
}

/** A row of results lies as a column does: of a product of a vector and a matrix the form is taken that need not turn the matrix. */
function operands([a, b]: readonly [IrNode, IrNode], { attrs }: IrNode): Operands {
  const { transA, transB } = attrs as { transA: boolean; transB: boolean };
  const layout = matmulLayout(a.shape, b.shape, transA, transB);
  if (!(layout.n === 1 && transA) && !(layout.m === 1 && transB)) return { a, b, transA, transB, ...layout };
  return { a: b, b: a, transA: !transB, transB: !transA, ...layout, m: layout.n, n: layout.m };
}

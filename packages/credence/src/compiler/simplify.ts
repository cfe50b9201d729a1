import { allocate } from "../graph/dtype.js";
import type { Attrs, OpRecord } from "../graph/record.js";
import { sameShape, sizeOf } from "../graph/shape.js";
import { interpret } from "../interpreter/interpret.js";
import type { IrGraph, IrNode, PackRecord } from "./ir.js";
import { prune } from "./prune.js";

/**
 * Merges equal nodes, computes what depends on constants alone, and drops what changes nothing. Only rewrites that keep
 * every bit of the result are made.
 */
export function simplify(graph: IrGraph): IrGraph {
  const nodes: IrNode[] = [];
  const known = new Map<string, IrNode>();
  const replaced = new Map<IrNode, IrNode>();

  const intern = (key: string, make: (id: number) => IrNode): IrNode => {
    let node = known.get(key);
    if (!node) {
      node = make(nodes.length);
      nodes.push(node);
      known.set(key, node);
    }
    return node;
  };

  const constant = (node: Omit<IrNode, "id" | "what">, data: IrNode["what"] & { kind: "constant" }): IrNode => {
    const bits = new Uint8Array(data.data.buffer, data.data.byteOffset, data.data.byteLength);
    return intern(`constant:${node.dtype}:${node.shape}:${bits}`, (id) => ({
      ...node,
      inputs: [],
      attrs: {},
      what: data,
      id,
    }));
  };

  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => replaced.get(input)!);
    replaced.set(node, rewrite(node, inputs));
  }

  function rewrite(node: IrNode, inputs: readonly IrNode[]): IrNode {
    const { what, attrs, shape, dtype } = node;
    if (what.kind === "input") return intern(`input:${what.slot}`, (id) => ({ ...node, id }));
    if (what.kind === "constant") return constant(node, what);
    const same = passThrough(what, inputs, node);
    if (same) return same;
    const values = inputs.map((input) =>
      input.what.kind === "constant" ? { ...input, data: input.what.data } : undefined,
    );
    if (
      inputs.length > 0 &&
      sizeOf(shape) <= 16 &&
      what.kind !== "pack" &&
      what.kind !== "scan" &&
      what.kind !== "pick" &&
      values.every((v) => v !== undefined)
    ) {
      const data = allocate(dtype, sizeOf(shape));
      data.set(interpret(what, values as never, { shape, dtype }, attrs));
      return constant({ inputs: [], attrs: {}, shape, dtype }, { kind: "constant", data });
    }
    const folded = foldTransposes(what, inputs, attrs);
    const body = node.body && { body: simplify(node.body) };
    const key = `${body ? textOf(body.body) : ""}${what.name}:${dtype}:${shape}:${describe(folded.attrs)}:${folded.inputs.map((i) => i.id).join(",")}`;
    return intern(key, (id) => ({ ...node, ...folded, ...body, id }));
  }

  return prune({ nodes, outputs: graph.outputs.map((node) => replaced.get(node)!) });
}

/** The input that a node equals, if it does. */
function passThrough(op: OpRecord | PackRecord, inputs: readonly IrNode[], node: IrNode): IrNode | undefined {
  const [x] = inputs as [IrNode];
  switch (op.kind) {
    case "identity":
      return x;
    case "reshape":
    case "expand":
      return sameShape(x.shape, node.shape) ? x : undefined;
    case "elementwise": {
      // x · 1 and x / 1 keep every bit, -0 and NaN included; x + 0 does not (-0 + 0 = 0)
      if ((op.name === "mul" || op.name === "div") && isOne(inputs[1]!) && sameShape(x.shape, node.shape)) return x;
      if (op.name === "mul" && isOne(x) && sameShape(inputs[1]!.shape, node.shape)) return inputs[1];
      return undefined;
    }
    default:
      return undefined;
  }
}

function isOne(node: IrNode): boolean {
  return node.what.kind === "constant" && node.what.data.length === 1 && node.what.data[0] === 1;
}

/** A product reads a transposed operand in place; a reshape of a reshape is one. */
function foldTransposes(
  op: OpRecord | PackRecord,
  inputs: readonly IrNode[],
  attrs: Attrs,
): { inputs: readonly IrNode[]; attrs: Attrs } {
  if (op.kind === "reshape" && inputs[0]!.what.kind === "reshape") return { inputs: inputs[0]!.inputs, attrs };
  if (op.kind !== "matmul") return { inputs, attrs };
  const flip = (node: IrNode): boolean =>
    node.what.kind === "transpose" && swapsLastTwo(node.attrs.axes as readonly number[]);
  const [a, b] = inputs as [IrNode, IrNode];
  return {
    inputs: [flip(a) ? a.inputs[0]! : a, flip(b) ? b.inputs[0]! : b],
    attrs: { ...attrs, transA: (attrs.transA as boolean) !== flip(a), transB: (attrs.transB as boolean) !== flip(b) },
  };
}

function swapsLastTwo(axes: readonly number[]): boolean {
  const n = axes.length;
  return axes.every((axis, i) => axis === (i === n - 1 ? n - 2 : i === n - 2 ? n - 1 : i));
}

/** Attributes as text; rules of custom gradients do not change the result. */
export function describe(attrs: Attrs): string {
  return Object.entries(attrs)
    .filter(([, value]) => typeof value !== "function")
    .map(([key, value]) => `${key}=${value}`)
    .join(";");
}

/** A graph in words, the same for graphs of the same structure. */
export function textOf(graph: IrGraph): string {
  const lines = graph.nodes.map((node) => {
    const { what, inputs, attrs, shape, dtype, body } = node;
    const label =
      what.kind === "input"
        ? `input ${what.slot}`
        : what.kind === "constant"
          ? `constant ${bits(what.data)}`
          : what.name;
    const inner = body ? `{\n${textOf(body)}\n}` : "";
    return `${node.id}=${label}(${inputs.map((i) => i.id)}){${describe(attrs)}}[${shape}]${dtype}${inner}`;
  });
  return `${lines.join("\n")}\n${graph.outputs.map((o) => o.id)}`;
}

/** Exact: -0 and the kinds of NaN differ. */
function bits(data: ArrayBufferView): string {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).join(".");
}

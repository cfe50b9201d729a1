import { type IrGraph, type IrNode, kindOf } from "./ir.js";

/**
 * Packs right operands before a scan, once, if none of its steps changes them. Everything else that steps have in common is outside
 * the body already, since `scan` takes it as an argument.
 */
export function hoistPacks(graph: IrGraph): IrGraph {
  if (!graph.nodes.some((node) => node.body)) return graph;
  const nodes: IrNode[] = [];
  const replaced = new Map<IrNode, IrNode>();
  const push = (node: IrNode): IrNode => {
    const made = { ...node, id: nodes.length };
    nodes.push(made);
    return made;
  };
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => replaced.get(input)!);
    replaced.set(node, push(node.body ? lighten(node, node.body, inputs, push) : { ...node, inputs }));
  }
  return { nodes, outputs: graph.outputs.map((node) => replaced.get(node)!) };
}

/** The first inputs of a scan's body, which differ from step to step: its state and slices. */
export const changingOf = ({ attrs }: IrNode): number => (attrs.carries as number) + (attrs.sequences as number);

/**
 * A scan without the panels that its steps have in common: they become further inputs.
 *
 * @param push  adds a node to the graph around it
 */
function lighten(scan: IrNode, given: IrGraph, inputs: readonly IrNode[], push: (node: IrNode) => IrNode): IrNode {
  const body = hoistPacks(given);
  const { inside, outside, moved } = places(body, changingOf(scan));
  const outer = new Map<IrNode, IrNode>();
  const inner = new Map<IrNode, IrNode>();
  const allInputs = [...inputs];
  const nodes: IrNode[] = [];
  const keep = (node: IrNode, parts: Omit<IrNode, "id">): void => {
    const made = { ...parts, id: nodes.length };
    nodes.push(made);
    inner.set(node, made);
  };
  for (const node of body.nodes) {
    const { what, shape, dtype } = node;
    if (outside.has(node)) {
      const same = what.kind === "input" ? inputs[what.slot]! : undefined;
      outer.set(node, same ?? push({ ...node, inputs: node.inputs.map((input) => outer.get(input)!) }));
    }
    if (!inside.has(node)) continue;
    if (moved(node)) {
      const slot = allInputs.push(outer.get(node)!) - 1;
      keep(node, { what: { kind: "input", slot }, inputs: [], attrs: {}, shape, dtype });
    } else keep(node, { ...node, inputs: node.inputs.map((input) => inner.get(input)!) });
  }
  return { ...scan, inputs: allInputs, body: { nodes, outputs: body.outputs.map((node) => inner.get(node)!) } };
}

/** Which nodes of a body are needed inside it, and which before it. */
function places(
  { nodes, outputs }: IrGraph,
  changing: number,
): { inside: ReadonlySet<IrNode>; outside: ReadonlySet<IrNode>; moved: (node: IrNode) => boolean } {
  const invariant = new Set<IrNode>();
  for (const node of nodes) {
    const changes = node.what.kind === "input" && node.what.slot < changing;
    if (!changes && node.inputs.every((input) => invariant.has(input))) invariant.add(node);
  }
  const moved = (node: IrNode): boolean => kindOf(node) === "pack" && invariant.has(node);
  const inside = new Set<IrNode>(outputs);
  const outside = new Set<IrNode>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (node.what.kind === "input") inside.add(node); // its slot is part of the scan's signature
    if (inside.has(node)) {
      if (moved(node)) outside.add(node);
      else for (const input of node.inputs) inside.add(input);
    }
    if (outside.has(node)) for (const input of node.inputs) outside.add(input);
  }
  return { inside, outside, moved };
}

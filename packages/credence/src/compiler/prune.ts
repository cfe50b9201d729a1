import { type IrGraph, type IrNode, kindOf } from "./ir.js";

/**
 * Drops nodes that no output needs, and results of loops that nobody picks, with the inputs and the state that only they need.
 * Inputs of the graph itself stay, since their slots are the program's signature.
 */
export function prune({ nodes, outputs }: IrGraph): IrGraph {
  const needed = new Set<IrNode>(outputs);
  const picked = new Map<IrNode, Set<number>>();
  const trimmed = new Map<IrNode, Trimmed>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (!needed.has(node)) continue;
    const [first] = node.inputs;
    if (kindOf(node) === "pick") picked.set(first!, (picked.get(first!) ?? new Set()).add(indexOf(node)));
    if (node.body) trimmed.set(node, trim(node, node.body, picked.get(node)!));
    for (const input of trimmed.get(node)?.inputs ?? node.inputs) needed.add(input);
  }
  const left = nodes.filter((node) => needed.has(node) || node.what.kind === "input");
  if (trimmed.size === 0) return { nodes: left, outputs };

  const replaced = new Map<IrNode, IrNode>();
  for (const node of left) {
    const loop = trimmed.get(kindOf(node) === "pick" ? node.inputs[0]! : node);
    const inputs = (node.body ? loop!.inputs : node.inputs).map((input) => replaced.get(input)!);
    if (!loop) replaced.set(node, { ...node, inputs });
    else if (node.body) replaced.set(node, { ...node, inputs, attrs: loop.attrs, body: loop.body });
    else replaced.set(node, { ...node, inputs, attrs: { ...node.attrs, index: loop.results.indexOf(indexOf(node)) } });
  }
  return { nodes: left.map((node) => replaced.get(node)!), outputs: outputs.map((node) => replaced.get(node)!) };
}

const indexOf = (pick: IrNode): number => pick.attrs.index as number;

/** What is left of a loop. */
interface Trimmed {
  readonly inputs: readonly IrNode[];
  readonly attrs: IrNode["attrs"];
  readonly body: IrGraph;
  /** The old numbers of its results. */
  readonly results: readonly number[];
}

function trim(loop: IrNode, body: IrGraph, picked: ReadonlySet<number>): Trimmed {
  const [carries, sequences] = [loop.attrs.carries as number, loop.attrs.sequences as number];
  const wanted = new Set(picked);
  if (loop.attrs.conditional === true) wanted.add(0);
  const lastingOutputs = (): number[] => body.outputs.map((_, i) => i).filter((i) => wanted.has(i));
  let left = body;
  // a state is needed by what reads it, in the next step
  for (let before = -1; before !== wanted.size; ) {
    before = wanted.size;
    left = prune({ nodes: body.nodes, outputs: lastingOutputs().map((i) => body.outputs[i]!) });
    for (const slot of slotsRead(left)) if (slot < carries) wanted.add(slot);
  }
  const read = slotsRead(left);
  const slots = loop.inputs.map((_, slot) => slot).filter((slot) => (slot < carries ? wanted : read).has(slot));
  const count = (from: number, to: number): number => slots.filter((slot) => from <= slot && slot < to).length;
  return {
    inputs: slots.map((slot) => loop.inputs[slot]!),
    attrs: { ...loop.attrs, carries: count(0, carries), sequences: count(carries, carries + sequences) },
    body: renumber(left, slots),
    results: lastingOutputs(),
  };
}

function slotsRead({ nodes, outputs }: IrGraph): Set<number> {
  const read = [...outputs, ...nodes.flatMap((node) => node.inputs)];
  return new Set(read.flatMap(({ what }) => (what.kind === "input" ? [what.slot] : [])));
}

/** The graph with the inputs in `slots` alone, in their order. */
function renumber({ nodes, outputs }: IrGraph, slots: readonly number[]): IrGraph {
  const replaced = new Map<IrNode, IrNode>();
  for (const node of nodes) {
    const { what } = node;
    const inputs = node.inputs.map((input) => replaced.get(input)!);
    if (what.kind !== "input") replaced.set(node, { ...node, inputs });
    else if (slots.includes(what.slot))
      replaced.set(node, { ...node, what: { ...what, slot: slots.indexOf(what.slot) } });
  }
  return { nodes: [...replaced.values()], outputs: outputs.map((node) => replaced.get(node)!) };
}

import { allocate, type Data } from "../graph/dtype.js";
import type { GradientContext, LoopBody, StructuralRecord, Value } from "../graph/record.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import { Tensor } from "../graph/tensor.js";
import { topological } from "../graph/topology.js";
import { interpretGraph } from "../interpreter/graph.js";
import { add } from "../ops/index.js";
import { node } from "../ops/op.js";

/** What `scan` and `whileLoop` have in common: a body that is run again and again, and nodes for its results. */

export interface LoopAttrs {
  readonly body: LoopBody;
  readonly steps: number;
  /** How many of the arguments are state, and how many slices; the others come from outside. */
  readonly carries: number;
  readonly sequences: number;
  /** From the last slice to the first. */
  readonly reverse: boolean;
  /** The first of the state is a bool: the loop goes on, for `steps` at most, while it holds. */
  readonly conditional: boolean;
}

export const attrsOf = (attrs: GradientContext["attrs"]): LoopAttrs => attrs as unknown as LoopAttrs;

/**
 * All results of a loop at once; `pick` takes one of them. Its shape is that of a scalar and means nothing.
 *
 * @param grad  the gradients of the loop's inputs, from those of its results by number
 */
export function loopRecord(
  name: string,
  grad: (context: GradientContext, dys: ReadonlyMap<number, Tensor>) => readonly (Tensor | null)[],
): StructuralRecord {
  return {
    kind: "scan",
    name,
    shape: () => [],
    dtype: () => "float32",
    grad: (context) => grad(context, cotangents(context.dy)),
    reference: (inputs, _, attrs) => interpretLoop(inputs, attrsOf(attrs)) as unknown as Data,
  };
}

const pickRecord: StructuralRecord = {
  kind: "pick",
  name: "pick",
  shape: (_, attrs) => attrs.shape as Shape,
  dtype: (_, attrs) => attrs.dtype as Tensor["dtype"],
  grad: ({ inputs: [scan], dy, attrs }) => [
    // what flows back to one result, on its way to the others
    new Tensor([], (scan as Tensor).dtype, { kind: "op", op: cotangentRecord, inputs: [dy], attrs }),
  ],
  reference: ([results], _, attrs) => (results!.data as unknown as Data[])[attrs.index as number]!,
};

/** Never evaluated: sums of these carry the gradients of a scan's results to its rule. */
const cotangentRecord: StructuralRecord = { ...pickRecord, kind: "identity", name: "cotangent", grad: () => [null] };

/** The gradients of a loop's results, by number. */
function cotangents(dy: Tensor): Map<number, Tensor> {
  const out = new Map<number, Tensor>();
  const visit = (t: Tensor): void => {
    if (t.source.kind !== "op") return;
    if (t.source.op !== cotangentRecord) {
      t.source.inputs.forEach(visit);
      return;
    }
    const index = t.source.attrs.index as number;
    const [part] = t.source.inputs as [Tensor];
    const known = out.get(index);
    out.set(index, known ? add(known, part) : part);
  };
  visit(dy);
  return out;
}

export function pick(loop: Tensor, index: number, attrs: LoopAttrs): Tensor {
  const result = attrs.body.results[index] as Tensor;
  const shape = index < attrs.carries ? result.shape : [attrs.steps, ...result.shape];
  return node(pickRecord, [loop], { index, shape, dtype: result.dtype });
}

export const loopNode = (record: StructuralRecord, inputs: readonly Tensor[], attrs: LoopAttrs): Tensor =>
  node(record, inputs, attrs as unknown as GradientContext["attrs"]);

/** An argument of a body, and which one in words. */
export const placeholder = (shape: Shape, dtype: Tensor["dtype"], label = "an argument of a loop's body"): Tensor =>
  new Tensor(shape, dtype, { kind: "argument", index: -1, label });

/** A bare number in the type that the body was made for. */
export const strong = (t: Tensor, like: Tensor): Tensor => (t.weak ? t.cast(like.dtype) : t);

/** Tensors, other than single numbers, that a graph reads but that do not depend on `own`. */
export function outsideOf(results: readonly Tensor[], own: readonly Tensor[]): Tensor[] {
  const inside = dependingOn(results, own);
  const found = new Set<Tensor>();
  const look = (t: Tensor): void => {
    if (!inside.has(t) && !(t.source.kind === "data" && t.size === 1)) found.add(t);
  };
  results.forEach(look);
  for (const t of inside) if (t.source.kind === "op" && !own.includes(t)) t.source.inputs.forEach(look);
  return [...found];
}

/** The tensors below `roots` that depend on any of `own`, those included. */
export function dependingOn(roots: readonly Tensor[], own: readonly Tensor[]): Set<Tensor> {
  const out = new Set(own);
  for (const t of topological(roots, () => {}, out)) {
    if (t.source.kind === "op" && t.source.inputs.some((input) => out.has(input))) out.add(t);
  }
  return out;
}

function interpretLoop(
  inputs: readonly Value[],
  { body, steps, carries, sequences, reverse, conditional }: LoopAttrs,
): Data[] {
  const state = inputs.slice(0, carries).map((v) => v.data);
  const stacks = body.results.map((t, i) => (i < carries ? undefined : allocate(t.dtype, steps * sizeOf(t.shape))));
  const given = new Set(body.arguments);
  for (let count = 0; count < steps; count++) {
    if (conditional && state[0]![0] === 0) break;
    const step = reverse ? steps - 1 - count : count;
    const numbers = new Map<Tensor, Data>();
    body.arguments.forEach((argument, i) => {
      const size = sizeOf(argument.shape);
      if (i < carries) numbers.set(argument, state[i]!);
      else if (i < carries + sequences)
        numbers.set(argument, inputs[i]!.data.slice(step * size, (step + 1) * size) as Data);
      else numbers.set(argument, inputs[i]!.data);
    });
    const results = interpretGraph(body.results, (leaf) => numbers.get(leaf) ?? leaf.data(), given);
    results.forEach((data, i) => {
      if (i < carries) state[i] = data;
      else stacks[i]!.set(data, step * data.length);
    });
  }
  return stacks.map((stack, i) => stack ?? state[i]!);
}

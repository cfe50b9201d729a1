import { fail } from "../errors.js";
import { isFloat } from "../graph/dtype.js";
import { filled } from "../graph/literal.js";
import { broadcastShapes, sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { topological } from "../graph/topology.js";
import { add, broadcastTo, cast, concatNodes, reduceTo } from "../ops/index.js";

/**
 * Reverse-mode differentiation: graph in, graph out, so that gradients fuse with what they follow and can be differentiated
 * again.
 *
 * @param out     what is differentiated, with the gradient `seed` of its own shape
 * @param inputs  the nodes with respect to which
 * @returns one gradient an input, of its shape and type; zeros where `out` does not depend on it
 */
export function gradients(out: Tensor, inputs: readonly Tensor[], seed: Tensor): Tensor[] {
  return gradientsOf([out], inputs, [seed]);
}

/** Of several results at once, each with its seed; tensors in `stopAt` are taken as leaves, whatever they are made of. */
export function gradientsOf(
  outs: readonly Tensor[],
  inputs: readonly Tensor[],
  seeds: readonly Tensor[],
  stopAt: ReadonlySet<Tensor> = new Set(),
): Tensor[] {
  const order = topological(outs, () => {}, stopAt);
  const wanted = dependents(order, inputs);
  const pending = new Map<Tensor, Tensor[]>();
  outs.forEach((out, i) => {
    pending.set(out, [...(pending.get(out) ?? []), seeds[i]!]);
  });
  const settled = new Map<Tensor, Tensor>();
  const isInput = new Set(inputs);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const parts = pending.get(node);
    if (!parts || !wanted.has(node) || node.source.kind !== "op") continue;
    pending.delete(node);
    const dy = accumulate(parts);
    if (isInput.has(node)) settled.set(node, dy);
    const { op, inputs: operands, attrs } = node.source;
    const back = op.grad({ inputs: operands, out: node, dy, attrs });
    operands.forEach((operand, k) => {
      const part = back[k];
      if (!part || !(wanted.has(operand) || isInput.has(operand)) || !isFloat(operand.dtype)) return;
      const whole = broadcastTo(part, broadcastShapes(`${op.name}: gradient and input`, [part.shape, operand.shape]));
      const fitted = cast(reduceTo(whole, operand.shape), operand.dtype);
      pending.set(operand, [...(pending.get(operand) ?? []), fitted]);
    });
  }
  return inputs.map((input) => {
    const parts = pending.get(input);
    return settled.get(input) ?? (parts ? accumulate(parts) : filled(0, input.shape, input.dtype));
  });
}

/** The nodes that depend on any of the inputs, the inputs among them. */
function dependents(order: readonly Tensor[], inputs: readonly Tensor[]): Set<Tensor> {
  const out = new Set(inputs);
  for (const node of order) {
    if (node.source.kind === "op" && node.source.inputs.some((input) => out.has(input))) out.add(node);
  }
  return out;
}

/** The sum of what flows back to one node. Gradients of slices that do not overlap are joined instead of added to zeros. */
function accumulate(parts: readonly Tensor[]): Tensor {
  return joinSlices(parts) ?? parts.reduce((sum, part) => add(sum, part));
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly value: Tensor;
}

function joinSlices(parts: readonly Tensor[]): Tensor | undefined {
  if (parts.length < 2) return undefined;
  const axis = parts[0]!.shape.findIndex((_, i) => padding(parts[0]!, i).some((n) => n > 0));
  if (axis < 0) return undefined;
  const pieces: Piece[] = [];
  for (const part of parts) {
    const { source, shape } = part;
    const otherAxes = shape.some((_, i) => i !== axis && padding(part, i).some((n) => n > 0));
    if (source.kind !== "op" || source.op.kind !== "pad" || otherAxes) return undefined;
    const [before, after] = padding(part, axis) as [number, number];
    pieces.push({ start: before, end: shape[axis]! - after, value: source.inputs[0]! });
  }
  pieces.sort((a, b) => a.start - b.start);
  const joined: Tensor[] = [];
  let at = 0;
  const total = parts[0]!.shape[axis]!;
  for (const { start, end, value } of [...pieces, { start: total, end: total, value: undefined }]) {
    if (start < at) return undefined; // they overlap
    if (start > at) {
      const shape = parts[0]!.shape.map((n, i) => (i === axis ? start - at : n));
      joined.push(broadcastTo(filled(0, [], parts[0]!.dtype), shape));
    }
    if (value) joined.push(value);
    at = end;
  }
  return concatNodes(joined, axis);
}

function padding(t: Tensor, axis: number): readonly number[] {
  if (t.source.kind !== "op" || t.source.op.kind !== "pad") return [];
  const { before, after } = t.source.attrs as { before: readonly number[]; after: readonly number[] };
  return [before[axis]!, after[axis]!];
}

/** Refuses a seed that does not fit, and what has no gradient. */
export function checkDifferentiable(name: string, out: Tensor): void {
  if (!isFloat(out.dtype)) {
    fail({ code: "dtype", given: `${name}: the function's value is ${out.dtype}`, allowed: "float32 or float64" });
  }
  if (!sameShape(out.shape, [])) {
    fail({
      code: "shape",
      given: `${name}: the function's value has shape ${showShape(out.shape)}`,
      allowed: "a scalar",
      mend: "return its .sum() or .mean()",
    });
  }
}

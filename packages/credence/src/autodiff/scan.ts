import { fail } from "../errors.js";
import { sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { leavesOf, rebuild, type Tensors } from "../graph/tree.js";
import { traced } from "../trace.js";
import { type LoopAttrs, loopNode, outsideOf, pick, placeholder, strong } from "./loop.js";
import { scanRecord } from "./scanBackward.js";

/**
 * Runs a function step by step along the first axis of `xs`, carrying a state: compiled once, whatever the number of steps.
 *
 *     let state = init;
 *     for (const x of xs) [state, y] = fn(state, x), ys.push(y);
 *     return [state, stack(ys)];
 *
 * Gradients flow to `init`, `xs`, and to tensors that `fn` takes from outside; what the way back needs of each step is kept. A gradient of the
 * state that has faded below 1e-30 (float64: 1e-300) becomes 0.
 *
 * @param fn    (state, x) to [new state, y]; state, x and y are trees, and the state keeps its shapes and types
 * @param init  the first state
 * @param xs    a tree of tensors [steps, ...]
 * @param options.reverse  from the last slice to the first
 * @returns the last state, and a tree of [steps, ...]
 * @throws CredenceError `shape`: the sequences differ in length, or the state changes shape
 * @source as JAX's lax.scan
 */
export function scan<S, X, Y>(
  fn: (state: Tensors<S>, x: Tensors<X>) => readonly [S, Y],
  init: S,
  xs: X,
  { reverse = false }: { readonly reverse?: boolean } = {},
): [Tensors<S>, Tensors<Y>] {
  const starts = leavesOf(init).map((leaf) => leaf.tensor);
  const sequences = leavesOf(xs).map((leaf) => leaf.tensor);
  const steps = checkSequences(sequences);
  const carried = starts.map((t) => placeholder(t.shape, t.dtype, "the state of scan"));
  const slices = sequences.map((t) => placeholder(t.shape.slice(1), t.dtype, "a slice of scan"));
  const [state, y] = traced(() => fn(rebuild(init, carried) as Tensors<S>, rebuild(xs, slices) as Tensors<X>));
  const next = leavesOf(state);
  checkState(
    "scan",
    next.map((leaf) => leaf.tensor),
    starts,
    next.map((leaf) => leaf.path),
  );
  const stacked = leavesOf(y).map((leaf) => leaf.tensor);
  const results = [...next.map((leaf, i) => leaf.tensor.cast(carried[i]!.dtype)), ...stacked];
  const own = [...carried, ...slices];
  const outside = outsideOf(results, own);
  const attrs: LoopAttrs = {
    body: { arguments: [...own, ...outside], results },
    steps,
    carries: starts.length,
    sequences: sequences.length,
    reverse,
    conditional: false,
  };
  const all = loopNode(scanRecord, [...starts.map((t, i) => strong(t, carried[i]!)), ...sequences, ...outside], attrs);
  return [
    rebuild(
      state,
      next.map((_, i) => pick(all, i, attrs)),
    ) as unknown as Tensors<S>,
    rebuild(
      y,
      stacked.map((_, i) => pick(all, starts.length + i, attrs)),
    ) as unknown as Tensors<Y>,
  ];
}

function checkSequences(sequences: readonly Tensor[]): number {
  const [first] = sequences;
  const steps = first?.shape[0];
  if (steps === undefined || sequences.some((t) => t.shape[0] !== steps)) {
    return fail({
      code: "shape",
      given: `scan: sequences of shapes ${sequences.map((t) => showShape(t.shape)).join(", ") || "none"}`,
      allowed: "at least one, all with the same number of steps on the first axis",
    });
  }
  return steps;
}

/** Refuses a new state of other nesting or shape. */
export function checkState(
  name: string,
  next: readonly Tensor[],
  starts: readonly Tensor[],
  paths: readonly string[],
): void {
  if (next.length !== starts.length) {
    fail({
      code: "argument",
      given: `${name}: the state has ${starts.length} tensors, the new one ${next.length}`,
      allowed: "the same nesting",
    });
  }
  next.forEach((t, i) => {
    if (sameShape(t.shape, starts[i]!.shape)) return;
    fail({
      code: "shape",
      given: `${name}: the state${paths[i] === "" ? "" : ` at ${paths[i]}`} goes from shape ${showShape(starts[i]!.shape)} to ${showShape(t.shape)}`,
      allowed: "a state that keeps its shape",
    });
  });
}

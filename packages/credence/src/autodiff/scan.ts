import { fail } from "../errors.js";
import { allocate, type Data, isFloat } from "../graph/dtype.js";
import { filled } from "../graph/literal.js";
import type { GradientContext, LoopBody, StructuralRecord, Value } from "../graph/record.js";
import { type Shape, sameShape, showShape, sizeOf } from "../graph/shape.js";
import { Tensor } from "../graph/tensor.js";
import { topological } from "../graph/topology.js";
import { traced } from "../graph/trace.js";
import { leavesOf, rebuild, type Tensors } from "../graph/tree.js";
import { interpretGraph } from "../interpreter/graph.js";
import { add, broadcastTo } from "../ops/index.js";
import { node } from "../ops/op.js";
import { gradientsOf } from "./gradient.js";

interface ScanAttrs {
  readonly body: LoopBody;
  readonly steps: number;
  /** How many of the arguments are state, and how many slices; the others come from outside. */
  readonly carries: number;
  readonly sequences: number;
  /** From the last slice to the first. */
  readonly reverse: boolean;
}

const attrsOf = (attrs: GradientContext["attrs"]): ScanAttrs => attrs as unknown as ScanAttrs;

/**
 * All results of a scan at once; `pick` takes one of them. Its shape is that of a scalar and means nothing.
 */
const scanRecord: StructuralRecord = {
  kind: "scan",
  name: "scan",
  shape: () => [],
  dtype: () => "float32",
  grad: ({ inputs, out, dy, attrs }) => backward(inputs, out, cotangents(dy), attrsOf(attrs)),
  reference: (inputs, _, attrs) => interpretScan(inputs, attrsOf(attrs)) as unknown as Data,
};

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

function pick(scan: Tensor, index: number, attrs: ScanAttrs): Tensor {
  const result = attrs.body.results[index] as Tensor;
  const shape = index < attrs.carries ? result.shape : [attrs.steps, ...result.shape];
  return node(pickRecord, [scan], { index, shape, dtype: result.dtype });
}

/**
 * Runs a function step by step along the first axis of `xs`, carrying a state: compiled once, whatever the number of steps.
 *
 *     let state = init;
 *     for (const x of xs) [state, y] = fn(state, x), ys.push(y);
 *     return [state, stack(ys)];
 *
 * Gradients flow to `init`, `xs`, and to tensors that `fn` takes from outside; what the way back needs of each step is kept.
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
  const placeholder = (shape: Shape, t: Tensor): Tensor =>
    new Tensor(shape, t.dtype, { kind: "argument", index: -1 }, false);
  const carried = starts.map((t) => placeholder(t.shape, t));
  const slices = sequences.map((t) => placeholder(t.shape.slice(1), t));
  const [state, y] = traced(() => fn(rebuild(init, carried) as Tensors<S>, rebuild(xs, slices) as Tensors<X>));
  const next = leavesOf(state);
  checkState(
    next.map((leaf) => leaf.tensor),
    starts,
    next.map((leaf) => leaf.path),
  );
  const stacked = leavesOf(y).map((leaf) => leaf.tensor);
  const results = [...next.map((leaf, i) => leaf.tensor.cast(carried[i]!.dtype)), ...stacked];
  const own = [...carried, ...slices];
  const outside = outsideOf(results, own);
  const attrs: ScanAttrs = {
    body: { arguments: [...own, ...outside], results },
    steps,
    carries: starts.length,
    sequences: sequences.length,
    reverse,
  };
  const all = scanNode([...starts.map((t, i) => strong(t, carried[i]!)), ...sequences, ...outside], attrs);
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

const scanNode = (inputs: readonly Tensor[], attrs: ScanAttrs): Tensor =>
  node(scanRecord, inputs, attrs as unknown as GradientContext["attrs"]);

const strong = (t: Tensor, like: Tensor): Tensor => (t.weak ? t.cast(like.dtype) : t);

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

function checkState(next: readonly Tensor[], starts: readonly Tensor[], paths: readonly string[]): void {
  if (next.length !== starts.length) {
    fail({
      code: "argument",
      given: `scan: the state has ${starts.length} tensors, the new one ${next.length}`,
      allowed: "the same nesting",
    });
  }
  next.forEach((t, i) => {
    if (sameShape(t.shape, starts[i]!.shape)) return;
    fail({
      code: "shape",
      given: `scan: the state${paths[i] === "" ? "" : ` at ${paths[i]}`} goes from shape ${showShape(starts[i]!.shape)} to ${showShape(t.shape)}`,
      allowed: "a state that keeps its shape",
    });
  });
}

/** Tensors, other than single numbers, that a graph reads but that do not depend on `own`. */
function outsideOf(results: readonly Tensor[], own: readonly Tensor[]): Tensor[] {
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
function dependingOn(roots: readonly Tensor[], own: readonly Tensor[]): Set<Tensor> {
  const out = new Set(own);
  for (const t of topological(roots, () => {}, out)) {
    if (t.source.kind === "op" && t.source.inputs.some((input) => out.has(input))) out.add(t);
  }
  return out;
}

function interpretScan(inputs: readonly Value[], { body, steps, carries, sequences, reverse }: ScanAttrs): Data[] {
  const state = inputs.slice(0, carries).map((v) => v.data);
  const stacks = body.results.map((t, i) => (i < carries ? undefined : allocate(t.dtype, steps * sizeOf(t.shape))));
  const given = new Set(body.arguments);
  for (let count = 0; count < steps; count++) {
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

/** Below this cost a value of the forward step is computed again on the way back instead of being kept. */
const CHEAP = 4;

/**
 * The scan that runs back: its state is the gradient of the state and the sums of the gradients of what came from outside, its
 * slices are the gradients of the stacked results, and what the forward steps kept.
 */
function backward(
  inputs: readonly Tensor[],
  forward: Tensor,
  dys: ReadonlyMap<number, Tensor>,
  attrs: ScanAttrs,
): (Tensor | null)[] {
  const { body, steps, carries, sequences, reverse } = attrs;
  const own = body.arguments.slice(0, carries + sequences);
  const active = body.results
    .map((t, i) => ({ t, i }))
    .filter(({ t, i }) => isFloat(t.dtype) && (i < carries || dys.has(i)));
  const seeds = active.map(({ t }) => new Tensor(t.shape, t.dtype, { kind: "argument", index: -1 }));
  const wanted = body.arguments.filter((t) => isFloat(t.dtype));
  const stepGradients = gradientsOf(
    active.map(({ t }) => t),
    wanted,
    seeds,
    new Set(body.arguments),
  );
  const gradientOf = new Map(wanted.map((t, i) => [t, stepGradients[i]!]));

  // What of the forward step the way back reads: slices and outside tensors are at hand, the rest is kept, step by step.
  const kept = keptValues(stepGradients, seeds, body.arguments);
  const stored = kept.filter((t) => !body.arguments.slice(carries).includes(t));
  const saved = stored.map((t) => {
    const known = body.results.indexOf(t, carries);
    return pick(forward, known >= 0 ? known : body.results.push(t) - 1, attrs);
  });
  const slicesRead = kept.filter(
    (t) => body.arguments.indexOf(t) >= carries && body.arguments.indexOf(t) < carries + sequences,
  );
  const outsideRead = kept.filter((t) => body.arguments.indexOf(t) >= carries + sequences);

  const outerFloats = body.arguments.slice(carries + sequences).filter((t) => isFloat(t.dtype));
  const sums = outerFloats.map((t) => new Tensor(t.shape, t.dtype, { kind: "argument", index: -1 }));
  const stateSeeds = active.filter(({ i }) => i < carries);
  const stackSeeds = active.filter(({ i }) => i >= carries);
  const seedOf = (i: number): Tensor => seeds[active.findIndex((a) => a.i === i)]!;

  const stateOut = stateSeeds.map(({ i }) => gradientOf.get(own[i]!)!);
  const sumsOut = outerFloats.map((t, k) => add(sums[k]!, gradientOf.get(t)!));
  const slicesOut = own.slice(carries).filter((t) => isFloat(t.dtype));
  const results = [...stateOut, ...sumsOut, ...slicesOut.map((t) => gradientOf.get(t)!)];
  const back: ScanAttrs = {
    body: {
      arguments: [
        ...stateSeeds.map(({ i }) => seedOf(i)),
        ...sums,
        ...stackSeeds.map(({ i }) => seedOf(i)),
        ...stored,
        ...slicesRead,
        ...outsideRead,
      ],
      results,
    },
    steps,
    carries: stateSeeds.length + sums.length,
    sequences: stackSeeds.length + stored.length + slicesRead.length,
    reverse: !reverse,
  };
  const zero = (t: Tensor): Tensor => broadcastTo(filled(0, [], t.dtype), t.shape);
  const run = scanNode(
    [
      ...stateSeeds.map(({ t, i }) => dys.get(i) ?? zero(t)),
      ...sums.map(zero),
      ...stackSeeds.map(({ i }) => dys.get(i)!),
      ...saved,
      ...slicesRead.map((t) => inputs[body.arguments.indexOf(t)]!),
      ...outsideRead.map((t) => inputs[body.arguments.indexOf(t)]!),
    ],
    back,
  );
  return inputs.map((_, i) => {
    const argument = body.arguments[i];
    if (argument === undefined || !isFloat(argument.dtype)) return null;
    if (i < carries)
      return pick(
        run,
        stateSeeds.findIndex((s) => s.i === i),
        back,
      );
    if (i < carries + sequences) return pick(run, back.carries + slicesOut.indexOf(argument), back);
    return pick(run, stateSeeds.length + outerFloats.indexOf(argument), back);
  });
}

/** Values of the forward step that its gradient reads: arguments, and the results of what is dear to compute again. */
function keptValues(gradients: readonly Tensor[], seeds: readonly Tensor[], given: readonly Tensor[]): Tensor[] {
  const isGiven = new Set(given);
  const way = dependingOn(gradients, seeds);
  const found = new Set<Tensor>();
  const seen = new Set<Tensor>();
  const look = (t: Tensor): void => {
    if (way.has(t) || seen.has(t)) return;
    seen.add(t);
    if (isGiven.has(t)) found.add(t);
    else if (t.source.kind === "op") {
      if (isCheap(t.source.op)) t.source.inputs.forEach(look);
      else found.add(t);
    }
  };
  gradients.forEach(look);
  for (const t of way) if (t.source.kind === "op" && !seeds.includes(t)) t.source.inputs.forEach(look);
  return [...found];
}

const VIEWS = new Set(["identity", "cast", "reshape", "transpose", "expand", "slice"]);
const isCheap = (op: { readonly kind: string; readonly cost?: number }): boolean =>
  VIEWS.has(op.kind) || (op.kind === "elementwise" && (op.cost ?? 0) <= CHEAP);

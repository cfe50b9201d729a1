import { type FloatType, isFloat } from "../graph/dtype.js";
import { filled } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { add, broadcastTo, flushed } from "../ops/index.js";
import { gradientsOf } from "./gradient.js";
import { attrsOf, dependingOn, type LoopAttrs, loopNode, loopRecord, pick, placeholder } from "./loop.js";

/** The gradient of a scan: another scan, from the last step to the first. */
export const scanRecord = loopRecord("scan", ({ inputs, out, attrs }, dys) =>
  backward(inputs, out, dys, attrsOf(attrs)),
);

/** Below this cost a value of the forward step is computed again on the way back instead of being kept. */
const CHEAP = 4;

/**
 * Gradients of a state that are smaller end: over many steps they fade, and as subnormal numbers they would cost a hundred times the
 * time of others in every product on their way. What is left above keeps its digits in products with factors down to 1e-7.
 */
const FADED = { float32: 1e-30, float64: 1e-300 } as const;

/**
 * The scan that runs back: its state is the gradient of the state and the sums of the gradients of what came from outside, its
 * slices are the gradients of the stacked results, and what the forward steps kept.
 */
function backward(
  inputs: readonly Tensor[],
  forward: Tensor,
  dys: ReadonlyMap<number, Tensor>,
  attrs: LoopAttrs,
): (Tensor | null)[] {
  const { body, steps, carries, sequences, reverse } = attrs;
  const own = body.arguments.slice(0, carries + sequences);
  const active = body.results
    .map((t, i) => ({ t, i }))
    .filter(({ t, i }) => isFloat(t.dtype) && (i < carries || dys.has(i)));
  const seeds = active.map(({ t }) => placeholder(t.shape, t.dtype));
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
  const sums = outerFloats.map((t) => placeholder(t.shape, t.dtype));
  const stateSeeds = active.filter(({ i }) => i < carries);
  const stackSeeds = active.filter(({ i }) => i >= carries);
  const seedOf = (i: number): Tensor => seeds[active.findIndex((a) => a.i === i)]!;

  const stateOut = stateSeeds.map(({ t, i }) => flushed(gradientOf.get(own[i]!)!, FADED[t.dtype as FloatType]));
  const sumsOut = outerFloats.map((t, k) => add(sums[k]!, gradientOf.get(t)!));
  const slicesOut = own.slice(carries).filter((t) => isFloat(t.dtype));
  const results = [...stateOut, ...sumsOut, ...slicesOut.map((t) => gradientOf.get(t)!)];
  const back: LoopAttrs = {
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
    conditional: false,
  };
  const zero = (t: Tensor): Tensor => broadcastTo(filled(0, [], t.dtype), t.shape);
  const run = loopNode(
    scanRecord,
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

import { type FloatType, isFloat } from "../graph/dtype.js";
import { filled } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { add, broadcastTo, flushed } from "../ops/index.js";
import { gradientsOf } from "./gradient.js";
import { attrsOf, dependingOn, type LoopAttrs, loopNode, loopRecord, pick, placeholder } from "./loop.js";
import { splitProducts, sumOverSteps } from "./summedProducts.js";

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
  const isSlice = (i: number): boolean => carries <= i && i < carries + sequences;
  const active = body.results
    .map((t, i) => ({ t, i }))
    .filter(({ t, i }) => isFloat(t.dtype) && (i < carries || dys.has(i)));
  const seeds = active.map(({ t }) => placeholder(t.shape, t.dtype));
  const seedOf = new Map(active.map(({ i }, k) => [i, seeds[k]!]));
  const states = active.filter(({ i }) => i < carries);
  const stacked = active.filter(({ i }) => i >= carries);

  const floats = body.arguments.map((t, i) => ({ t, i })).filter(({ t }) => isFloat(t.dtype));
  const stepGradients = gradientsOf(
    active.map(({ t }) => t),
    floats.map(({ t }) => t),
    seeds,
    new Set(body.arguments),
  );
  const gradientOf = new Map(floats.map(({ i }, k) => [i, stepGradients[k]!]));
  const way = dependingOn(stepGradients, seeds);

  const stateOut = states.map(({ t, i }) => flushed(gradientOf.get(i)!, FADED[t.dtype as FloatType]));
  const slices = floats.filter(({ i }) => isSlice(i));
  const outer = floats
    .filter(({ i }) => i >= carries + sequences)
    .map(({ t, i }) => ({ t, i, ...splitProducts(gradientOf.get(i)!) }));
  const summed = outer.filter(({ rest }) => rest.length > 0);
  const sums = summed.map(({ t }) => placeholder(t.shape, t.dtype));
  const sumsOut = summed.map(({ rest }, k) =>
    add(
      sums[k]!,
      rest.reduce((sum, part) => add(sum, part)),
    ),
  );
  const stacksOut = slices.map(({ i }) => gradientOf.get(i)!);
  const factors = outer.flatMap(({ products }) => products.flatMap(({ a, b }) => [a, b]));
  for (const t of factors) if (way.has(t) && !stacksOut.includes(t)) stacksOut.push(t);

  /** The values of all forward steps. */
  const kept = (t: Tensor): Tensor => {
    const given = body.arguments.indexOf(t);
    if (isSlice(given)) return inputs[given]!;
    const known = body.results.indexOf(t, carries);
    return pick(forward, known >= 0 ? known : body.results.push(t) - 1, attrs);
  };
  const read = keptValues([...stateOut, ...sumsOut, ...stacksOut], seeds, body.arguments);
  const outsideRead = read.filter((t) => body.arguments.indexOf(t) >= carries + sequences);
  const stepsRead = read.filter((t) => !outsideRead.includes(t));

  const results = [...stateOut, ...sumsOut, ...stacksOut];
  const back: LoopAttrs = {
    body: {
      arguments: [
        ...states.map(({ i }) => seedOf.get(i)!),
        ...sums,
        ...stacked.map(({ i }) => seedOf.get(i)!),
        ...stepsRead,
        ...outsideRead,
      ],
      results,
    },
    steps,
    carries: states.length + sums.length,
    sequences: stacked.length + stepsRead.length,
    reverse: !reverse,
    conditional: false,
  };
  const zero = (t: Tensor): Tensor => broadcastTo(filled(0, [], t.dtype), t.shape);
  const run = loopNode(
    scanRecord,
    [
      ...states.map(({ t, i }) => dys.get(i) ?? zero(t)),
      ...sums.map(zero),
      ...stacked.map(({ i }) => dys.get(i)!),
      ...stepsRead.map(kept),
      ...outsideRead.map((t) => inputs[body.arguments.indexOf(t)]!),
    ],
    back,
  );

  const stackOut = (t: Tensor): Tensor => pick(run, back.carries + stacksOut.indexOf(t), back);
  const answers = new Map<number, Tensor>();
  states.forEach(({ i }, k) => {
    answers.set(i, pick(run, k, back));
  });
  for (const { i } of slices) answers.set(i, stackOut(gradientOf.get(i)!));
  for (const { i, products } of outer) {
    const sum = summed.findIndex((s) => s.i === i);
    const parts = products.map((product) => sumOverSteps(product, (x) => (way.has(x) ? stackOut(x) : kept(x))));
    if (sum >= 0) parts.unshift(pick(run, states.length + sum, back));
    answers.set(
      i,
      parts.reduce((total, part) => add(total, part)),
    );
  }
  return inputs.map((_, i) => answers.get(i) ?? null);
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

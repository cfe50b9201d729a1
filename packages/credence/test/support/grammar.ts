import { concat, elu, logSumExp, scan, softmax, stack, type Tensor } from "credence";
import { grad } from "../../src/autodiff/grad.js";
import * as ops from "../../src/ops/index.js";
import { binary, lastAxis, overAxes, quaternary, seldom, ternary, typed, unary } from "./arity.js";
import { type Draw, fit, LARGEST, type Step } from "./draw.js";
import { matrixSteps } from "./matrixSteps.js";
import { sumSteps } from "./sumSteps.js";

type Name = Exclude<keyof typeof ops, "unify" | "reduceTo" | "variable" | "withGradient">;

/** A step for each op; `compiler/randomGraphs.test.ts` fails where one is missing. */
export const opSteps: Record<Name, Step> = {
  pullMul: binary(ops.pullMul),
  pullBoth: binary(ops.pullBoth),
  pullDiv: binary(ops.pullDiv),
  add: binary(ops.add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary(ops.div),
  minimum: binary(ops.minimum),
  maximum: binary(ops.maximum),
  neg: unary(ops.neg),
  abs: unary(ops.abs),
  sign: unary(ops.sign),
  sqrt: unary(ops.sqrt),
  square: unary(ops.square),
  relu: unary(ops.relu),
  floor: unary(ops.floor),
  ceil: unary(ops.ceil),
  trunc: unary(ops.trunc),
  round: unary(ops.round),
  lt: binary(ops.lt),
  le: binary(ops.le),
  gt: binary(ops.gt),
  ge: binary(ops.ge),
  eq: binary(ops.eq),
  ne: binary(ops.ne),
  and: typed(ops.and, "bool"),
  or: typed(ops.or, "bool"),
  not: (draw) => ops.not(draw.of("bool")),
  bitAnd: typed(ops.bitAnd, "int32"),
  bitOr: typed(ops.bitOr, "int32"),
  bitXor: typed(ops.bitXor, "int32"),
  shiftRight: (draw) => ops.shiftRight(draw.of("int32"), draw.number(32)),
  exp: unary(ops.exp),
  expm1: unary(ops.expm1),
  log: unary(ops.log),
  log1p: unary(ops.log1p),
  tanh: unary(ops.tanh),
  sigmoid: unary(ops.sigmoid),
  softplus: unary(ops.softplus),
  erf: unary(ops.erf),
  erfinv: unary(ops.erfinv),
  erfcx: unary(ops.erfcx),
  erfcxSlope: unary(ops.erfcxSlope),
  ndtr: unary(ops.ndtr),
  logNdtr: unary(ops.logNdtr),
  ndtri: unary(ops.ndtri),
  sin: unary(ops.sin),
  cos: unary(ops.cos),
  sinpi: unary(ops.sinpi),
  cospi: unary(ops.cospi),
  atan: unary(ops.atan),
  log1mexp: unary(ops.log1mexp),
  log1pRatio: unary(ops.log1pRatio),
  log1pRatioSlope: unary(ops.log1pRatioSlope),
  logExcess: binary(ops.logExcess),
  logRatio: binary(ops.logRatio),
  log1pmx: unary(ops.log1pmx),
  logSigmoid: unary(ops.logSigmoid),
  logAddExp: binary(ops.logAddExp),
  xlogy: binary(ops.xlogy),
  xlog1py: binary(ops.xlog1py),
  bd0: binary(ops.bd0),
  erfc: unary(ops.erfc),
  erfcinv: unary(ops.erfcinv),
  lbeta: binary(ops.lbeta),
  logGammaRatio: binary(ops.logGammaRatio),
  logGammaRatioRest: binary(ops.logGammaRatioRest),
  digammaDifference: binary(ops.digammaDifference),
  digammaDifferenceRest: binary(ops.digammaDifferenceRest),
  stirlingError: unary(ops.stirlingError),
  stirlingErrorSlope: unary(ops.stirlingErrorSlope),
  i0e: unary(ops.i0e),
  i1e: unary(ops.i1e),
  logI0: unary(ops.logI0),
  circularVariance: unary(ops.circularVariance),
  lambertW: unary(ops.lambertW),
  owensT: seldom(binary(ops.owensT)),
  zeta: seldom(binary(ops.zeta)),
  gammaincInv: seldom(binary(ops.gammaincInv)),
  gammainccInv: seldom(binary(ops.gammainccInv)),
  logGammaincInv: seldom(binary(ops.logGammaincInv)),
  logGammainccInv: seldom(binary(ops.logGammainccInv)),
  betaincInv: seldom(ternary(ops.betaincInv)),
  betainccInv: seldom(ternary(ops.betainccInv)),
  logBetaincInv: seldom(ternary(ops.logBetaincInv)),
  logBetainccInv: seldom(ternary(ops.logBetainccInv)),
  lgamma: unary(ops.lgamma),
  digamma: unary(ops.digamma),
  trigamma: unary(ops.trigamma),
  polygamma: (draw) => ops.polygamma(draw.number(5), draw.any()),
  stirlingRise: binary(ops.stirlingRise),
  stirlingRiseGain: quaternary(ops.stirlingRiseGain),
  logStudentT: binary(ops.logStudentT),
  studentTail: binary(ops.studentTail),
  logStudentTail: binary(ops.logStudentTail),
  betainc: ternary(ops.betainc),
  betaincc: ternary(ops.betaincc),
  logBetainc: ternary(ops.logBetainc),
  logBetaincc: ternary(ops.logBetaincc),
  binomialInverse: ternary(ops.binomialInverse),
  poissonInverse: binary(ops.poissonInverse),
  gammainc: binary(ops.gammainc),
  gammaincc: binary(ops.gammaincc),
  logGammainc: binary(ops.logGammainc),
  logGammaincc: binary(ops.logGammaincc),
  cast: (draw) => draw.of((["float32", "float64", "int32", "bool"] as const)[draw.number(4)]!),
  stopGradient: unary(ops.stopGradient),
  flushed: unary((x) => ops.flushed(x, 0.5)),
  quietGradient: unary(ops.quietGradient),
  where: (draw) => {
    const x = draw.any();
    const mask = fit(draw.of("bool"), x.shape);
    return ops.where(mask, x, fit(fit(draw.any(), x.shape), mask.shape));
  },
  sum: overAxes(ops.sum),
  max: overAxes(ops.max),
  argmax: lastAxis(ops.argmax),
  cumsum: lastAxis(ops.cumsum),
  cumsumFromEnd: lastAxis(ops.cumsumFromEnd),
  matmul: (draw) => {
    const side = (): Tensor => {
      const x = draw.ranked(draw.any(), 2);
      const axes = x.shape.map((_, i) => i);
      return draw.flag() ? x.transpose([...axes.slice(0, -2), x.rank - 1, x.rank - 2]) : x;
    };
    const [a, b] = [side(), side()];
    const k = Math.min(a.shape[a.rank - 1]!, b.shape[b.rank - 2]!);
    return ops.matmul(
      ops.slice(a, -1, 0, k),
      fit(ops.slice(b, -2, 0, k), [...a.shape.slice(0, -2), 0, 0], { keep: 2 }),
    );
  },
  ...matrixSteps,
  ...sumSteps,
  reshape: (draw) => {
    const x = draw.any();
    const axis = draw.number(x.rank);
    const n = x.shape[axis] ?? 1;
    switch (draw.number(4)) {
      case 0:
        return ops.reshape(x, [x.size]);
      case 1: {
        const factor = [2, 3, 5, 1].find((f) => n % f === 0)!;
        return ops.reshape(x, [...x.shape.slice(0, axis), factor, n / factor, ...x.shape.slice(axis + 1)]);
      }
      case 2:
        return x.rank < 2 ? x : ops.reshape(x, [x.shape[0]! * x.shape[1]!, ...x.shape.slice(2)]);
      default:
        return n === 1 && x.rank > 0 ? x.squeeze(axis) : x.expandDims(axis);
    }
  },
  transpose: (draw) => {
    const x = draw.any();
    const left = x.shape.map((_, i) => i);
    return ops.transpose(
      x,
      x.shape.map(() => left.splice(draw.number(left.length), 1)[0]!),
    );
  },
  broadcastTo: (draw) => {
    const x = draw.any();
    const shape = x.shape.map((n) => (n === 1 ? draw.size(5) : n));
    return ops.broadcastTo(x, draw.flag() ? [draw.size(4), ...shape] : shape);
  },
  slice: (draw) => {
    const x = draw.ranked(draw.any(), 1);
    const axis = draw.number(x.rank);
    const start = draw.number(x.shape[axis]!);
    return ops.slice(x, axis, start, start + draw.size(x.shape[axis]! - start));
  },
  pad: (draw) => {
    const x = draw.any();
    return ops.pad(
      x,
      x.shape.map(() => draw.number(3)),
      x.shape.map(() => draw.number(3)),
    );
  },
  concatNodes: (draw) => {
    const x = draw.ranked(draw.any(), 1);
    const axis = draw.number(x.rank);
    const more = Array.from({ length: draw.number(3) }, () => {
      const shape = x.shape.map((n, i) => (i === axis ? draw.size(6) : n));
      return ops.cast(ops.broadcastTo(fit(draw.any(), shape, { into: true }), shape), x.dtype);
    });
    return ops.concatNodes([x, ...more, x].slice(draw.number(2)), axis);
  },
  gather: (draw) => ops.gather(draw.ranked(draw.any(), 1), draw.flag() ? ops.bitAnd(draw.of("int32"), 3) : draw.any()),
  iota: (draw) => ops.iota(draw.any().shape),
  randomBits: (draw) => {
    const key = ops.reshape(draw.of("int32"), [-1]);
    return key.size < 2 ? key : ops.randomBits(ops.slice(key, 0, 0, 2), draw.number(20), draw.number(2));
  },
  randomNormal: (draw) => {
    const key = ops.reshape(draw.of("int32"), [-1]);
    const dtype = draw.flag() ? "float32" : "float64";
    return key.size < 2 ? key : ops.randomNormal(ops.slice(key, 0, 0, 2), draw.number(40), dtype, draw.number(2));
  },
  randomGamma: (draw) => {
    const key = ops.reshape(draw.of("int32"), [-1]);
    if (key.size < 2) return key;
    const concentration = ops.abs(ops.reshape(draw.float(), [-1]));
    const given = draw.flag() ? concentration : ops.slice(concentration, 0, 0, Math.min(1, concentration.size));
    const size = given.size === 1 ? draw.number(40) : given.size;
    return ops.randomGamma(ops.slice(key, 0, 0, 2), size, given, draw.flag() ? "gamma" : "logGamma", draw.number(2));
  },
};

/** Rows added up where the same number comes twice: what `gather` is differentiated to. */
const scatter: Step = (draw) => {
  const x = draw.ranked(draw.float(), 1);
  const rows = ops.bitAnd(draw.of("int32"), 7);
  return rows.size * x.size > LARGEST ? x : grad((t: Tensor) => ops.gather(t, rows).square().sum())(x);
};

/** What is made of several ops, as callers use them. */
const derivedSteps: readonly Step[] = [
  overAxes((x, axes, keepDims) => x.mean(axes, { keepDims })),
  overAxes((x, axes, keepDims) => x.min(axes, { keepDims })),
  lastAxis((x) => logSumExp(x, -1, true)),
  lastAxis(softmax),
  unary((x) => elu(x)),
  unary((x) => x.isFinite()),
  binary((x, y) => x.add(1).mul(0.5).sub(y)),
  (draw) => {
    const x = draw.any();
    return stack([x, ops.broadcastTo(fit(draw.any(), x.shape, { into: true }), x.shape)], draw.number(x.rank + 1));
  },
  (draw) => {
    const x = draw.ranked(draw.any(), 1);
    return concat([x, x.mul(2)], -1);
  },
];

const firstOfScan: Step = (draw) => scanOf(draw, 1)[0]!;

/** The gradient of the sum of squares of a step, with respect to one of its tensors. */
const gradientStep: Step = (draw) => {
  const x = draw.float();
  const step = draw.number(4) === 0 ? firstOfScan : plainSteps[draw.number(plainSteps.length)]!;
  const scalar = (t: Tensor): Tensor => {
    const y = step(draw.inside(draw.others(t)));
    return y.size > LARGEST ? t.sum() : ops.cast(ops.square(y).sum(), x.dtype);
  };
  const twice = draw.number(4) === 3;
  return twice ? grad((t: Tensor) => grad(scalar)(t).sum())(x) : grad(scalar)(x);
};

const {
  sum,
  max,
  argmax,
  cumsum,
  matmul,
  reshape,
  transpose,
  broadcastTo,
  slice,
  pad,
  concatNodes,
  gather,
  randomBits,
  randomGamma,
  randomNormal,
} = opSteps;
/** Steps with kernels or loops of their own come more often: there are few of them, and they have more ways to go wrong. */
const structural = [
  sum,
  max,
  argmax,
  cumsum,
  matmul,
  reshape,
  transpose,
  broadcastTo,
  slice,
  pad,
  concatNodes,
  gather,
  scatter,
  randomBits,
  randomGamma,
  randomNormal,
];
const plainSteps: readonly Step[] = [
  ...Object.values(opSteps),
  ...derivedSteps,
  ...structural,
  ...structural,
  ...structural,
];

/** Choices that each step of a loop's body may take. */
const CHOICES = 6;
const MOST_INSIDE = 3;

/**
 * A few steps along an axis, perhaps none: one or two states and sequences. What is stacked, and the new state, come from any steps, one of
 * which may be such a loop itself; they may be what was given, or the same twice. Answers some of the results, so that the others are not
 * needed.
 */
function scanOf(draw: Draw, depth: number): Tensor[] {
  const starts = draw.flag() ? [draw.any(), draw.any()] : [draw.any()];
  const given = [draw.ranked(draw.any(), 1), draw.ranked(draw.any(), 1)].slice(draw.number(2));
  const length = Math.min(4, ...given.map((t) => t.shape[0]!));
  const kinds = Array.from({ length: 1 + draw.number(MOST_INSIDE) }, () => draw.number(plainSteps.length));
  const nests = depth > 0 && draw.number(4) === 0;
  const chosen = Array.from({ length: starts.length + 2 }, () => draw.number(8));
  const [answer, reverse] = [draw.number(starts.length + 2), draw.flag()];
  const small = (t: Tensor): boolean => t.size <= LARGEST / 4 && t.rank <= 7;
  const [states, stacked] = scan(
    (before: readonly Tensor[], slices: readonly Tensor[]) => {
      const made = [...slices, ...before].reverse();
      kinds.forEach((kind, i) => {
        const inner = draw.inside([...made].reverse().concat(draw.others(slices[0]!)), i * CHOICES);
        const next = nests && i === 0 ? scanOf(inner, depth - 1)[0]! : plainSteps[kind]!(inner);
        if (small(next)) made.push(next);
      });
      const pickOf = (choice: number): Tensor => made[made.length - 1 - (choice % made.length)]!;
      const after = before.map((s, i) => {
        const next = fit(pickOf(chosen[i]!), s.shape, { into: true });
        return ops.cast(ops.broadcastTo(next, s.shape), s.dtype);
      });
      const ys = chosen.slice(before.length).map((choice, i) => (choice === 7 ? after[0]! : pickOf(choice + i)));
      return [after, ys] as const;
    },
    starts,
    given.map((t) => ops.slice(t, 0, 0, length)),
    { reverse },
  );
  const results = [...(states as readonly Tensor[]), ...(stacked as readonly Tensor[])];
  return [results[answer]!, ...results.slice(answer + 1)];
}

/** Makes tensors of earlier ones. */
type Steps = (draw: Draw) => readonly Tensor[];

const single =
  (step: Step): Steps =>
  (draw) => [step(draw)];

export const steps: readonly Steps[] = [
  ...plainSteps.map(single),
  ...structural.flatMap(() => [single(gradientStep), (draw: Draw) => scanOf(draw, 1)]),
];

import { CredenceError, compile, grad, type Nested, type Tensor, tensor } from "credence";
import type { Distribution } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { key } from "../../src/random/index.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "./bits.js";
import { distanceToCdf, dkw, momentsOf, STANDARD_ERRORS } from "./bounds.js";
import { gaussLegendre } from "./quadrature.js";

/** Parameters as plain numbers, by name. */
export type Numbers = Readonly<Record<string, number | Nested>>;
type Tensors = Record<string, Tensor>;
type Method =
  | "cdf"
  | "logCdf"
  | "survival"
  | "logSurvival"
  | "quantile"
  | "mean"
  | "variance"
  | "stddev"
  | "mode"
  | "entropy";

export interface Laws {
  readonly build: (params: Tensors) => Distribution;
  /** Valid parameters, by a label. */
  readonly params: Readonly<Record<string, Numbers>>;
  /** Values of one event each, at which densities are asked for; within the support. */
  readonly values: readonly (number | Nested)[];
  /** Parameters outside the domain: refused when known, NaN when not. */
  readonly invalid?: readonly Numbers[];
  /** Methods that do not exist. */
  readonly lacks?: readonly Method[];
}

const SAMPLES = 20_000;
const valueMethods = ["logProb", "prob", "cdf", "logCdf", "survival", "logSurvival"] as const;
const momentMethods = ["mean", "variance", "stddev", "mode", "entropy"] as const;

/** The laws that hold for every distribution; a test file adds what is special. */
export function describeDistribution(name: string, laws: Laws): void {
  const lacks = new Set<string>(laws.lacks);
  const has = (...methods: Method[]): boolean => methods.every((method) => !lacks.has(method));
  describe.each(Object.entries(laws.params))(`${name} %s`, (_, params) => {
    const d = laws.build(tensorsOf(params));
    const isScalar = d.eventShape.length === 0;
    const x = valuesFor(laws, d);

    test("shapes and element types", () => shapesHold(laws, params, d, x));
    test("gradient of logProb is its finite difference", () => gradientHolds(laws, params, x));
    test("compiled is interpreted, bit for bit", () => {
      for (const dtype of ["float64", "float32"] as const) compiledHolds(laws, params, x, dtype);
    });
    test("NaN gives NaN, infinity and fractions lie outside", () => edgesHold(d, has));
    if (has("mean", "variance")) test("mean and variance are those of draws", () => momentsHold(d));
    if (isScalar && has("cdf")) test("draws follow the cdf", () => drawsHold(d));
    if (isScalar && has("cdf", "survival", "quantile") && !d.support.discrete) {
      test("density integrates to the cdf", () => densityHolds(d, has));
      test("quantile and cdf undo each other", () => inverseHolds(d));
      test("logarithms and complements belong together", () => tailsHold(d));
    }
    if (lacks.size > 0) {
      test("what does not exist says so", () => {
        const value = tensor(0.5).broadcastTo(d.eventShape);
        for (const method of lacks)
          expectCode("missing", () => (d[method as Method] as (x: Tensor) => Tensor).call(d, value));
      });
    }
  });
  if (laws.invalid === undefined) return;
  describe(`${name}, outside its domain`, () => {
    test.each((laws.invalid as readonly Numbers[]).map((params) => [JSON.stringify(params), params] as const))(
      "%s",
      (_, params) => {
        expectCode("domain", () => laws.build(tensorsOf(params)));
        const x = tensor(laws.values[0]!);
        const logProb = compile((p: Tensors) => laws.build(p).logProb(x));
        expect([...logProb(tensorsOf(params)).data()].some(Number.isNaN), "compiled, it is NaN").toBe(true);
      },
    );
  });
}

export const tensorsOf = (params: Numbers, dtype: "float64" | "float32" = "float64"): Tensors =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, tensor(value, { dtype })]));

export function expectCode(code: string, fn: () => unknown): void {
  try {
    fn();
  } catch (error) {
    expect(error).toBeInstanceOf(CredenceError);
    expect((error as CredenceError).code, (error as Error).message).toBe(code);
    return;
  }
  expect.fail(`nothing was thrown; expected ${code}`);
}

/** Each value for each distribution of the batch. @shape [values, ...batch, ...event] */
function valuesFor(laws: Laws, d: Distribution): Tensor {
  const list = tensor(laws.values as Nested);
  const n = laws.values.length;
  return list
    .reshape([n, ...d.batchShape.map(() => 1), ...d.eventShape])
    .broadcastTo([n, ...d.batchShape, ...d.eventShape]);
}

function shapesHold(laws: Laws, params: Numbers, d: Distribution, x: Tensor): void {
  const full = [...d.batchShape, ...d.eventShape];
  expect(d.logProb(x).shape).toEqual([laws.values.length, ...d.batchShape]);
  expect(d.sample({ seed: 1, shape: [3, 2] }).shape).toEqual([3, 2, ...full]);
  expect(d.sample({ seed: 1 }).shape).toEqual(full);
  expect(d.sample({ seed: 1 }).dtype).toBe(d.dtype);
  for (const method of momentMethods) {
    if (laws.lacks?.includes(method)) continue;
    expect(d[method]().shape, method).toEqual(method === "entropy" ? d.batchShape : full);
  }
  const single = laws.build(tensorsOf(params, "float32"));
  expect(single.logProb(x.cast("float32")).dtype).toBe("float32");
  expectSameBits(d.sample({ seed: 7 }).data(), d.sample({ key: key(7) }).data(), "draws of a seed and of its key");
}

function gradientHolds(laws: Laws, params: Numbers, x: Tensor): void {
  const discrete = laws.build(tensorsOf(params)).support.discrete;
  const inputs: Tensors = discrete ? tensorsOf(params) : { ...tensorsOf(params), x };
  // weights make each element of logProb count differently
  const loss = ({ x: at = x, ...p }: Tensors): Tensor => {
    const logProb = laws.build(p).logProb(at);
    const weights = Float64Array.from({ length: logProb.size }, (_, i) => 1 + (i % 7) / 3);
    return logProb.mul(tensor(weights, { shape: logProb.shape })).sum();
  };
  const gradient = grad(loss)(inputs);
  for (const [name, value] of Object.entries(inputs)) {
    const exact = (gradient[name] as Tensor).data();
    value.data().forEach((at, i) => {
      const h = 1e-5 * Math.max(1, Math.abs(at));
      const moved = (by: number): number => {
        const data = value.data().slice();
        data[i] = at + by;
        return loss({ ...inputs, [name]: tensor(data, { shape: value.shape }) }).item();
      };
      const difference = (moved(h) - moved(-h)) / (2 * h);
      // h² times a third derivative, and 1e-16 / h times the loss
      expect(
        Math.abs(exact[i]! - difference),
        `d logProb / d ${name}[${i}] = ${exact[i]}, differences ${difference}`,
      ).toBeLessThan(2e-6 * (1 + Math.abs(difference)));
    });
  }
}

function compiledHolds(laws: Laws, params: Numbers, x: Tensor, dtype: "float64" | "float32"): void {
  const left = new Set<string>(laws.lacks);
  const all = (p: Tensors, at: Tensor, seed: Tensor): Tensors => {
    const d = laws.build(p);
    const out: Tensors = { sample: d.sample({ key: seed, shape: [5] }) };
    for (const method of valueMethods) if (!left.has(method)) out[method] = d[method](at);
    for (const method of momentMethods) if (!left.has(method)) out[method] = d[method]();
    if (!left.has("quantile")) out.quantile = d.quantile(tensor(0.3, { dtype }));
    return out;
  };
  const [p, at] = [tensorsOf(params, dtype), x.cast(dtype)];
  const compiled = compile(all)(p, at, key(5));
  const interpreted = withEngine("interpreter", () => {
    const out = all(p, at, key(5));
    for (const t of Object.values(out)) t.data();
    return out;
  });
  for (const [name, value] of Object.entries(interpreted))
    expectSameBits(compiled[name]!.data(), value.data(), `${dtype} ${name}`);
}

function edgesHold(d: Distribution, has: (...methods: Method[]) => boolean): void {
  const at = (value: number): Tensor => tensor(value).broadcastTo([...d.batchShape, ...d.eventShape]);
  const expectAll = (t: Tensor, value: number): void => {
    for (const item of t.data()) expect(item + 0).toBe(value); // + 0, since -0 will do
  };
  const outside = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, ...(d.support.discrete ? [0.5, -1] : [])];
  for (const x of outside) expectAll(d.logProb(at(x)), Number.NEGATIVE_INFINITY);
  expectAll(d.logProb(at(Number.NaN)), Number.NaN);
  if (!has("cdf", "survival")) return;
  const ends = [
    [Number.NEGATIVE_INFINITY, 0],
    [Number.POSITIVE_INFINITY, 1],
    [Number.NaN, Number.NaN],
  ] as const;
  for (const [x, below] of ends) {
    expectAll(d.cdf(at(x)), below);
    expectAll(d.survival(at(x)), 1 - below);
    expectAll(d.logCdf(at(x)), Math.log(below));
    expectAll(d.logSurvival(at(x)), Math.log(1 - below));
  }
}

function drawsHold(d: Distribution): void {
  const draws = columns(d.sample({ seed: 11, shape: [SAMPLES] }), SAMPLES);
  const sorted = draws.map((column) => column.sort((a, b) => a - b));
  const rows = Float64Array.from(
    { length: SAMPLES * draws.length },
    (_, i) => sorted[i % draws.length]![Math.floor(i / draws.length)]!,
  );
  const cdf = columns(d.cdf(tensor(rows, { shape: [SAMPLES, ...d.batchShape] })), SAMPLES);
  sorted.forEach((column, i) => {
    expect(distanceToCdf(column, cdf[i]!, d.support.discrete)).toBeLessThan(dkw(SAMPLES, draws.length));
  });
}

function momentsHold(d: Distribution): void {
  const draws = columns(d.sample({ seed: 12, shape: [SAMPLES] }), SAMPLES);
  const [means, variances, deviations] = [d.mean().data(), d.variance().data(), d.stddev().data()];
  draws.forEach((column, i) => {
    const { mean, variance, meanError, varianceError } = momentsOf(column);
    expect(Math.abs(mean - means[i]!)).toBeLessThanOrEqual(STANDARD_ERRORS * meanError);
    expect(Math.abs(variance - variances[i]!)).toBeLessThanOrEqual(STANDARD_ERRORS * varianceError);
    expect(deviations[i]! ** 2).toBeCloseTo(variances[i]!, 12);
  });
}

/** The numbers of a tensor [n, ...] as one list for each of the places behind the first axis. */
function columns(t: Tensor, n: number): number[][] {
  const data = t.data();
  const width = data.length / n;
  return Array.from({ length: width }, (_, j) => Array.from({ length: n }, (__, i) => data[i * width + j]!));
}

/** Levels so dense that between two neighbours a density is smooth, however narrow a component may be. */
const LEVELS = [
  1e-13,
  1e-11,
  1e-9,
  1e-7,
  1e-5,
  1e-4,
  1e-3,
  4e-3,
  ...Array.from({ length: 127 }, (_, i) => (i + 1) / 128),
  0.996,
  0.999,
  1 - 1e-4,
  1 - 1e-5,
  1 - 1e-7,
  1 - 1e-9,
  1 - 1e-11,
];

function densityHolds(d: Distribution, has: (...methods: Method[]) => boolean): void {
  const { points, weights } = gaussLegendre(20);
  const ones = d.batchShape.map(() => 1);
  const edges = columns(d.quantile(tensor(LEVELS, { shape: [LEVELS.length, ...ones] })), LEVELS.length);
  const panels = LEVELS.length - 1;
  const size = edges.length;
  const x = new Float64Array(panels * points.length * size);
  for (let i = 0; i < x.length; i++) {
    const [place, point, panel] = [
      i % size,
      Math.floor(i / size) % points.length,
      Math.floor(i / size / points.length),
    ];
    const [a, b] = [edges[place]![panel]!, edges[place]![panel + 1]!];
    x[i] = (a + b) / 2 + ((b - a) / 2) * points[point]!;
  }
  const at = tensor(x, { shape: [panels * points.length, ...d.batchShape] });
  const density = columns(d.prob(at), panels * points.length);
  const positions = columns(at, panels * points.length);
  const entropies = has("entropy") ? d.entropy().data() : undefined;
  edges.forEach((edge, place) => {
    let [entropy, mean] = [0, 0];
    for (let panel = 0; panel < panels; panel++) {
      let mass = 0;
      for (let k = 0; k < points.length; k++) {
        const f = density[place]![panel * points.length + k]!;
        const w = (weights[k]! * (edge[panel + 1]! - edge[panel]!)) / 2;
        mass += w * f;
        entropy -= w * f * Math.log(f);
        mean += w * f * positions[place]![panel * points.length + k]!;
      }
      const expected = LEVELS[panel + 1]! - LEVELS[panel]!;
      // a relative 1e-8 for the rule; near 1 the levels themselves are rounded to 1e-16
      expect(Math.abs(mass - expected), `mass between ${LEVELS[panel]} and ${LEVELS[panel + 1]}`).toBeLessThan(
        1e-8 * expected + 4e-16,
      );
    }
    // beyond the first and last level lie 1e-11 of the mass
    expect(mean / Math.max(1, Math.abs(mean))).toBeCloseTo(d.mean().data()[place]! / Math.max(1, Math.abs(mean)), 8);
    if (entropies) expect(entropy).toBeCloseTo(entropies[place]!, 8);
  });
}

function inverseHolds(d: Distribution): void {
  const levels = [0, 1e-300, 1e-20, 1e-5, 0.1, 0.3, 0.5, 0.77, 0.99, 1 - 2 ** -40, 1];
  const p = tensor(levels, { shape: [levels.length, ...d.batchShape.map(() => 1)] });
  const x = d.quantile(p);
  const [below, above] = [columns(d.cdf(x), levels.length), columns(d.survival(x), levels.length)];
  const [points, again] = [columns(x, levels.length), columns(d.quantile(d.cdf(x)), levels.length)];
  below.forEach((cdf, place) => {
    levels.forEach((level, i) => {
      const [got, at] = [cdf[i]!, points[place]![i]!];
      if (level === 0 || level === 1) expect(got).toBe(level);
      // a step of x to the next float moves the smaller tail by x · density / tail of itself
      const slope = d.prob(at).data()[place % d.prob(at).size]!;
      const smaller = Math.min(level, 1 - level);
      const tolerance = 2 ** -50 * (smaller + Math.abs(at) * slope);
      if (Number.isFinite(at)) {
        expect(
          Math.abs(level <= 0.5 ? got - level : above[place]![i]! - (1 - level)),
          `cdf(quantile(${level}))`,
        ).toBeLessThanOrEqual(tolerance);
      }
      if (level > 0 && level <= 0.5)
        expect(Math.abs(again[place]![i]! - at)).toBeLessThanOrEqual((4 * tolerance) / slope + 1e-300);
    });
  });
  for (const outside of [-0.1, 1.1, Number.NaN]) expect([...d.quantile(outside).data()].every(Number.isNaN)).toBe(true);
}

function tailsHold(d: Distribution): void {
  const levels = [1e-12, 1e-3, 0.2, 0.5, 0.8, 0.999, 1 - 1e-12];
  const x = d.quantile(tensor(levels, { shape: [levels.length, ...d.batchShape.map(() => 1)] }));
  const [cdf, survival, logCdf, logSurvival] = [d.cdf(x), d.survival(x), d.logCdf(x), d.logSurvival(x)].map((t) =>
    t.data(),
  );
  cdf!.forEach((below, i) => {
    expect(below + survival![i]!).toBeCloseTo(1, 14);
    expect(Math.exp(logCdf![i]!) / below).toBeCloseTo(1, 13);
    expect(Math.exp(logSurvival![i]!) / survival![i]!).toBeCloseTo(1, 13);
    // near 0 a logarithm keeps the digits of the other tail
    if (below < 0.5) expect(logSurvival![i]! / Math.log1p(-below)).toBeCloseTo(1, 13);
    else expect(logCdf![i]! / Math.log1p(-survival![i]!)).toBeCloseTo(1, 13);
  });
}

import { CredenceError, compile, grad, type Nested, type Tensor, tensor } from "credence";
import type { Distribution } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { key } from "../../src/random/index.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "./bits.js";
import { distanceToCdf, dkw, momentsOf, STANDARD_ERRORS } from "./bounds.js";
import { type Domain, extremesHold } from "./extremes.js";
import { columns, densityHolds, sumsHold } from "./integrals.js";

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
  /** What each parameter may be, for the search over 1e-30 to 1e30. */
  readonly domain?: Readonly<Record<string, Domain>>;
  /** Angles: mean and variance are those of the circle, which draws as numbers do not have. */
  readonly circular?: boolean;
  /** Parameters that are whole numbers: there is nothing that finite differences could move them by. */
  readonly whole?: readonly string[];
  /** Methods that do not exist. */
  readonly lacks?: readonly Method[];
}

const SAMPLES = 20_000;
const valueMethods = ["logProb", "prob", "cdf", "logCdf", "survival", "logSurvival"] as const;
const momentMethods = ["mean", "variance", "stddev", "mode", "entropy"] as const;

/** Supports that an event leaves when a single number of it is moved. */
const THIN = new Set(["simplex", "positiveDefinite", "correlationCholesky", "unitVector"]);

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
    if (has("mean", "variance") && !laws.circular) test("mean and variance are those of draws", () => momentsHold(d));
    if (isScalar && has("cdf")) test("draws follow the cdf", () => drawsHold(d));
    if (isScalar && d.support.discrete) test("probabilities add up", () => sumsHold(d, (method) => has(method)));
    if (isScalar && has("cdf", "survival", "quantile") && !d.support.discrete) {
      test("density integrates to the cdf", () => densityHolds(d, (method) => has(method)));
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
  if (laws.domain !== undefined) {
    const { domain } = laws;
    test(`${name}: no NaN at any parameter from 1e-30 to 1e30 and any x`, () => {
      extremesHold(laws.build, domain, (method) => !lacks.has(method));
    });
  }
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
  const { support } = laws.build(tensorsOf(params));
  const movable = !support.discrete && !THIN.has(support.name);
  const inputs: Tensors = movable ? { ...tensorsOf(params), x } : tensorsOf(params);
  // weights make each element of logProb count differently
  const loss = ({ x: at = x, ...p }: Tensors): Tensor => {
    const logProb = laws.build(p).logProb(at);
    const weights = Float64Array.from({ length: logProb.size }, (_, i) => 1 + (i % 7) / 3);
    return logProb.mul(tensor(weights, { shape: logProb.shape })).sum();
  };
  const size = Math.abs(loss(inputs).item());
  const gradient = grad(loss)(inputs);
  for (const [name, value] of Object.entries(inputs)) {
    if (laws.whole?.includes(name)) continue;
    const exact = (gradient[name] as Tensor).data();
    value.data().forEach((at, i) => {
      const h = 2e-4 * Math.max(1e-3, Math.abs(at));
      const moved = (by: number): number => {
        const data = value.data().slice();
        data[i] = at + by;
        return loss({ ...inputs, [name]: tensor(data, { shape: value.shape }) }).item();
      };
      const difference = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h);
      // h⁴ times a fifth derivative, and 1e-16 / h times the loss
      expect(
        Math.abs(exact[i]! - difference),
        `d logProb / d ${name}[${i}] = ${exact[i]}, differences ${difference}`,
      ).toBeLessThan(2e-6 * (1 + Math.abs(difference)) + (size * 2 ** -50) / h);
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
  const fractions = d.support.discrete ? [0.5, -1].filter((x) => !d.support.contains(at(x)).data()[0]) : [];
  const outside = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, ...fractions];
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
    if (!Number.isFinite(variances[i])) return; // no law of large numbers to lean on
    expect(Math.abs(mean - means[i]!)).toBeLessThanOrEqual(STANDARD_ERRORS * meanError);
    expect(Math.abs(variance - variances[i]!)).toBeLessThanOrEqual(STANDARD_ERRORS * varianceError);
    const off = Math.abs(deviations[i]! ** 2 - variances[i]!);
    expect(off, "stddev is the root of the variance").toBeLessThanOrEqual(1e-12 * Math.max(1, variances[i]!));
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
      const logSlope = d.logProb(at).data();
      const logDensity = logSlope[place % logSlope.length]!;
      const slope = Math.exp(logDensity);
      const smaller = Math.min(level, 1 - level);
      // and the exponential of a rounded logarithm is off by as many units as that is long
      const magnitude = Math.log(Math.abs(at)); // a density far out may underflow where its product with x does not
      const steepness = at === 0 ? 0 : Math.exp(magnitude + logDensity) * (1 + Math.abs(magnitude));
      const tolerance = 2 ** -50 * (smaller + steepness);
      // a quantile that underflows has lost its digits
      if (Number.isFinite(at) && (level > 1e-100 || Math.abs(at) > 2 ** -1022)) {
        expect(
          Math.abs(level <= 0.5 ? got - level : above[place]![i]! - (1 - level)),
          `cdf(quantile(${level}))`,
        ).toBeLessThanOrEqual(tolerance);
      }
      if (level > 0 && level <= 0.5 && Number.isFinite(at))
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

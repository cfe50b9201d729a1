import { compile, grad, type Nested, type Tensor, tensor } from "credence";
import {
  Affine,
  type Bijector,
  bijectorFromJSON,
  Chain,
  CholeskyFactor,
  CorrelationCholesky,
  Coupling,
  Exp,
  Identity,
  Inverse,
  Log,
  OnEach,
  Ordered,
  Permute,
  PositiveDefinite,
  Power,
  RationalQuadraticSpline,
  RealNVP,
  Sigmoid,
  Softplus,
  SplineCoupling,
  StickBreaking,
  Tanh,
} from "credence/bijectors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { expectGradient } from "../support/finiteDifference.js";
import { expectCode } from "../support/laws.js";

const spline = new RationalQuadraticSpline({
  widths: [0.3, -1, 0.5, 2],
  heights: [1, 0, -1, 0.2],
  slopes: [2, -3, 0.5],
  bound: 3,
});
/** In the element type of another tensor. */
const like = (t: Tensor, numbers: Nested): Tensor => tensor(numbers, { dtype: t.dtype });
const conditioner = (kept: Tensor) => ({
  shift: kept.sum(-1, { keepDims: true }).mul(like(kept, [0.5, -1])),
  logScale: kept
    .slice(-1, 0, 1)
    .tanh()
    .mul(like(kept, [1, 0.5])),
});
const splines = (kept: Tensor) => {
  const features = kept.sum(-1, { keepDims: true }).expandDims(-1).tanh(); // [..., 1, 1]
  return {
    widths: features.mul(
      like(kept, [
        [1, 0, -1],
        [0.3, 2, 1],
      ]),
    ),
    heights: features.mul(
      like(kept, [
        [0, 2, -1],
        [1, 1, -1],
      ]),
    ),
    slopes: features.mul(
      like(kept, [
        [2, -2],
        [1, 0],
      ]),
    ),
  };
};

interface Case {
  readonly map: Bijector;
  /** Numbers of one event of the domain; 1 for maps of numbers. */
  readonly size?: number;
  /** How far raw numbers go, if not to 6. */
  readonly most?: number;
  /** The domain's numbers from raw ones, where it is not the whole line. */
  readonly into?: (raw: number) => number;
}

const positive = (raw: number): number => Math.exp(raw);
const cases: Readonly<Record<string, Case>> = {
  Identity: { map: new Identity() },
  Affine: { map: new Affine({ loc: 3, scale: 0.2 }) },
  "falling Affine": { map: new Affine({ loc: 1, scale: -4 }) },
  Exp: { map: new Exp() },
  Log: { map: new Log(), into: positive },
  Sigmoid: { map: new Sigmoid() },
  "Sigmoid of bounds": { map: new Sigmoid({ low: -2, high: 5 }) },
  Softplus: { map: new Softplus() },
  Tanh: { map: new Tanh() },
  Power: { map: new Power({ exponent: 2.5 }), into: positive },
  "falling Power": { map: new Power({ exponent: -0.5 }), into: positive },
  RationalQuadraticSpline: { map: spline },
  Inverse: { map: new Inverse(new Softplus()), into: positive },
  Chain: { map: new Chain([new Affine({ loc: 1, scale: -0.5 }), new Exp(), new Power({ exponent: 2 })]) },
  OnEach: { map: new OnEach(new Tanh(), 1), size: 3 },
  Ordered: { map: new Ordered(), size: 4 },
  StickBreaking: { map: new StickBreaking(), size: 4 },
  CholeskyFactor: { map: new CholeskyFactor(), size: 6 },
  PositiveDefinite: { map: new PositiveDefinite(), size: 6, most: 1 },
  CorrelationCholesky: { map: new CorrelationCholesky(), size: 6 },
  Permute: { map: new Permute([2, 0, 3, 1]), size: 4 },
  Coupling: { map: new Coupling({ kept: 1, transform: (x) => new Affine({ loc: x, scale: 2 }) }), size: 3 },
  RealNVP: { map: new RealNVP({ kept: 2, conditioner }), size: 4 },
  SplineCoupling: { map: new SplineCoupling({ kept: 1, conditioner: splines }), size: 3 },
  "Chain of events": {
    map: new Chain([
      new RealNVP({ kept: 2, conditioner }),
      new Permute([3, 2, 1, 0]),
      new Exp(),
      new Power({ exponent: -2 }),
    ]),
    size: 4,
  },
};

const rawNumbers = (size: number, most: number): fc.Arbitrary<number[]> =>
  fc.array(fc.double({ min: -most, max: most, noNaN: true }), { minLength: size, maxLength: size });
const eventOf = ({ map, size = 1, into = (raw) => raw }: Case, raw: readonly number[]): Tensor =>
  tensor(raw.map(into), { shape: map.domain.eventRank === 0 ? [] : [size] });

/** The coordinates of the image with respect to which densities are: as many as the domain has numbers. */
function coordinates(name: string, y: Tensor): number[] {
  const list = [...y.data()];
  if (name === "StickBreaking") return list.slice(0, -1);
  const n = y.shape[y.rank - 1]!;
  if (name === "CholeskyFactor" || name === "PositiveDefinite")
    return list.filter((_, at) => at % n <= Math.floor(at / n));
  return name === "CorrelationCholesky" ? list.filter((_, at) => at % n < Math.floor(at / n)) : list;
}

/** log |det| of a matrix, by elimination with row pivots. */
function logAbsDet(rows: number[][]): number {
  const m = rows.map((row) => [...row]);
  let total = 0;
  for (let k = 0; k < m.length; k++) {
    const pivot = m.slice(k).reduce((best, row, i) => (Math.abs(row[k]!) > Math.abs(m[best]![k]!) ? i + k : best), k);
    [m[k], m[pivot]] = [m[pivot]!, m[k]!];
    total += Math.log(Math.abs(m[k]![k]!));
    for (let i = k + 1; i < m.length; i++) {
      const factor = m[i]![k]! / m[k]![k]!;
      for (let j = k; j < m.length; j++) m[i]![j] = m[i]![j]! - factor * m[k]![j]!;
    }
  }
  return total;
}

/** dy/dx by automatic differentiation, a coordinate at a time. */
function jacobian(name: string, map: Bijector, x: Tensor): number[][] {
  const places = coordinates(
    name,
    tensor(
      Float64Array.from(map.forward(x).data(), (_, i) => i),
      { shape: map.forward(x).shape },
    ),
  );
  return places.map((place) => {
    const slope = grad((at: Tensor) =>
      map
        .forward(at)
        .reshape([-1])
        .slice(0, place, place + 1)
        .sum(),
    )(x);
    return [...slope.data()];
  });
}

describe.each(Object.entries(cases))("%s", (name, given) => {
  const { map, size = 1 } = given;

  test("forward and inverse undo each other, and images lie in the codomain", () => {
    fc.assert(
      fc.property(rawNumbers(size, given.most ?? 6), (raw) => {
        const x = eventOf(given, raw);
        const y = map.forward(x);
        expect(y.shape).toEqual(map.forwardShape(x.shape));
        expect(map.codomain.contains(y).item()).toBe(1);
        const back = map.inverse(y);
        expect(back.shape).toEqual(map.inverseShape(y.shape));
        const slopes = name === "Permute" ? [] : jacobian(name, map, x);
        // y is off by some units in the last place of its largest number, and x by that over the slope
        const largest = Math.max(1e-300, ...[...y.data()].map(Math.abs));
        const flattest = slopes.length === 0 ? 1 : Math.min(...slopes.map((row, i) => Math.abs(row[i] ?? 1) || 1));
        const least = map.domain.eventRank === 0 ? Math.abs(slopes[0]![0]!) : flattest;
        back.data().forEach((value, i) => {
          const at = x.data()[i]!;
          const tolerance = 2 ** -50 * (Math.abs(at) + (4 * size * (largest + size)) / least);
          expect(Math.abs(value - at), `inverse(forward(${at}))`).toBeLessThanOrEqual(tolerance);
        });
      }),
      { numRuns: 40 },
    );
  });

  test("the log-determinant is that of the matrix of slopes, and its inverse's the negative", () => {
    fc.assert(
      fc.property(rawNumbers(size, 2), (raw) => {
        const x = eventOf(given, raw);
        const logDet = map.forwardLogDet(x);
        expect(logDet.shape).toEqual([]);
        // a spline's second derivative jumps at its knots, its first does not
        expect(Math.abs(logDet.item() - logAbsDet(jacobian(name, map, x)))).toBeLessThan(
          1e-11 * (1 + Math.abs(logDet.item())),
        );
        expect(Math.abs(logDet.item() + map.inverseLogDet(map.forward(x)).item())).toBeLessThan(1e-10);
      }),
      { numRuns: 20 },
    );
  });

  test("gradients are finite differences", () => {
    const raw = Array.from({ length: size }, (_, i) => 0.7 * Math.sin(3 * i + 1));
    const x = eventOf(given, raw);
    expectGradient(([at]) => map.forward(at!), [x]);
    expectGradient(([at]) => map.forwardLogDet(at!).reshape([1]), [x]);
    if (["StickBreaking", "CorrelationCholesky", "CholeskyFactor", "PositiveDefinite"].includes(name)) return; // their images are no open sets
    const y = tensor(Float64Array.from(map.forward(x).data()), { shape: map.forward(x).shape });
    expectGradient(([at]) => map.inverse(at!), [y]);
    expectGradient(([at]) => map.inverseLogDet(at!).reshape([1]), [y]);
  });

  test("batches, compiled as interpreted", () => {
    const rows = [0.3, -1.2, 0.8].map((shift) => Array.from({ length: size }, (_, i) => Math.cos(i) + shift));
    const event = map.domain.eventRank === 0 ? [] : [size];
    const data = rows.flat().map(given.into ?? ((value) => value));
    for (const dtype of ["float64", "float32"] as const) {
      const x = tensor(data, { dtype, shape: [3, ...event] });
      const all = (at: Tensor) => {
        const y = map.forward(at);
        return { y, back: map.inverse(y), logDet: map.forwardLogDet(at), inverseLogDet: map.inverseLogDet(y) };
      };
      const compiled = compile(all)(x);
      const interpreted = withEngine("interpreter", () => {
        const out = all(x);
        for (const t of Object.values(out)) t.data();
        return out;
      });
      expect(compiled.logDet.shape).toEqual([3]);
      if (name !== "RationalQuadraticSpline") expect(compiled.y.dtype).toBe(dtype); // its parameters are float64
      for (const [what, value] of Object.entries(interpreted))
        expectSameBits(compiled[what as "y"].data(), value.data(), `${dtype} ${what}`);
    }
  });

  test("as JSON and back", () => {
    if (/Coupling|RealNVP|events/.test(name)) return expectCode("missing", () => map.toJSON());
    const again = bijectorFromJSON(JSON.parse(JSON.stringify(map)));
    const x = eventOf(
      given,
      Array.from({ length: size }, (_, i) => Math.sin(i + 1)),
    );
    expect(again.constructor).toBe(map.constructor);
    expect(again.name).toBe(map.name);
    expectSameBits(again.forward(x).data(), map.forward(x).data(), "of the copy");
  });
});

describe("extremes", () => {
  const far = [-1e300, -800, -40, 0, 40, 800, 1e300];
  test.each(["Sigmoid", "Sigmoid of bounds", "Softplus", "Tanh", "RationalQuadraticSpline", "Exp"])(
    "%s is never NaN",
    (name) => {
      const { map } = cases[name]!;
      const logDets = map.forwardLogDet(far);
      expect([...map.forward(far).data(), ...logDets.data()].some(Number.isNaN)).toBe(false);
      if (name !== "Exp") expect([...logDets.data()].every((value) => value < 1e301 && value >= -2e300)).toBe(true);
      const slopes = grad((x: Tensor) => map.forward(x).sum().add(map.forwardLogDet(x).sum()))(
        tensor(far.slice(1, -1)),
      );
      expect([...slopes.data()].slice(0, -1).some(Number.isNaN)).toBe(false);
    },
  );

  test.each(["StickBreaking", "CorrelationCholesky", "Ordered", "CholeskyFactor"])("%s of far numbers", (name) => {
    const { map, size } = cases[name]!;
    for (const scale of [40, 300, 700]) {
      const x = tensor(Array.from({ length: size! }, (_, i) => scale * (i % 2 === 0 ? -1 : 1)));
      expect(map.forward(x).isFinite().toArray()).not.toContain(false);
      expect(Number.isFinite(map.forwardLogDet(x).item())).toBe(true);
      const slopes = grad((at: Tensor) => map.forwardLogDet(at))(x);
      expect([...slopes.data()].every(Number.isFinite)).toBe(true);
    }
  });

  test("tanh: the log-determinant where 1 - y² is 0", () => {
    // 2 log(1 / cosh 30) = 2 (log 2 - 30)
    expect(new Tanh().forwardLogDet(30).item()).toBeCloseTo(2 * (Math.LN2 - 30), 13);
    expect(new Tanh().forwardLogDet(-30).item()).toBeCloseTo(2 * (Math.LN2 - 30), 13);
  });

  test("correlation factors whose squares underflow are had back", () => {
    const map = new CorrelationCholesky();
    for (const x of [-300, -20, 1e-200, 0.3, 20, 300]) {
      const back = map.inverse(map.forward([x])).item();
      expect(Math.abs(back - x)).toBeLessThanOrEqual(2 ** -50 * Math.abs(x));
    }
  });

  test("shares of a stick: 0 gives equal ones, far numbers keep theirs", () => {
    const map = new StickBreaking();
    for (const p of map.forward([0, 0, 0]).data()) expect(p).toBeCloseTo(0.25, 15);
    const y = map.forward([-500, 3]);
    expect(y.data()[0]! / (Math.exp(-500) / 2)).toBeCloseTo(1, 12);
    expect(map.inverse(y).data()[0]).toBeCloseTo(-500, 11);
  });
});

describe("what belongs to a map", () => {
  test("which way maps of numbers go", () => {
    expect(new Exp().increasing).toBe(true);
    expect((new Affine({ scale: [2, -1] }).increasing as Tensor).toArray()).toEqual([true, false].map(Number));
    const chain = new Chain([new Affine({ scale: -1 }), new Power({ exponent: -1 })]);
    expect(chain.increasing).toBe(true);
    expect(new Ordered().increasing).toBe(undefined);
  });

  test("the image of a chain is an interval", () => {
    const below = new Chain([new Exp(), new Affine({ loc: 2, scale: -3 })]);
    expect(below.codomain.bounds).toEqual([-Infinity, 2]);
    expect(below.codomain.contains(tensor([1.9, 2, 3])).toArray()).toEqual([1, 0, 0]);
    expect(new Chain([new Exp(), new Affine({ loc: 1 }), new Log()]).codomain.bounds).toEqual([0, Infinity]);
  });

  test("parameters of a batch", () => {
    const map = new Affine({ loc: [[0], [1]], scale: [1, 2, 3] });
    expect(map.batchShape).toEqual([2, 3]);
    expect(map.forwardLogDet(0).toArray()).toEqual([1, 1].map(() => [0, Math.log(2), Math.log(3)]));
    expect(new OnEach(map, 1).batchShape).toEqual([2]);
    expect(new OnEach(map, 1).forwardLogDet([0, 0, 0]).toArray()).toEqual([Math.log(6), Math.log(6)]);
    expect(new Chain([map, new Ordered()]).batchShape).toEqual([2]);
  });

  test("a spline of zeros is y = x, and any is beyond its bound", () => {
    const plain = new RationalQuadraticSpline({ widths: [0, 0, 0], heights: [0, 0, 0], slopes: [0, 0] });
    for (const x of [-5, -4, -1.3, 0, 0.5, 3.99, 4, 7]) expect(plain.forward(x).item()).toBeCloseTo(x, 14);
    expect(spline.forward([-9, -3, 3, 12]).toArray()).toEqual([-9, -3, 3, 12]);
    expect(spline.forwardLogDet([-9, -3, 3, 12]).toArray()).toEqual([0, 0, 0, 0]);
  });

  test("a flow's weights get gradients through it", () => {
    const loss = (p: { w: Tensor }, x: Tensor): Tensor => {
      const flow = new RealNVP({
        kept: 1,
        conditioner: (kept) => ({ shift: kept.mul(p.w), logScale: kept.mul(p.w).tanh() }),
      });
      return flow.inverse(x).square().sum().sub(flow.inverseLogDet(x).sum());
    };
    const x = tensor([
      [0.5, 2],
      [-1, 0.3],
    ]);
    expectGradient(([w]) => loss({ w: w! }, x).reshape([1]), [tensor(0.7)]);
  });

  test("what can't be is refused", () => {
    expectCode("domain", () => new Affine({ scale: 0 }));
    expectCode("domain", () => new Power({ exponent: 0 }));
    expectCode("domain", () => new Sigmoid({ low: 1, high: 1 }));
    expectCode("argument", () => new Permute([0, 0]));
    expectCode("argument", () => new Chain([]));
    expectCode("argument", () => new OnEach(new Exp(), 0));
    expectCode("argument", () => new Coupling({ kept: 0, transform: () => new Exp() }));
    expectCode("shape", () => new RealNVP({ kept: 2, conditioner }).forward([1, 2]));
    expectCode("shape", () => new RationalQuadraticSpline({ widths: [0, 0], heights: [0, 0], slopes: [0, 0] }));
    expectCode("shape", () => new CholeskyFactor().forward([1, 2]));
    expectCode("shape", () => new CorrelationCholesky().inverse([[1, 2, 3]]));
    expectCode("shape", () => new Ordered().forward(1));
    expectCode("argument", () => bijectorFromJSON({ bijector: "Affin" }));
    expect(() => new CholeskyFactor().forward([1, 2])).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: CholeskyFactor.forward: a vector of 2.
        allowed: n (n + 1) / 2 numbers for a matrix of n rows]
    `);
    expect(() => new RealNVP({ kept: 2, conditioner }).toJSON()).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: RealNVP.toJSON: its transform is a function.
        mend:    keep the numbers that the function uses, and make the bijector anew]
    `);
  });
});

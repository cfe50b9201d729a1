import { describe, expect, test } from "vitest";
import {
  commonFamiliesFor,
  type DensityOptions,
  densityRegressor,
  type Family,
  familiesFor,
  familyNamed,
  familyNames,
  familyTitle,
  isDiscrete,
  load,
  optionsOfFamily,
  outsideSupport,
  type Table,
} from "../../src/models/index.js";
import { refused } from "../support/refused.js";
import { drawn, numbers, quick, table } from "./tables.js";

const ROWS = 60;
const [x, noise] = [drawn(ROWS, 1), drawn(ROWS, 2)] as [number[], number[]];

/** Targets of each kind, all of which rise with x. The first kind that a family takes is its own. */
const kinds: Readonly<Record<string, readonly number[]>> = {
  real: x.map((value, i) => 2 * value + noise[i]!),
  positive: x.map((value, i) => Math.exp(1 + value + noise[i]! / 2)),
  unit: x.map((value, i) => 1 / (1 + Math.exp(-value - noise[i]!))),
  counts: x.map((value, i) => Math.floor(8 * (1.2 + value) * (1 + noise[i]! / 2))),
  binary: x.map((value, i) => Number(value + noise[i]! > 0)),
};
const limits = (family: Family): DensityOptions => (optionsOfFamily(family).totalCount ? { totalCount: 40 } : {});
const ownTargets = (family: Family): readonly number[] =>
  Object.entries(kinds).find(
    ([kind, y]) =>
      (kind === "counts" || kind === "binary") === isDiscrete(family) &&
      outsideSupport(family, y, limits(family)) === undefined,
  )?.[1] as readonly number[];

const rows = (y: readonly number[]): Table => table(numbers("x", x), numbers("y", y));
const fit = (family: Family, y: readonly number[], options: DensityOptions = {}) =>
  densityRegressor({ ...quick, family, epochs: 12, learningRate: 0.01, ...limits(family), ...options }).fit(rows(y), {
    target: "y",
  });

describe.each(familyNames)("the family %s", (family) => {
  const y = ownTargets(family);

  test("learns, answers and is saved", async () => {
    const model = await fit(family, y);
    const { epochs } = model.summary.members[0]!;
    expect(epochs.at(-1)!.loss).toBeLessThan(epochs[0]!.loss);
    expect(model.summary.validationNll).toSatisfy(Number.isFinite);
    expect(model.nll(rows(y))).toSatisfy(Number.isFinite);

    const answer = model.predict(rows(y));
    expect([answer.batchShape, answer.eventShape, answer.dtype]).toEqual([[ROWS], [], "float64"]);
    const levels = [0.02, 0.5, 0.97];
    const quantiles = Array.from(answer.quantile(levels).data());
    levels.forEach((p, i) => {
      const at = quantiles.slice(i * ROWS, (i + 1) * ROWS);
      const reached = answer.cdf(at).data();
      if (isDiscrete(family)) {
        expect(at.every(Number.isInteger)).toBe(true);
        const before = answer.cdf(at.map((k) => k - 1)).data();
        at.forEach((k, row) => {
          expect([k, reached[row]! >= p, before[row]! < p]).toEqual([k, true, true]);
        });
      } else for (const found of reached) expect(Math.abs(found - p)).toBeLessThan(1e-9);
    });
    const draws = answer.sample({ seed: 1, shape: [20] }).data();
    expect(outsideSupport(family, draws, limits(family))).toBeUndefined();

    const { nll, crps, mae, coverage, pit } = await model.evaluate(rows(y));
    for (const score of [nll, crps, mae, coverage["0.9"], ...pit]) expect(score).toSatisfy(Number.isFinite);
    expect(crps).toBeGreaterThan(0);

    const again = await load(model.toBytes());
    expect(Array.from(again.predict(rows(y)).quantile(levels).data())).toEqual(quantiles);
    expect(again.family).toBe(family);
  });

  test("is found by its name in any spelling, and has a title", () => {
    expect(familyNamed(family.toUpperCase())).toBe(family);
    expect(familyNamed(family.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`))).toBe(family);
    expect(familyTitle(family)).toMatch(/^\w/);
  });
});

/** Families whose targets have a unit. */
const withoutUnit: readonly Family[] = ["chi2", "fisherSnedecor"];
const scaled = familyNames.filter(
  (family) => !isDiscrete(family) && !withoutUnit.includes(family) && familiesFor([1e6, 2e6]).includes(family),
);

test.each(scaled)("%s: other units of the target change the units of the answer, and nothing else", async (family) => {
  const y = ownTargets(family);
  const [one, other] = await Promise.all([
    fit(family, y),
    fit(
      family,
      y.map((value) => 1024 * value),
    ),
  ]);
  const [a, b] = [one, other].map((model) => model.predict(rows(y)).quantile(0.7).data()) as [
    Float64Array,
    Float64Array,
  ];
  // those scaled by a mean or median see numbers that differ in their last bit, and training spreads that
  a.forEach((value, i) => {
    expect(Math.abs(b[i]! / 1024 - value)).toBeLessThan(1e-3 * (1 + Math.abs(value)));
  });
  expect(other.summary.validationNll - one.summary.validationNll).toBeCloseTo(Math.log(1024), 2);
});

test("an ensemble is the even mixture of its members", async () => {
  const model = await fit("weibull", kinds.positive!, { ensemble: 2 });
  const answer = model.predict(rows(kinds.positive!));
  expect(answer.law.name).toBe("MixtureSameFamily(Weibull)");
  const columns = new Map(model.parameters(rows(kinds.positive!)).map(({ name, values }) => [name, values]));
  expect([...columns.keys()]).toEqual(["weight1", "scale1", "concentration1", "weight2", "scale2", "concentration2"]);
  const survival = (at: number, row: number) =>
    [1, 2].reduce((sum, k) => {
      const [scale, shape] = [`scale${k}`, `concentration${k}`].map((name) => columns.get(name)![row]!) as [
        number,
        number,
      ];
      return sum + 0.5 * Math.exp(-((at / scale) ** shape));
    }, 0);
  const found = answer.survival(2).data();
  for (let row = 0; row < ROWS; row++) expect(found[row]).toBeCloseTo(survival(2, row), 12);
});

test("several targets make one event", async () => {
  const two = table(numbers("x", x), numbers("y", kinds.positive!), numbers("z", kinds.unit!));
  const options = { ...quick, family: "logNormal", ensemble: 2 } as const;
  const model = await densityRegressor(options).fit(two, { target: ["y", "z"] });
  const answer = model.predict(two);
  expect([answer.batchShape, answer.eventShape]).toEqual([[ROWS], [2]]);
  expect(
    model
      .parameters(two)
      .map(({ name }) => name)
      .slice(0, 5),
  ).toEqual(["weight1", "loc1.y", "scale1.y", "loc1.z", "scale1.z"]);
  const { crps, nll } = await model.evaluate(two);
  for (const score of [crps, nll]) expect(score).toSatisfy(Number.isFinite);
});

describe("targets outside the support", () => {
  test("are refused with the row, the support and families that take them", async () => {
    const y = [...kinds.positive!.slice(0, -1), -1];
    const message = await refused("domain", () => fit("weibull", y));
    expect(message).toContain(`the target y is -1 at row ${ROWS}, which no Weibull distribution gives`);
    expect(message).toContain("allowed: finite numbers > 0");
    expect(message).toMatch(/mend: {4}choose a family that takes it: mixture, gaussian, laplace/);
    expect(familiesFor(y)).not.toContain("exponential");
  });

  test("limits are part of it", async () => {
    expect(outsideSupport("truncatedNormal", [0, 3, 5], { low: 0, high: 4 })).toEqual({
      row: 2,
      value: 5,
      allowed: "numbers from 0 to 4",
    });
    expect(outsideSupport("truncatedNormal", [0, 3, 5])).toBeUndefined();
    expect(outsideSupport("pareto", [1, 3], { low: 2 })?.row).toBe(0);
  });

  test("options that a family has no use for are refused", async () => {
    expect(await refused("argument", () => densityRegressor({ family: "laplace", low: 0 }))).toMatchInlineSnapshot(`
      "densityRegressor: low is 0, but laplace has none.
        mend:    leave it out"
    `);
    expect(await refused("argument", () => densityRegressor({ low: 0 }))).toMatchInlineSnapshot(`
      "densityRegressor: low is 0, but the family mixture has none.
        mend:    leave it out"
    `);
    expect(
      await refused("argument", () => densityRegressor({ family: "truncatedNormal", low: 2, high: 1 })),
    ).toMatchInlineSnapshot(`
      "densityRegressor: low is 2 and high 1.
        allowed: low < high"
    `);
  });
});

test("where the choice is open, families made for the targets come first", () => {
  expect(commonFamiliesFor(kinds.real!)).toEqual(["mixture", "gaussian", "laplace", "gumbel", "studentT"]);
  expect(commonFamiliesFor(kinds.positive!)).toEqual(expect.arrayContaining(["gamma", "logNormal", "weibull"]));
  expect(commonFamiliesFor(kinds.counts!)).toEqual(expect.arrayContaining(["poisson", "zeroInflatedPoisson"]));
  expect(commonFamiliesFor(kinds.binary!)).toContain("bernoulli");
  expect(commonFamiliesFor(kinds.positive!)).not.toContain("laplace");
});

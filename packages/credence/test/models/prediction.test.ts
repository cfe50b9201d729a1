import { beforeAll, describe, expect, test } from "vitest";
import { MixtureSameFamily, Normal } from "../../src/distributions/index.js";
import { key, type Tensor, tensor } from "../../src/index.js";
import { type DensityModel, densityRegressor, type Prediction } from "../../src/models/index.js";
import { refused } from "../support/refused.js";
import { column, curve, mixed, quick } from "./tables.js";

const rows = curve(50);
const y = column(rows, "y");
let model: DensityModel;
let answer: Prediction;

beforeAll(async () => {
  model = await densityRegressor(quick).fit(rows, { target: "y" });
  answer = model.predict(rows);
});

const numbersOf = (t: Tensor): number[] => Array.from(t.data());

describe("the answer to a table", () => {
  test("is a distribution a row, in float64", () => {
    expect([answer.batchShape, answer.eventShape, answer.dtype]).toEqual([[50], [], "float64"]);
    expect(answer.law).toBeInstanceOf(MixtureSameFamily);
  });

  test("its parameters are a mixture of normals that gives its density", () => {
    const parameters = new Map(model.parameters(rows).map(({ name, values }) => [name, values]));
    expect([...parameters.keys()]).toEqual([1, 2, 3].flatMap((k) => [`weight${k}`, `loc${k}`, `scale${k}`]));
    const densities = numbersOf(answer.prob(y));
    for (let row = 0; row < 50; row++) {
      let [density, total] = [0, 0];
      for (const k of [1, 2, 3]) {
        const [weight, loc, scale] = ["weight", "loc", "scale"].map((name) => parameters.get(name + k)![row]!) as [
          number,
          number,
          number,
        ];
        total += weight;
        density += (weight * Math.exp(-(((y[row]! - loc) / scale) ** 2) / 2)) / (scale * Math.sqrt(2 * Math.PI));
      }
      expect(Math.abs(total - 1)).toBeLessThan(1e-14); // float64, a few roundings
      expect(Math.abs(densities[row]! / density - 1)).toBeLessThan(1e-12);
    }
    const meanNll = -densities.reduce((sum, p) => sum + Math.log(p), 0) / 50;
    expect(model.nll(rows)).toBeCloseTo(meanNll, 12);
  });

  test("one level gives a quantile a row, a list of levels a row of them for each", () => {
    const [median, three] = [answer.quantile(0.5), answer.quantile([0.05, 0.5, 0.95])];
    expect([median.shape, three.shape]).toEqual([[50], [3, 50]]);
    expect(numbersOf(three).slice(50, 100)).toEqual(numbersOf(median));
    // as many levels as rows: still a row for each level
    expect(model.predict(curve(2)).quantile([0.1, 0.9]).shape).toEqual([2, 2]);
    expect(answer.quantile([[0.1], [0.9]]).shape).toEqual([2, 50]);
  });

  test("quantiles are where the cdf says", () => {
    for (const p of [0.01, 0.5, 0.975]) {
      for (const found of numbersOf(answer.cdf(answer.quantile(p)))) expect(Math.abs(found - p)).toBeLessThan(1e-9);
    }
    const tails = numbersOf(answer.cdf(y).add(answer.survival(y)));
    for (const one of tails) expect(one).toBeCloseTo(1, 12);
  });

  test("its methods are those of the distribution inside", () => {
    const { law } = answer;
    for (const method of ["logProb", "prob", "cdf", "logCdf", "survival", "logSurvival"] as const) {
      expect(numbersOf(answer[method](y)), method).toEqual(numbersOf(law[method](y)));
    }
    for (const method of ["mean", "variance", "stddev"] as const) {
      expect(numbersOf(answer[method]()), method).toEqual(numbersOf(law[method]()));
    }
  });

  test("draws depend on the seed alone, their spread on the temperatures", () => {
    const draws = (options: { scaleTemperature?: number } = {}) => answer.sample({ seed: 3, shape: [400], ...options });
    expect(draws().shape).toEqual([400, 50]);
    expect(numbersOf(draws())).toEqual(numbersOf(answer.law.sample({ seed: 3, shape: [400] })));
    expect(numbersOf(answer.sample({ key: key(3) }))).not.toEqual(numbersOf(answer.sample({ seed: 4 })));
    const away = (t: Tensor) => t.sub(answer.mean()).square().mean().item();
    expect(away(draws({ scaleTemperature: 0.01 }))).toBeLessThan(away(draws()));
  });

  test("what a mixture has no formula for, it says", async () => {
    expect(await refused("missing", () => answer.entropy())).toMatch(
      "MixtureSameFamily(Normal): there is no formula for entropy",
    );
    expect(await refused("missing", () => answer.mode())).toMatch("mode");
  });
});

test("several targets make one event", async () => {
  const two = mixed(60);
  const fitted = await densityRegressor(quick).fit(two, { target: ["z", "y"] });
  const joint = fitted.predict(two);
  expect([joint.batchShape, joint.eventShape]).toEqual([[60], [2]]);
  expect(joint.sample({ seed: 1, shape: [5] }).shape).toEqual([5, 60, 2]);
  expect(joint.mean().shape).toEqual([60, 2]);
  const targets = tensor(Array.from({ length: 60 }, (_, i) => [column(two, "z")[i]!, column(two, "y")[i]!]));
  expect(joint.logProb(targets).shape).toEqual([60]);
  expect(fitted.nll(two)).toBeCloseTo(-joint.logProb(targets).mean().item(), 12);
  expect(await refused("missing", () => joint.quantile(0.5))).toMatch("a vector has no quantile");
  const names = fitted.parameters(two).map(({ name }) => name);
  expect(names.slice(0, 5)).toEqual(["weight1", "loc1.z", "scale1.z", "loc1.y", "scale1.y"]);
});

test("the family gaussian answers one normal a row", async () => {
  const fitted = await densityRegressor({ ...quick, family: "gaussian", epochs: 40 }).fit(curve(300), { target: "y" });
  const normal = fitted.predict(rows);
  expect(normal.law).toBeInstanceOf(Normal);
  expect(fitted.parameters(rows).map(({ name }) => name)).toEqual(["weight1", "loc1", "scale1"]);
  expect(fitted.parameters(rows)[0]!.values.every((weight) => weight === 1)).toBe(true);
  expect(numbersOf(normal.mode())).toEqual(numbersOf(normal.mean()));
  expect(normal.entropy().shape).toEqual([50]);
  expect(normal.quantile([0.1, 0.9]).shape).toEqual([2, 50]);
  // the noise is even on ±0.3: the best normal has its spread, and log(0.3 / √3 · √(2 π e)) = -0.33 nats
  expect(fitted.summary.validationNll).toBeLessThan(0);
  expect(fitted.summary.validationNll).toBeGreaterThan(-0.45);
});

test("the family mse answers its mean, with the spread of its errors on held-out rows", async () => {
  const training = curve(200);
  const fitted = await densityRegressor({ ...quick, family: "mse", epochs: 40 }).fit(training, { target: "y" });
  const held = fitted.summary.validationIndices;
  const mean = fitted.predict(training).mean().data();
  const squares = held.map((i) => (column(training, "y")[i]! - mean[i]!) ** 2);
  const rmse = Math.sqrt(squares.reduce((a, b) => a + b, 0) / held.length);
  for (const sd of numbersOf(fitted.predict(rows).stddev())) {
    expect(Math.abs(sd / rmse - 1)).toBeLessThan(1e-6); // kept as float32
  }
  expect(rmse).toBeLessThan(0.3); // the target's own spread is 1.2
  const both = await densityRegressor({ ...quick, family: "mse" }).fit(mixed(60), { target: ["y", "z"] });
  expect(both.predict(mixed(60)).stddev().shape).toEqual([60, 2]);
});

import { describe, expect, test } from "vitest";
import {
  type DensityModel,
  densityRegressor,
  type FitProgress,
  load,
  DensityModel as Model,
  takeRows,
} from "../../src/models/index.js";
import { column, curve, drawn, mixed, numbers, quick, table } from "./tables.js";

const fit = (rows = curve(60), options = {}, fitOptions = {}): Promise<DensityModel> =>
  densityRegressor({ ...quick, ...options }).fit(rows, { target: "y", ...fitOptions });

describe("a fit", () => {
  const rows = curve(600);

  test("learns the curve and its noise", async () => {
    const model = await fit(rows, { hidden: [16], epochs: 60, components: 5 });
    // noise even on ±0.3: its density is 1 / 0.6, its entropy log 0.6 = -0.51; standard normal noise of the whole target: 1.6
    expect(model.summary.validationNll).toBeGreaterThan(-0.6);
    expect(model.summary.validationNll).toBeLessThan(-0.2);
    const answer = model.predict(table(numbers("x", [-0.5, 0, 0.5])));
    answer
      .mean()
      .data()
      .forEach((mean, i) => {
        expect(Math.abs(mean - (i - 1))).toBeLessThan(0.15); // half the noise's reach
      });
    answer
      .stddev()
      .data()
      .forEach((sd) => {
        expect(Math.abs(sd - 0.3 / Math.sqrt(3))).toBeLessThan(0.06);
      });
  });

  test("tells of itself", async () => {
    const model = await fit(rows, { validation: 0.25 });
    const { summary } = model;
    expect([summary.rows, summary.trainingRows, summary.validationRows]).toEqual([600, 450, 150]);
    expect(new Set(summary.validationIndices).size).toBe(150);
    expect(Math.max(...summary.validationIndices)).toBeLessThan(600);
    // 1 input · 8 + 8, then 8 · (3 means, scales and weights) + 9
    expect(summary.parameters).toBe(16 + 81);
    expect([summary.epochs, summary.stoppedBy, summary.notes]).toEqual([3, "epochs", []]);
    expect(summary.steps).toBe(3 * Math.ceil(450 / model.options.batchSize));
    expect(summary.members.map((member) => member.epochs.length)).toEqual([3]);
    expect([model.family, model.targets, model.inputs]).toEqual(["mixture", ["y"], [{ name: "x", kind: "number" }]]);
  });

  test("its scores are those of the rows it names, its history's losses in the target's units", async () => {
    const model = await fit(rows);
    const { validationIndices, validationNll, trainNll, members } = model.summary;
    const others = Array.from({ length: 600 }, (_, i) => i).filter((i) => !validationIndices.includes(i));
    expect(model.nll(takeRows(rows, validationIndices))).toBe(validationNll);
    expect(model.nll(takeRows(rows, others))).toBe(trainNll);
    const { epochs, bestEpoch } = members[0]!;
    expect(epochs[bestEpoch - 1]!.validationLoss).toBeCloseTo(validationNll, 5); // the loss is computed in float32
    expect(Math.min(...epochs.map((epoch) => epoch.validationLoss))).toBe(epochs[bestEpoch - 1]!.validationLoss);
  });

  test("the unit of the target shifts the NLL by its logarithm and scales the answers", async () => {
    const unit = 1024; // near 1000, and a power of two changes no bit of the standardised target
    const [plain, scaled] = [await fit(rows), await fit(curve(600, unit))];
    const asked = table(numbers("x", [-1, 0, 0.7]));
    expect(Array.from(scaled.predict(asked).mean().data())).toEqual(
      Array.from(plain.predict(asked).mean().data(), (mean) => mean * unit),
    );
    for (const which of ["trainNll", "validationNll"] as const) {
      expect(scaled.summary[which] - plain.summary[which]).toBeCloseTo(Math.log(unit), 10);
    }
    const losses = (model: DensityModel) => model.summary.members[0]!.epochs.map((epoch) => epoch.validationLoss);
    losses(scaled).forEach((loss, i) => {
      expect(loss - losses(plain)[i]!).toBeCloseTo(Math.log(unit), 10);
    });
  });

  test("the answers follow the inputs' units too", async () => {
    const far = table(
      numbers(
        "x",
        column(rows, "x").map((x) => 2 ** 20 * (x + 4)),
      ),
      numbers("y", column(rows, "y")),
    );
    const model = await fit(far, { epochs: 40 });
    const [low, high] = model
      .predict(table(numbers("x", [2 ** 20 * 3.5, 2 ** 20 * 4.5])))
      .mean()
      .data();
    expect(low).toBeLessThan(-0.7); // the truth is -1 and 1
    expect(high).toBeGreaterThan(0.7);
  });

  test("without validation it trains on all rows", async () => {
    const { summary } = await fit(rows, { validation: 0 });
    expect([summary.trainingRows, summary.validationRows, summary.validationIndices]).toEqual([600, 0, []]);
    expect(summary.validationNll).toBeNaN();
    expect(summary.trainNll).toSatisfy(Number.isFinite);
  });

  test("two rows are enough", async () => {
    const { summary } = await fit(curve(2));
    expect([summary.trainingRows, summary.validationRows]).toEqual([1, 1]);
    expect(summary.trainNll).toSatisfy(Number.isFinite);
  });
});

describe("seeds", () => {
  test("the same seed gives the same bytes, another seed others", async () => {
    const [one, again, other] = [await fit(mixed(60)), await fit(mixed(60)), await fit(mixed(60), { seed: 2 })];
    expect(again.toBytes()).toEqual(one.toBytes());
    expect(other.toBytes()).not.toEqual(one.toBytes());
    expect(other.summary.validationIndices).not.toEqual(one.summary.validationIndices);
  });
});

describe("an ensemble", () => {
  test("is the even mixture of its members", async () => {
    const rows = curve(80);
    const both = await fit(rows, { ensemble: 2 });
    const alone = both.parts.members.map((weights) => new Model({ ...both.parts, members: [weights] }));
    const densities = alone.map((model) => Array.from(model.predict(rows).prob(column(rows, "y")).data()));
    expect(densities[0]).not.toEqual(densities[1]);
    both
      .predict(rows)
      .prob(column(rows, "y"))
      .data()
      .forEach((density, i) => {
        const even = (densities[0]![i]! + densities[1]![i]!) / 2;
        expect(Math.abs(density / even - 1)).toBeLessThan(1e-12); // float64, some hundred roundings
      });
    const weights = both.parameters(rows).filter(({ name }) => name.startsWith("weight"));
    expect(weights.length).toBe(6);
    for (let row = 0; row < 80; row++) {
      expect(weights.reduce((sum, { values }) => sum + values[row]!, 0)).toBeCloseTo(1, 14); // float64
    }
  });

  test("begins with the model that a fit of one gives", async () => {
    const [one, two] = [await fit(), await fit(curve(60), { ensemble: 2 })];
    expect(two.parts.members[0]).toEqual(one.parts.members[0]);
    expect(two.summary.validationIndices).toEqual(one.summary.validationIndices);
    expect(two.summary.members[0]).toEqual(one.summary.members[0]);
    expect(two.summary.steps).toBe(two.summary.members[0]!.steps + two.summary.members[1]!.steps);
  });
});

describe("while it fits", () => {
  test("progress tells of each member in the target's units", async () => {
    const reports: FitProgress[] = [];
    const model = await fit(
      curve(60, 1e6),
      { ensemble: 2, epochs: 4 },
      { onProgress: (r: FitProgress) => reports.push(r) },
    );
    const finished = reports.filter((report) => report.finished);
    expect(finished.map(({ member, members, epoch, epochs }) => [member, members, epoch, epochs])).toEqual([
      [0, 2, 4, 4],
      [1, 2, 4, 4],
    ]);
    finished.forEach((report, i) => {
      const last = model.summary.members[i]!.epochs.at(-1)!;
      expect([report.loss, report.validationLoss]).toEqual([last.loss, last.validationLoss]);
      expect(report.loss).toBeGreaterThan(10); // log 1e6 is 13.8
    });
  });

  test("an abort leaves a model that predicts and can be kept", async () => {
    const controller = new AbortController();
    const rows = curve(300);
    const long = { epochs: 1_000_000, patience: 1_000_000 };
    const onProgress = ({ epoch }: FitProgress) => epoch > 3 && controller.abort();
    const began = performance.now();
    const model = await fit(rows, long, { signal: controller.signal, onProgress });
    expect(performance.now() - began).toBeLessThan(10_000); // all epochs would take an hour
    expect(model.summary.stoppedBy).toBe("aborted");
    const { bestEpoch, epochs } = model.summary.members[0]!;
    expect(epochs[bestEpoch - 1]!.validationLoss).toBe(Math.min(...epochs.map((epoch) => epoch.validationLoss)));
    expect(model.summary.validationNll).toBeLessThan(1.6); // that of a normal over the whole target
    expect((await load(model.toBytes())).summary.stoppedBy).toBe("aborted");
  });

  test("a signal aborted before still leaves a model", async () => {
    const model = await fit(curve(60), { epochs: 1_000_000, ensemble: 2 }, { signal: AbortSignal.abort() });
    expect(model.summary.stoppedBy).toBe("aborted");
    expect(model.predict(curve(5)).mean().data().every(Number.isFinite)).toBe(true);
  });
});

test("each row's answer is the same, alone or among thousands", async () => {
  const model = await fit();
  const many = table(numbers("x", drawn(2500, 9)));
  const all = model.predict(many).mean().data();
  for (const row of [0, 1, 1023, 1024, 2047, 2499]) {
    expect(
      model
        .predict(takeRows(many, [row]))
        .mean()
        .data()[0],
    ).toBe(all[row]);
  }
  expect(model.predict(table(numbers("x", []))).mean().shape).toEqual([0]);
});

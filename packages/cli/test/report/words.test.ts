import { describe, expect, test } from "vitest";
import type { MemberHistory, Scores, StoppedBy } from "../../src/report/index.js";
import {
  confidence,
  densityNote,
  gain,
  headline,
  inputsInWords,
  judge,
  modelName,
  name,
  overfit,
  scoredOnTraining,
  training,
} from "../../src/report/words.js";
import { model } from "./mock.js";

const scores = (part: Partial<Scores> = {}): Scores => ({
  scoredOn: "validation",
  rows: 1500,
  nll: 2.1,
  crps: 1.8,
  rmse: 3.1,
  mae: 2.2,
  coverage: { "0.5": 0.509, "0.9": 0.896 },
  width: { "0.5": 3, "0.9": 8 },
  calibrationError: 0.01,
  baseline: { nll: 4.2, crps: 9 },
  targetDeviation: 15,
  ...part,
});
const covering = (half: number, most: number, rows = 1500) => scores({ rows, coverage: { "0.5": half, "0.9": most } });
/** No-break spaces as plain ones. */
const spaced = (words: string | undefined) => words?.replaceAll("\u00a0", " ");

describe("headline", () => {
  test("gives percent of many rows, a count of few", () => {
    expect(spaced(headline(scores()))).toBe("The 90 % intervals covered 89.6 % of 1,500 rows the model had not seen.");
    expect(spaced(headline(covering(0.5, 17 / 20, 20)))).toBe(
      "The 90 % intervals covered 17 of 20 rows the model had not seen.",
    );
    expect(spaced(headline(covering(1, 1, 1)))).toBe("The 90 % intervals covered 1 of 1 row the model had not seen.");
    expect(headline(scores({ rows: 0 }))).toBe("No rows were scored.");
  });

  test("says so where the rows were trained on", () => {
    expect(headline(scores({ scoredOn: "training" }))).toContain("rows the model was trained on");
    expect(scoredOnTraining(scores({ scoredOn: "training" }))).toContain("--validation 0.15");
    expect(scoredOnTraining(scores())).toBeUndefined();
  });
});

describe("judge", () => {
  test.each([
    ["perfect", covering(0.5, 0.9), "well"],
    ["within 2 points of many rows", covering(0.485, 0.915, 1e6), "well"],
    ["awful, narrow", covering(0.1, 0.2), "over"],
    ["narrow in the tails only", covering(0.5, 0.8), "over"],
    ["awful, wide", covering(0.99, 1), "under"],
    ["wide in the middle, short in the tails", covering(0.6, 0.8), "misshapen"],
    ["narrow in the middle, long in the tails", covering(0.4, 0.96), "misshapen"],
    ["off by what chance allows for 100 rows", covering(0.41, 0.85, 100), "well"],
    ["off by more than chance allows for 100 rows", covering(0.35, 0.8, 100), "over"],
    ["too few to tell", covering(0, 0, 19), "unknown"],
    ["none", covering(Number.NaN, Number.NaN, 0), "unknown"],
  ] as const)("%s", (_, given, verdict) => {
    expect(judge(given)).toBe(verdict);
  });
});

describe("confidence", () => {
  const single = model({ ensemble: 1 });

  test("says what the intervals held", () => {
    expect(spaced(confidence(scores(), single))).toBe(
      "The intervals hold what they promise: those of 50 % held 50.9 % of the rows, those of 90 % held 89.6 %.",
    );
  });

  test("gives advice that the run has not followed already", () => {
    expect(confidence(covering(0.3, 0.6), single)).toContain("over-confident");
    expect(confidence(covering(0.3, 0.6), single)).toContain("--ensemble 5");
    expect(confidence(covering(0.3, 0.6), model({ ensemble: 5 }))).not.toContain("--ensemble");
    expect(confidence(covering(0.9, 1), single)).toContain("under-confident");
    expect(confidence(covering(0.6, 0.8), single)).toContain("--components 40");
    expect(confidence(covering(0.6, 0.8), model({ family: "gaussian" }))).toContain("--family mixture");
  });

  test("owns up to knowing little from few rows", () => {
    expect(spaced(confidence(covering(1, 1, 3), single))).toBe(
      "So few rows prove little: a true coverage anywhere from 44 % to 100 % would look like this.",
    );
    expect(confidence(scores({ rows: 0 }), single)).toBe("Nothing can be said about the intervals.");
  });
});

describe("gain", () => {
  test.each([
    ["much", { nll: 0.2 }, "54.6 times as likely"],
    ["some", { nll: 3.9 }, "35 % more likely"],
    ["a lower CRPS", { nll: 0.2 }, "and the CRPS is 80 % lower"],
    ["a higher CRPS", { crps: 9.9 }, "though the CRPS is 10 % higher"],
    ["beyond words", { nll: -60 }, "more than a million times as likely"],
    ["nothing", { nll: 4.195 }, "The inputs hardly help"],
    ["harm", { nll: 5 }, "does worse than one normal curve fitted to all rows (NLL 5 against 4.20)"],
    ["an impossible row", { nll: Number.POSITIVE_INFINITY }, "not finite"],
  ])("%s", (_, part, words) => {
    expect(spaced(gain(scores(part), "y"))).toContain(words);
  });
});

test("densityNote explains a negative NLL, and only that", () => {
  expect(densityNote(scores({ nll: -0.334 }), "y")).toMatch(/NLL, −0\.334, lies below zero is no fault.*`y`/);
  expect(densityNote(scores({ nll: 0 }), "y")).toBeUndefined();
  expect(densityNote(scores({ nll: Number.NaN }), "y")).toBeUndefined();
});

describe("training", () => {
  const member = (bestEpoch: number, last: number, stoppedBy: StoppedBy): MemberHistory => ({
    bestEpoch,
    epochLimit: 300,
    stoppedBy,
    epochs: Array.from({ length: last }, (_, i) => ({
      epoch: i + 1,
      loss: 1,
      validationLoss: 1.1,
      learningRate: 1e-3,
    })),
  });

  test.each([
    [
      member(133, 143, "earlyStopping"),
      "Training stopped early, at epoch 143 of at most 300, as 10 epochs had brought no improvement; the weights of epoch 133 were kept.",
    ],
    [member(212, 300, "epochs"), "Training went through all 300 epochs; the weights of epoch 212 were kept."],
    [
      member(299, 300, "epochs"),
      "Training went through all 300 epochs and was still improving at the end: more of them, `--epochs 600`, may pay.",
    ],
    [
      member(7, 7, "callback"),
      "Training was stopped by a callback at epoch 7 of 300; the weights of epoch 7 were kept.",
    ],
    [member(55, 57, "aborted"), "Training was interrupted at epoch 57 of 300; the weights of epoch 55 were kept."],
    [
      member(8, 9, "nonFinite"),
      "Training stopped at epoch 9 because its loss was no longer finite; the weights of epoch 8 were kept. A smaller `--learning-rate` usually helps.",
    ],
  ])("of a single model %#", (history, words) => {
    expect(training([history])).toBe(words);
  });

  test("of an ensemble", () => {
    const early = member(133, 143, "earlyStopping");
    expect(training([early, early])).toBe(
      "All 2 members of the ensemble stopped early; the weights of epoch 133 were kept.",
    );
    expect(training([early, early, member(290, 300, "epochs"), member(50, 60, "aborted")])).toBe(
      "Of the 4 members of the ensemble 2 stopped early, 1 went through all epochs and 1 was interrupted; the weights of epochs 50 to 290 were kept.",
    );
    const late = member(300, 300, "epochs");
    expect(training([late, late])).toMatch(/still improving: more `--epochs` may pay\.$/);
    expect(training([])).toBe("No training history was kept.");
  });

  test("overfit speaks up from a quarter of a nat between training and validation rows", () => {
    const gap = (validationLoss: number): MemberHistory => ({
      ...member(1, 1, "epochs"),
      epochs: [{ epoch: 1, loss: 1, validationLoss, learningRate: 1e-3 }],
    });
    expect(overfit([gap(1.2)])).toBeUndefined();
    expect(overfit([gap(1.5)])).toContain("1 on training rows and 1.50 on validation rows");
    expect(overfit([gap(1.5)])).toContain("--ensemble 5");
    expect(overfit([gap(1.5), gap(1.5)])).not.toContain("--ensemble");
    expect(
      overfit([{ ...gap(1.5), epochs: [{ epoch: 1, loss: 1, validationLoss: Number.NaN, learningRate: 1e-3 }] }]),
    ).toBeUndefined();
  });
});

test("names of models, inputs and columns", () => {
  expect(modelName(model({}))).toBe("a mixture of 20 normals");
  expect(modelName(model({ family: "exponential", law: "exponential distribution" }))).toBe(
    "an exponential distribution",
  );
  expect(modelName(model({ ensemble: 5 }))).toBe("an ensemble of 5, each a mixture of 20 normals");
  const [number, text] = [
    { name: "a", kind: "number" },
    { name: "b", kind: "text" },
  ] as const;
  expect([[number], [number, text], [text, text]].map(inputsInWords)).toEqual([
    "1 input",
    "2 inputs, 1 of them text",
    "2 text inputs",
  ]);
  expect(name("a`b")).toBe("`a'b`");
});

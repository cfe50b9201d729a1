import { describe, expect, test } from "vitest";
import {
  categoryReading,
  densityReading,
  intervalReading,
  isMultimodal,
  lossReading,
  pitReading,
  reliabilityReading,
} from "../../src/report/readings.js";
import { categoryView, grid, historyOf, Mixture, numericView } from "./mock.js";
import { tiny } from "./mockReports.js";

const spaced = (words: string) => words.replaceAll("\u00a0", " ");
const one = (mean: number, sd: number) => new Mixture([{ weight: 1, mean, sd }]);
const frame = { input: "x", held: [], x: grid(0, 4, 81), y: grid(-6, 6, 241), data: { x: [], y: [] } };
/** n PIT values evenly spread, then bent by `shape`. */
const pit = (n: number, shape: (u: number) => number = (u) => u) =>
  Array.from({ length: n }, (_, i) => shape((i + 0.5) / n));

describe("densityReading", () => {
  test("says where the prediction is sure and where not", () => {
    const words = densityReading(
      numericView(frame, (x) => one(0, 0.5 + x / 4)),
      "y",
    );
    // a normal's 90 % interval is 3.29 standard deviations wide; the mock's cdf is good to 2e-4
    expect(spaced(words)).toBe(
      "The prediction of `y` is surest near `x` = 0, where the 90 % interval is 1.65 wide, and least sure near `x` = 4, where it is 4.94 wide.",
    );
  });

  test("does not make much of little", () => {
    const words = densityReading(
      numericView(frame, () => one(0, 1)),
      "y",
    );
    expect(spaced(words)).toBe("The 90 % interval is about equally wide everywhere, some 3.29.");
  });

  test("counts separate answers where there are several", () => {
    const fork = numericView(frame, (x) => new Mixture([-x, x].map((mean) => ({ weight: 0.5, mean, sd: 0.4 }))));
    expect(isMultimodal(fork)).toBe(true);
    expect(densityReading(fork, "y")).toContain("there are 2 separate answers for `y`, and little between them.");
    expect(isMultimodal(numericView(frame, () => one(0, 1)))).toBe(false);
  });

  test("names what other inputs are held at, the first three", () => {
    const held = ["a", "b", "c", "d", "e"].map((input) => [input, "1"] as const);
    const words = densityReading(
      numericView({ ...frame, held }, () => one(0, 1)),
      "y",
    );
    expect(spaced(words)).toContain("Other inputs are held: `a` = 1, `b` = 1, `c` = 1 and 2 more at typical values.");
  });
});

test("categoryReading gives both ends, and tells what is not shown", () => {
  const view = categoryView(
    "city",
    [],
    [
      ["Lyon", 3, one(1, 1)],
      ["", 3, one(9, 1)],
      ["Porto", 3, one(4, 1)],
    ],
  );
  expect(spaced(categoryReading(view, "y"))).toBe(
    "The median of `y` runs from 1.00 for `Lyon` to 9.00 for rows without one.",
  );
  expect(categoryReading({ ...view, more: 12 }, "y")).toContain("12 rarer values of `city` not shown.");
  expect(categoryReading({ ...view, categories: view.categories.slice(0, 1) }, "y")).toBe("The median is 1.00.");
});

describe("pitReading", () => {
  test.each([
    ["flat", pit(500), 0.9, "Nothing speaks against that here (Kolmogorov–Smirnov p = 0.90)."],
    ["nearly flat", pit(500), 0.03, "nearly are (Kolmogorov–Smirnov p = 0.030)."],
    ["not flat", pit(500), 0.0001, "more than chance (Kolmogorov–Smirnov p < 0.001)."],
    ["high ends", pit(500, (u) => 0.5 - 0.5 * Math.cos(Math.PI * u)), 0, "over-confident"],
    ["high middle", pit(500, (u) => 0.5 + 4 * (u - 0.5) ** 3), 0, "under-confident"],
    ["rising", pit(500, Math.sqrt), 0, "predictions tend to be too low"],
    ["falling", pit(500, (u) => u * u), 0, "predictions tend to be too high"],
    ["three rows", pit(3), 0.8, "With 3 rows only a gross fault would show."],
  ])("%s", (_, values, uniformityP, words) => {
    expect(pitReading({ pit: values, uniformityP })).toContain(words);
  });
});

test("reliabilityReading names the interval farthest from its promise", () => {
  // all true values in the middle half: the 50 % interval holds them all
  const narrow = pit(1000, (u) => 0.25 + u / 2);
  expect(spaced(reliabilityReading({ pit: narrow, uniformityP: 0 }))).toContain(
    "the interval of 50 %, which held 100 %.",
  );
  expect(reliabilityReading({ pit: [], uniformityP: 1 })).toBe("No rows were scored.");
});

test("lossReading tells what was kept and what lies above the picture", () => {
  expect(lossReading([historyOf(2, 40, 30, 1, 0)])).toBe("The ring marks epoch 30, whose weights were kept.");
  expect(lossReading([historyOf(2, 100, 90, 1, 500), historyOf(2, 100, 80, 2, 500)])).toMatch(
    /^The ring marks the epochs whose weights were kept \(80 and 90\)\. \d+ epochs lie above the picture\.$/,
  );
});

test("intervalReading counts the misses", () => {
  const quantiles = [0, 1, 2, 3, 4] as const;
  const rows = [1, 2, 5].map((actual) => ({ actual, quantiles }));
  expect(spaced(intervalReading(rows, "y", tiny().scores))).toBe(
    "3 rows that the model had not seen, from low to high predicted `y`. 1 of them lies outside the 90 % interval; about 0 should.",
  );
});

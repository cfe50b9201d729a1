import type { ReportData } from "../../src/report/index.js";
import {
  calibrationOf,
  categoryView,
  examplesOf,
  grid,
  historyOf,
  Mixture,
  model,
  numericView,
  predictionsOf,
  type ScoredRow,
  scoresOf,
  uniforms,
} from "./mock.js";

const one = (mean: number, sd: number) => new Mixture([{ weight: 1, mean, sd }]);
const short = (value: number) => value.toFixed(2);

/** The spiral: several answers for most inputs, and a squared-error fit for contrast. */
export function spiral(): ReportData {
  const turns = grid(0, 4 * Math.PI, 300);
  const place = (angle: number) =>
    [2.5 + angle * Math.cos(angle) * 0.19, 2.5 + angle * Math.sin(angle) * 0.19] as const;
  const sd = 0.04;
  const answer = (x: number) => {
    const nearest = Math.min(...turns.map((angle) => (x - place(angle)[0]) ** 2));
    const parts = turns.map((angle) => {
      const [centre, mean] = place(angle);
      return { weight: Math.exp((nearest - (x - centre) ** 2) / (2 * sd * sd)), mean, sd };
    });
    const total = parts.reduce((sum, part) => sum + part.weight, 0);
    return new Mixture(parts.filter((p) => p.weight > 1e-6 * total).map((p) => ({ ...p, weight: p.weight / total })));
  };
  const u = uniforms(3);
  const rows = Array.from({ length: 800 }, (): ScoredRow & { x: number } => {
    const [x, y] = place(u() * 4 * Math.PI).map((value) => one(value, sd).sample(u)) as [number, number];
    return { x, actual: y, predicted: answer(x), inputs: [short(x)] };
  });
  const x = grid(0, 5, 120);
  const data = { x: rows.map((row) => row.x), y: rows.map((row) => row.actual) };
  const view = numericView({ input: "x", held: [], x, y: grid(0, 5, 120), data }, answer);
  const scored = rows.slice(0, 200);
  return {
    model: model({ rows: 10_000, trainingRows: 8500, validationRows: 1500, table: "examples/spiral.csv" }),
    notes: [],
    history: [historyOf(-0.37, 143, 133, 1)],
    scores: scoresOf(scored),
    calibration: calibrationOf(scored),
    views: [
      {
        ...view,
        samples: { x: data.x, y: rows.map((row) => row.predicted.sample(u)) },
        meanSquaredError: x.map((at) => answer(at).mean()),
      },
    ],
    predictions: predictionsOf(scored, 100),
    examples: examplesOf(scored, 5),
  };
}

const hours = grid(0, 24, 120);
const rush = (hour: number) => Math.exp(-(((hour - 8) / 2) ** 2)) + 1.2 * Math.exp(-(((hour - 17.5) / 2.5) ** 2));
const cities = ["Lyon", "Porto", "Graz", "Łódź", "São Paulo do Rio Grande", "Aarhus", ""] as const;

/** Eight inputs, one of them text, noise that grows with the distance; an ensemble. `sharpness` > 1 is over-confident. */
export function trips(sharpness = 1): ReportData {
  const u = uniforms(8);
  const truth = (distance: number, hour: number, city: number) =>
    one(4 + distance * (2.2 + 0.9 * rush(hour)) + city, 0.8 + distance * (0.12 + 0.25 * rush(hour)));
  const soften = (mixture: Mixture) => new Mixture(mixture.parts.map((part) => ({ ...part, sd: part.sd / sharpness })));
  const rows = Array.from({ length: 600 }, (): ScoredRow & { distance: number; hour: number } => {
    const [distance, hour, city] = [1 + 19 * u() ** 2, 24 * u(), Math.floor(cities.length * u())];
    const actual = truth(distance, hour, city).sample(u);
    const predicted = soften(truth(distance, hour, city));
    return {
      distance,
      hour,
      actual,
      predicted,
      inputs: [short(distance), short(hour), cities[city] ?? "", "0.3", "1"],
    };
  });
  const held: [string, string][] = [
    ["rain", "0"],
    ["weekday", "3"],
    ["riders", "2"],
    ["wind", "1.8"],
    ["altitude", "212"],
  ];
  const minutes = rows.map((row) => row.actual);
  const scored = rows.slice(0, 300);
  return {
    model: model({
      target: "minutes",
      inputs: [
        { name: "distance", kind: "number" },
        { name: "hour", kind: "number" },
        { name: "city", kind: "text" },
        ...["rain", "weekday", "riders", "wind", "altitude"].map((name) => ({ name, kind: "number" as const })),
      ],
      table: "trips.csv",
      rows: 18_204,
      trainingRows: 15_473,
      validationRows: 2731,
      ensemble: 5,
      parameters: 128_340,
      file: "runs/minutes/model.safetensors",
      seconds: 48,
    }),
    notes: [
      "Values of `minutes` repeat: 412 distinct values in 18,204 rows, mostly whole numbers. The scale of every component was kept above 0.29, a quarter of their spacing, so that the density cannot win by spikes.",
      "14 rows without a value for `wind` were kept, with the gap marked as such.",
    ],
    history: [1, 2, 3, 4, 5].map((seed) => historyOf(2.13, 90 + 12 * seed, 80 + 12 * seed, seed, 14)),
    scores: scoresOf(scored),
    calibration: calibrationOf(scored),
    views: [
      numericView(
        {
          input: "distance",
          held: [["hour", "12.4"], ["city", "Graz"], ...held],
          x: grid(1, 20, 120),
          y: grid(0, 90, 160),
          data: { x: rows.map((row) => row.distance), y: minutes },
        },
        (distance) => soften(truth(distance, 12.4, 2)),
      ),
      numericView(
        {
          input: "hour",
          held: [["distance", "5.8"], ["city", "Graz"], ...held],
          x: hours,
          y: grid(0, 60, 160),
          data: { x: rows.map((row) => row.hour), y: minutes },
        },
        (hour) => soften(truth(5.8, hour, 2)),
      ),
      categoryView(
        "city",
        [["distance", "5.8"], ["hour", "12.4"], ...held],
        cities.map((name, i) => [name, 2600, soften(truth(5.8, 12.4, i))]),
      ),
    ],
    predictions: predictionsOf(scored, 100),
    examples: examplesOf(scored, 6),
  };
}

/** Twenty rows: three of them held out, a single normal, trained to the end. */
export function tiny(): ReportData {
  const u = uniforms(5);
  const answer = (x: number) => one(300 + 40 * x, 25);
  const rows = Array.from({ length: 20 }, (): ScoredRow & { x: number } => {
    const x = 10 * u();
    return { x, actual: answer(x).sample(u), predicted: answer(x), inputs: [short(x)] };
  });
  const data = { x: rows.map((row) => row.x), y: rows.map((row) => row.actual) };
  const scored = rows.slice(0, 3);
  return {
    model: model({
      target: "price",
      inputs: [{ name: "size", kind: "number" }],
      rows: 20,
      trainingRows: 17,
      validationRows: 3,
      family: "gaussian",
      law: "single normal",
      components: 1,
      table: "tiny.csv",
      seconds: 0.4,
      parameters: 17_000,
    }),
    notes: ["The table has 20 rows; the batch was made as small."],
    history: [historyOf(4.7, 300, 299, 4)],
    scores: scoresOf(scored),
    calibration: calibrationOf(scored),
    views: [numericView({ input: "size", held: [], x: grid(0, 10, 100), y: grid(220, 780, 120), data }, answer)],
    predictions: predictionsOf(scored, 3),
    examples: examplesOf(scored, 3),
  };
}

/** A text input alone. */
export function textOnly(): ReportData {
  const base = tiny();
  return {
    ...base,
    model: { ...base.model, inputs: [{ name: "city", kind: "text" }] },
    views: [
      categoryView(
        "city",
        [],
        cities.map((name, i) => [name, 3, one(300 + 40 * i, 12 + 4 * i)]),
      ),
    ],
    examples: base.examples.map((row, i) => ({ ...row, inputs: [cities[i] ?? ""] })),
  };
}

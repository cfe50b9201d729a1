import type {
  Calibration,
  CategoryView,
  Example,
  FiveQuantiles,
  MemberHistory,
  NumericView,
  Prediction,
  ReportData,
  Scores,
} from "../../src/report/index.js";

/* Reports of made-up models whose predictions are known exactly: no training, the same numbers on every run. */

/** Uniform numbers in (0, 1) from a seed. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
}

export type Uniform = () => number;

function normal(u: Uniform): number {
  return Math.sqrt(-2 * Math.log(u())) * Math.cos(2 * Math.PI * u());
}

/** A mixture of normals: what a model would answer for one row. */
export class Mixture {
  constructor(readonly parts: readonly { weight: number; mean: number; sd: number }[]) {}

  density(y: number): number {
    return this.sum(({ mean, sd }) => Math.exp(-0.5 * ((y - mean) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI)));
  }

  /** Logistic approximation of the normal cdf (Bowling et al. 2009), good to 2e-4: enough for a picture. */
  cdf(y: number): number {
    return this.sum(({ mean, sd }) => {
      const z = (y - mean) / sd;
      return 1 / (1 + Math.exp(-(0.07056 * z ** 3 + 1.5976 * z)));
    });
  }

  /** Where all but a millionth of it lies. */
  reach(): readonly [low: number, high: number] {
    const ends = (side: 1 | -1) => this.parts.map(({ mean, sd }) => mean + side * 5 * sd);
    return [Math.min(...ends(-1)), Math.max(...ends(1))];
  }

  quantile(p: number): number {
    let [low, high] = this.reach();
    for (let i = 0; i < 25; i++) {
      const middle = (low + high) / 2;
      if (this.cdf(middle) < p) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  mean(): number {
    return this.sum(({ mean }) => mean);
  }

  sample(u: Uniform): number {
    let left = u();
    const part = this.parts.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return part === undefined ? Number.NaN : part.mean + part.sd * normal(u);
  }

  fiveQuantiles(): FiveQuantiles {
    const q = (p: number) => this.quantile(p);
    return [q(0.05), q(0.25), q(0.5), q(0.75), q(0.95)];
  }

  private sum(term: (part: { weight: number; mean: number; sd: number }) => number): number {
    return this.parts.reduce((total, part) => total + part.weight * term(part), 0);
  }
}

export interface ScoredRow {
  readonly predicted: Mixture;
  readonly actual: number;
  readonly inputs: readonly string[];
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The integral of (cdf − step at y)², by the midpoint rule. */
function crps(predicted: Mixture, y: number): number {
  const [low, high] = predicted.reach();
  const [from, to] = [Math.min(low, y), Math.max(high, y)];
  const cells = 100;
  const at = (i: number) => from + ((to - from) * (i + 0.5)) / cells;
  const terms = Array.from({ length: cells }, (_, i) => (predicted.cdf(at(i)) - (at(i) >= y ? 1 : 0)) ** 2);
  return (to - from) * average(terms);
}

export function scoresOf(rows: readonly ScoredRow[]): Scores {
  const actual = rows.map((row) => row.actual);
  const centre = average(actual);
  const deviation = Math.sqrt(average(actual.map((y) => (y - centre) ** 2)));
  const one = new Mixture([{ weight: 1, mean: centre, sd: deviation }]);
  const score = (answer: (row: ScoredRow) => Mixture) => ({
    nll: -average(rows.map((row) => Math.log(answer(row).density(row.actual)))),
    crps: average(rows.map((row) => crps(answer(row), row.actual))),
  });
  const pit = rows.map((row) => row.predicted.cdf(row.actual));
  const covered = (level: number) => pit.filter((u) => Math.abs(2 * u - 1) <= level).length / pit.length;
  const width = (p: number) => average(rows.map((row) => row.predicted.quantile(1 - p) - row.predicted.quantile(p)));
  const levels = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  return {
    scoredOn: "validation",
    rows: rows.length,
    ...score((row) => row.predicted),
    rmse: Math.sqrt(average(rows.map((row) => (row.predicted.mean() - row.actual) ** 2))),
    mae: average(rows.map((row) => Math.abs(row.predicted.quantile(0.5) - row.actual))),
    coverage: { "0.5": covered(0.5), "0.9": covered(0.9) },
    width: { "0.5": width(0.25), "0.9": width(0.05) },
    calibrationError: average(levels.map((level) => Math.abs(covered(level) - level))),
    baseline: score(() => one),
    targetDeviation: deviation,
  };
}

export function calibrationOf(rows: readonly ScoredRow[]): Calibration {
  const pit = rows.map((row) => row.predicted.cdf(row.actual));
  const sorted = [...pit].sort((a, b) => a - b);
  const n = pit.length;
  const gap = Math.max(...sorted.map((u, i) => Math.max(u - i / n, (i + 1) / n - u)));
  // first term of Kolmogorov's series, right where p is small
  return { pit, uniformityP: Math.min(1, 2 * Math.exp(-2 * n * gap * gap)) };
}

export function predictionsOf(rows: readonly ScoredRow[], limit: number): Prediction[] {
  return rows.slice(0, limit).map(({ actual, predicted }) => ({ actual, quantiles: predicted.fiveQuantiles() }));
}

export function examplesOf(rows: readonly ScoredRow[], limit: number): Example[] {
  return predictionsOf(rows, limit).map((row, i) => ({ ...row, inputs: rows[i]?.inputs ?? [] }));
}

export function grid(low: number, high: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
}

export function numericView(
  view: Pick<NumericView, "input" | "held" | "x" | "y" | "data">,
  answer: (x: number) => Mixture,
): NumericView {
  const answers = view.x.map(answer);
  return {
    kind: "number",
    ...view,
    density: answers.map((predicted) => view.y.map((y) => predicted.density(y))),
    quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map((p) => ({ p, y: answers.map((predicted) => predicted.quantile(p)) })),
  };
}

export function categoryView(
  input: string,
  held: CategoryView["held"],
  answers: readonly (readonly [category: string, rows: number, predicted: Mixture])[],
): CategoryView {
  const categories = answers.map(([category, rows, predicted]) => ({
    category,
    rows,
    quantiles: predicted.fiveQuantiles(),
  }));
  return { kind: "text", input, held, categories, more: 0 };
}

/** A loss that falls towards `floor`, with the noise and the gap that training has. */
export function historyOf(floor: number, epochs: number, bestEpoch: number, seed: number, height = 4): MemberHistory {
  const u = uniforms(seed);
  return {
    bestEpoch,
    epochLimit: 300,
    stoppedBy: epochs === 300 ? "epochs" : "earlyStopping",
    epochs: Array.from({ length: epochs }, (_, i) => {
      const fall = height * Math.exp(-i / (epochs / 12)) + 0.25 * Math.exp(-i / (epochs / 3));
      const past = Math.max(0, i + 1 - bestEpoch) / epochs;
      return {
        epoch: i + 1,
        loss: floor - 0.06 + fall + 0.02 * (u() - 0.5),
        validationLoss: floor + fall + 0.3 * past + 0.04 * (u() - 0.5),
        learningRate: i + 1 < bestEpoch * 0.8 ? 1e-3 : 1e-4,
      };
    }),
  };
}

export function model(facts: Partial<ReportData["model"]>): ReportData["model"] {
  return {
    target: "y",
    inputs: [{ name: "x", kind: "number" }],
    table: "table.csv",
    rows: 1000,
    trainingRows: 850,
    validationRows: 150,
    family: "mixture",
    law: "mixture of 20 normals",
    components: 20,
    ensemble: 1,
    parameters: 24_508,
    settings: [
      ["hidden", "128,128"],
      ["epochs", "at most 300"],
      ["batch", "128"],
      ["learning rate", "0.001"],
      ["patience", "10"],
      ["validation", "0.15"],
    ],
    file: "runs/y/model.safetensors",
    version: "0.1.0",
    seed: 1,
    seconds: 9.4,
    ...facts,
  };
}

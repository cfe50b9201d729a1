import { lossRange } from "./charts/history.js";
import { isInside, sortedSample } from "./charts/predictions.js";
import type { Calibration, CategoryView, MemberHistory, NumericView, Prediction, Scores } from "./data.js";
import { count, formatNumber, list, percent } from "./format.js";
import { coverageFromPit, mean, peaks } from "./statistics.js";
import { categoryName, name } from "./words.js";

/* What each picture says, in words; see words.ts for the backticks. */

/** An input and its value stay on one line. */
const EQUALS = "\u00a0=\u00a0";

/** Where the prediction is sure, where it is not, and whether it has several peaks. */
export function densityReading(view: NumericView, target: string): string {
  const dots = view.held.length > 0 ? "The dots are rows with any values of the others." : undefined;
  return sentences(widths(view, target), severalPeaks(view, target), held(view.held), dots);
}

/** Whether a single line can stand for the density, or lies between its ridges. */
export function isMultimodal(view: NumericView): boolean {
  return view.density.filter((column) => peaks(column) > 1).length > 0.1 * view.density.length;
}

export function squaredErrorReading(view: NumericView, target: string): string {
  return isMultimodal(view)
    ? `For contrast, the same network trained on squared error. It can only answer with the mean, and where several values of ${name(target)} are possible the mean is one that hardly ever comes true.`
    : `For contrast, the same network trained on squared error. It answers with the mean, and says nothing of the spread about it.`;
}

export function samplesReading(target: string): string {
  return `One draw of ${name(target)} from the model for each of the rows shown. As far as the two look alike, the model has learned how ${name(target)} spreads.`;
}

export function categoryReading(view: CategoryView, target: string): string {
  const sorted = [...view.categories].sort((a, b) => b.quantiles[2] - a.quantiles[2]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const more = view.more > 0 ? `${count(view.more, "rarer value")} of ${name(view.input)} not shown.` : undefined;
  if (first === undefined || last === undefined) return sentences(more, held(view.held));
  const range =
    first === last
      ? `The median is ${formatNumber(first.quantiles[2])}.`
      : `The median of ${name(target)} runs from ${formatNumber(last.quantiles[2])} for ${categoryName(last.category)} to ${formatNumber(first.quantiles[2])} for ${categoryName(first.category)}.`;
  return sentences(range, more, held(view.held));
}

export function pitReading({ pit, uniformityP }: Calibration): string {
  const n = pit.length;
  const meaning =
    "Each row's true value has a place in its predicted distribution, from 0 % (below all of it) to 100 %. If the predictions are right, all places are equally common.";
  if (n < 20) return `${meaning} With ${count(n, "row")} only a gross fault would show.`;
  const p = uniformityP < 0.001 ? "p < 0.001" : `p = ${formatNumber(uniformityP, 2)}`;
  const test =
    uniformityP >= 0.05
      ? `Nothing speaks against that here (Kolmogorov–Smirnov ${p}).`
      : uniformityP >= 0.01
        ? `Here they nearly are (Kolmogorov–Smirnov ${p}).`
        : `Here they are not, by more than chance (Kolmogorov–Smirnov ${p}).`;
  return sentences(meaning, test, pitShape(pit));
}

export function reliabilityReading({ pit }: Calibration): string {
  if (pit.length === 0) return "No rows were scored.";
  const levels = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
  const gaps = levels.map((level) => Math.abs(coverageFromPit(pit, level) - level));
  const worst = levels[gaps.indexOf(Math.max(...gaps))] ?? 0.5;
  const seen = coverageFromPit(pit, worst);
  return `On the dashed line an interval holds as many rows as it promises; below it intervals are too narrow, above it too wide. The farthest from it is the interval of ${percent(worst, 0)}, which held ${percent(seen)}.`;
}

export function lossReading(history: readonly MemberHistory[]): string {
  const { hidden } = lossRange(history);
  const best = [...new Set(history.map((member) => member.bestEpoch))].sort((a, b) => a - b);
  const kept =
    best.length === 1
      ? `epoch ${best[0]}, whose weights were kept`
      : `the epochs whose weights were kept (${list(best.map(String))})`;
  const cut = hidden > 0 ? `${hidden === 1 ? "One epoch lies" : `${hidden} epochs lie`} above the picture.` : undefined;
  return sentences(`The ring marks ${kept}.`, cut);
}

export function intervalReading(predictions: readonly Prediction[], target: string, { scoredOn }: Scores): string {
  const rows = sortedSample(predictions);
  const outside = rows.filter((row) => !isInside(row)).length;
  const which = scoredOn === "validation" ? "that the model had not seen" : "that the model was trained on";
  return `${count(rows.length, "row")} ${which}, from low to high predicted ${name(target)}. ${outside} of them ${outside === 1 ? "lies" : "lie"} outside the ${percent(0.9)} interval; about ${Math.round(rows.length / 10)} should.`;
}

export function medianReading(predictions: readonly Prediction[]): string {
  const misses = predictions.map((row) => Math.abs(row.actual - row.quantiles[2]));
  return `The nearer the dots to the dashed line, the better the median alone would do. It misses by ${formatNumber(mean(misses))} on average.`;
}

/** The rest is summed up. */
const MOST_HELD = 3;

function held(pairs: NumericView["held"]): string | undefined {
  if (pairs.length === 0) return undefined;
  const shown = pairs.slice(0, MOST_HELD).map(([input, value]) => `${name(input)}${EQUALS}${value}`);
  const rest = pairs.length - shown.length;
  const words = rest > 0 ? [...shown, `${rest} more at typical values`] : shown;
  return `Other inputs are held: ${list(words)}.`;
}

function widths(view: NumericView, target: string): string | undefined {
  const low = view.quantiles.find((line) => line.p === 0.05)?.y;
  const high = view.quantiles.find((line) => line.p === 0.95)?.y;
  if (low === undefined || high === undefined) return undefined;
  const width = view.x.map((_, i) => (high[i] ?? Number.NaN) - (low[i] ?? Number.NaN));
  const narrow = Math.min(...width);
  const wide = Math.max(...width);
  const at = (w: number) => `${name(view.input)}${EQUALS}${formatNumber(view.x[width.indexOf(w)] ?? Number.NaN)}`;
  if (wide < 1.25 * narrow)
    return `The ${percent(0.9)} interval is about equally wide everywhere, some ${formatNumber(mean(width))}.`;
  return `The prediction of ${name(target)} is surest near ${at(narrow)}, where the ${percent(0.9)} interval is ${formatNumber(narrow)} wide, and least sure near ${at(wide)}, where it is ${formatNumber(wide)} wide.`;
}

function severalPeaks(view: NumericView, target: string): string | undefined {
  if (!isMultimodal(view)) return undefined;
  const found = view.density.map(peaks);
  const most = Math.max(...found);
  const run = longestRun(found, most);
  const at = formatNumber(view.x[run] ?? Number.NaN);
  return `Near ${name(view.input)}${EQUALS}${at} there are ${most} separate answers for ${name(target)}, and little between them.`;
}

/** The middle of the longest stretch of one value. */
function longestRun(values: readonly number[], wanted: number): number {
  let best = { from: 0, length: 0 };
  let from = 0;
  values.forEach((value, i) => {
    if (value !== wanted) from = i + 1;
    else if (i + 1 - from > best.length) best = { from, length: i + 1 - from };
  });
  return best.from + Math.floor(best.length / 2);
}

function pitShape(pit: readonly number[]): string | undefined {
  const n = pit.length;
  const ends = pit.filter((u) => u < 0.1 || u > 0.9).length / n - 0.2;
  const lean = mean(pit) - 0.5;
  // two standard errors of a share of 0.2, and of a uniform mean
  if (Math.abs(lean) > Math.max(0.03, 2 * Math.sqrt(1 / 12 / n))) {
    return lean > 0
      ? "The bars rise to the right: predictions tend to be too low."
      : "The bars fall to the right: predictions tend to be too high.";
  }
  if (Math.abs(ends) > Math.max(0.03, 2 * Math.sqrt(0.16 / n))) {
    return ends > 0
      ? "The outer bars stand high: too many true values surprise the model, so it is over-confident."
      : "The outer bars stand low: true values surprise the model less often than it expects, so it is under-confident.";
  }
  return undefined;
}

function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ");
}

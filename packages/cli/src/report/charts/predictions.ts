import * as Plot from "@observablehq/plot";
import { axisRoom, chart, colour, legend, numberAxis } from "../chart.js";
import type { Prediction } from "../data.js";
import { shorten } from "../format.js";
import { type Html, html } from "../html.js";
import { thinList } from "../thin.js";

/** One bar needs some three units of width. */
const MOST_BARS = 100;

export function isInside({ actual, quantiles }: Prediction): boolean {
  return actual >= quantiles[0] && actual <= quantiles[4];
}

/** The rows to draw, from the lowest predicted median to the highest. */
export function sortedSample(predictions: readonly Prediction[]): readonly Prediction[] {
  return [...thinList(predictions, MOST_BARS)].sort((a, b) => a.quantiles[2] - b.quantiles[2]);
}

/** Every row's intervals and what came true, rows in the order of their predicted medians. */
export function intervalChart(predictions: readonly Prediction[], target: string): Html {
  const rows = sortedSample(predictions).map((row, rank) => ({ ...row, rank }));
  const bar = (low: number, high: number, strokeOpacity: number) =>
    Plot.ruleX(rows, {
      x: "rank",
      y1: (row: Prediction) => row.quantiles[low],
      y2: (row: Prediction) => row.quantiles[high],
      stroke: colour.model,
      strokeOpacity,
      strokeWidth: Math.max(1.6, Math.min(6, 220 / rows.length)),
    });
  const range = extent(rows.flatMap((row) => [row.actual, row.quantiles[0], row.quantiles[4]]));
  const picture = chart({
    label: `Predicted intervals and true ${target} of ${rows.length} rows`,
    x: { axis: null, domain: [-1, rows.length], type: "linear" },
    y: { ...numberAxis(range, shorten(target)), grid: true, nice: true },
    marginLeft: axisRoom(range),
    marginBottom: 20,
    marks: [
      bar(0, 4, 0.3),
      bar(1, 3, 0.55),
      Plot.dot(rows.filter(isInside), { x: "rank", y: "actual", r: 1.9, fill: colour.ink }),
      Plot.dot(
        rows.filter((row) => !isInside(row)),
        { x: "rank", y: "actual", r: 2.8, fill: colour.accent },
      ),
    ],
  });
  return html`${legend([
    ["band", "model", "90 % and 50 % interval"],
    ["dot", "ink", "true value inside"],
    ["dot", "accent", "outside"],
  ])}${picture}`;
}

/** True value against predicted median. */
export function medianChart(predictions: readonly Prediction[], target: string): Html {
  const rows = thinList(predictions, 400);
  const domain = extent(rows.flatMap((row) => [row.actual, row.quantiles[2]]));
  const picture = chart({
    label: `True ${target} against predicted median`,
    marginLeft: axisRoom(domain),
    x: { domain, ...numberAxis(domain, `predicted median of ${shorten(target, 20)}`, 5), nice: true },
    y: { domain, ...numberAxis(domain, `true ${shorten(target, 20)}`), nice: true, grid: true },
    marks: [
      Plot.link([domain], { x1: "0", y1: "0", x2: "1", y2: "1", stroke: colour.ink, strokeDasharray: "3 3" }),
      Plot.dot(rows, {
        x: (row: Prediction) => row.quantiles[2],
        y: "actual",
        r: 2.2,
        fill: (row: Prediction) => (isInside(row) ? colour.model : colour.accent),
        fillOpacity: 0.75,
      }),
    ],
    color: { type: "identity" },
  });
  return html`${legend([
    ["dash", "ink", "median was right"],
    ["dot", "model", "in its 90 % interval"],
    ["dot", "accent", "outside"],
  ])}${picture}`;
}

function extent(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

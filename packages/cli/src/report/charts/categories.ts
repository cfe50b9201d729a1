import * as Plot from "@observablehq/plot";
import { chart, colour, legend, numberAxis } from "../chart.js";
import type { CategoryRow, CategoryView } from "../data.js";
import { shorten } from "../format.js";
import { type Html, html } from "../html.js";

/** Intervals of the target for each value of a text input, the highest median on top. */
export function categoryChart(view: CategoryView, target: string): Html {
  // values are told apart by number, for two long ones may look alike once cut
  const rows = [...view.categories].sort((a, b) => b.quantiles[2] - a.quantiles[2]).map((row, at) => ({ ...row, at }));
  const labels = rows.map((row) => shorten(row.category === "" ? "(missing)" : row.category, 16));
  const bar = (low: number, high: number, strokeOpacity: number) =>
    Plot.ruleY(rows, {
      y: "at",
      x1: (row: CategoryRow) => row.quantiles[low],
      x2: (row: CategoryRow) => row.quantiles[high],
      stroke: colour.model,
      strokeOpacity,
      strokeWidth: 8,
    });
  const ends = rows.flatMap((row) => [row.quantiles[0], row.quantiles[4]]);
  const range = [Math.min(...ends), Math.max(...ends)] as const;
  const picture = chart({
    label: `Intervals of ${target} by ${view.input}`,
    height: rows.length * 26 + 62,
    marginTop: 12,
    marginLeft: 14 + 7 * Math.max(4, ...labels.map((label) => label.length)),
    x: { ...numberAxis(range, shorten(target), 5), grid: true, nice: true },
    y: {
      type: "band",
      domain: rows.map((row) => row.at),
      label: null,
      tickFormat: (at: number) => labels[at] ?? "",
      tickSize: 0,
    },
    marks: [
      bar(0, 4, 0.3),
      bar(1, 3, 0.55),
      Plot.dot(rows, {
        y: "at",
        x: (row: CategoryRow) => row.quantiles[2],
        r: 4,
        fill: colour.paper,
        stroke: colour.model,
        strokeWidth: 2.5,
      }),
    ],
  });
  return html`${legend([
    ["band", "model", "90 % and 50 % interval"],
    ["ring", "model", "median"],
  ])}${picture}`;
}

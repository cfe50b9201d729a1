import * as Plot from "@observablehq/plot";
import { axisRoom, chart, colour, legend } from "../chart.js";
import { percent } from "../format.js";
import { type Html, html } from "../html.js";
import { binomialBand, coverageFromPit } from "../statistics.js";

/** Bars of the PIT histogram: some 15 rows a bar, so that chance does not drown the shape. */
export function pitBins(rows: number): number {
  return Math.max(4, Math.min(20, Math.round(rows / 15)));
}

/** Counts of PIT values in equal bins, and the counts within which each stays 95 % of the time if all is well. */
export function pitCounts(pit: readonly number[]): { counts: number[]; band: readonly [number, number] } {
  const bins = pitBins(pit.length);
  const counts = new Array<number>(bins).fill(0);
  for (const u of pit) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(u * bins)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { counts, band: binomialBand(pit.length, 1 / bins) };
}

/** Histogram of the PIT with the band in which an honest model's bars lie. */
export function pitChart(pit: readonly number[]): Html {
  const { counts, band } = pitCounts(pit);
  const bars = counts.map((rows, i) => ({ from: i / counts.length, to: (i + 1) / counts.length, rows }));
  const top = Math.max(...counts, band[1]) * 1.08 || 1;
  const picture = chart({
    label: `Histogram of ${pit.length} PIT values in ${counts.length} bars`,
    marginLeft: axisRoom([0, top]),
    x: { domain: [0, 1], label: "predicted cdf at the true value", tickFormat: (u: number) => percent(u, 0), ticks: 5 },
    y: { label: "rows", grid: true, domain: [0, top], ticks: Math.min(6, Math.floor(top)) },
    marks: [
      Plot.rectY(bars, { x1: "from", x2: "to", y: "rows", fill: colour.model, fillOpacity: 0.75, inset: 0.75 }),
      Plot.rect([band], { x1: 0, x2: 1, y1: "0", y2: "1", fill: colour.ink, fillOpacity: 0.13 }),
      Plot.ruleY([pit.length / counts.length], { stroke: colour.ink, strokeDasharray: "3 3" }),
      Plot.ruleY([0], { stroke: colour.muted }),
    ],
  });
  return html`${legend([
    ["dash", "ink", "even"],
    ["band", "ink", "where chance keeps 95 % of bars"],
  ])}${picture}`;
}

const LEVELS = Array.from({ length: 39 }, (_, i) => (i + 1) / 40);

/** Observed against nominal coverage of central intervals, with the band of chance about the diagonal. */
export function reliabilityChart(pit: readonly number[]): Html {
  const n = pit.length;
  const band = LEVELS.map((level) => binomialBand(n, level).map((k) => k / n));
  const observed = LEVELS.map((level) => coverageFromPit(pit, level));
  const marked = [0.5, 0.9];
  const picture = chart({
    marginLeft: 48,
    label: "Share of rows inside the central interval against the interval's level",
    x: { domain: [0, 1], label: "level of the interval", tickFormat: (u: number) => percent(u, 0), ticks: 5 },
    y: { domain: [0, 1], label: "rows inside it", tickFormat: (u: number) => percent(u, 0), ticks: 5, grid: true },
    marks: [
      Plot.areaY(LEVELS, {
        x: LEVELS,
        y1: band.map(([low]) => low),
        y2: band.map(([, high]) => high),
        fill: colour.ink,
        fillOpacity: 0.13,
      }),
      Plot.link([0], { x1: 0, y1: 0, x2: 1, y2: 1, stroke: colour.ink, strokeDasharray: "3 3" }),
      Plot.line([0, ...LEVELS, 1], {
        x: [0, ...LEVELS, 1],
        y: [0, ...observed, 1],
        stroke: colour.model,
        strokeWidth: 2,
      }),
      Plot.dot(marked, {
        x: marked,
        y: marked.map((level) => coverageFromPit(pit, level)),
        fill: colour.model,
        r: 3.5,
      }),
    ],
  });
  return html`${legend([
    ["line", "model", "the model"],
    ["dash", "ink", "perfect"],
    ["band", "ink", "chance"],
  ])}${picture}`;
}

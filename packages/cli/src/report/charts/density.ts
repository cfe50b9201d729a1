import * as Plot from "@observablehq/plot";
import { axisRoom, chart, colour, legend, numberAxis, WIDTH } from "../chart.js";
import { palette, ramps } from "../colour.js";
import type { NumericView, Points, QuantileLine } from "../data.js";
import { formatNumber, list, shorten } from "../format.js";
import { type Html, html } from "../html.js";
import { dataUri, encodePng } from "../png.js";
import { quantileOf } from "../statistics.js";
import { thin } from "../thin.js";

/** More dots than this only blacken a picture of 400 units, and each is some 40 bytes. */
const MOST_DOTS = 1500;
const SHADES = 128;
const MARGIN = { right: 12, top: 28, bottom: 42 };
const HEIGHT = 300;

export interface DensityLayers {
  readonly quantiles?: boolean;
  readonly data?: boolean;
}

/** The predicted density as a heat map, with quantile lines and the table's rows over it when asked for. */
export function densityChart(view: NumericView, target: string, layers: DensityLayers): Html {
  const heat = html`<span>unlikely<i class="key-heat"></i>likely</span>`;
  const picture = panel(view, target, `Predicted density of ${target} given ${view.input}`, [
    ...heatMap(view),
    layers.data && dots(view.data, colour.ink, 0.5),
    ...(layers.quantiles ? quantileLines(view) : []),
  ]);
  return html`${legend(
    [...(layers.data ? [["dot", "ink", "rows"] as const] : []), ...(layers.quantiles ? quantileKeys(view) : [])],
    heat,
  )}${picture}`;
}

/** The table's rows. */
export function dataChart(view: NumericView, target: string): Html {
  const picture = panel(view, target, `Rows of the table: ${target} against ${view.input}`, [
    dots(view.data, colour.data),
  ]);
  return html`${legend([["dot", "data", "rows"]])}${picture}`;
}

/** Draws from the model, in the place of the rows. */
export function samplesChart(view: NumericView, target: string, samples: Points): Html {
  const picture = panel(view, target, `Draws from the model: ${target} against ${view.input}`, [
    dots(samples, colour.model),
  ]);
  return html`${legend([["dot", "model", "draws from the model"]])}${picture}`;
}

/** The answer of a network trained on squared error, over the rows that it saw. */
export function squaredErrorChart(view: NumericView, target: string, line: readonly number[]): Html {
  const picture = panel(view, target, `Fit by squared error of ${target} given ${view.input}`, [
    dots(view.data, colour.data, 0.6),
    Plot.line(view.x, { x: view.x, y: line, stroke: colour.accent, strokeWidth: 2, clip: true }),
  ]);
  return html`${legend([
    ["dot", "data", "rows"],
    ["line", "accent", "fit by squared error"],
  ])}${picture}`;
}

function quantileKeys(view: NumericView) {
  const outer = shownQuantiles(view).flatMap(({ p }) => (p === 0.5 ? [] : [formatNumber(p * 100)]));
  return [["line", "accent", "median"] as const, ["dash", "accent", `${list(outer)}\u00a0%`] as const];
}

function panel(
  view: NumericView,
  target: string,
  label: string,
  marks: readonly (Plot.Markish | undefined | false)[],
): Html {
  return chart({
    label,
    height: HEIGHT,
    marginLeft: axisRoom(ends(view.y)),
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    x: { domain: ends(view.x), ...numberAxis(ends(view.x), shorten(view.input)) },
    y: { domain: ends(view.y), ...numberAxis(ends(view.y), shorten(target)) },
    marks: [...marks.filter((mark) => mark !== undefined && mark !== false), Plot.frame({ stroke: colour.line })],
  });
}

/** Few dots are large and outlined, many are fine and let each other through. */
function dots(points: Points, fill: string, most = 1): Plot.Markish {
  const { x, y } = thin(points, MOST_DOTS);
  const few = x.length <= 200;
  return Plot.dot(x, {
    x,
    y,
    fill,
    fillOpacity: few ? 0.9 : most * Math.min(0.9, 24 / Math.sqrt(x.length)),
    r: Math.max(1.1, Math.min(2.6, 40 / Math.sqrt(x.length))),
    stroke: few ? colour.paper : "none",
    strokeWidth: 0.6,
    clip: true,
  });
}

/** The median and the outermost quantiles: with more lines the shades beneath could not be seen. */
function shownQuantiles(view: NumericView): readonly QuantileLine[] {
  const sorted = [...view.quantiles].sort((a, b) => a.p - b.p);
  return sorted.filter((line, i) => i === 0 || i === sorted.length - 1 || line.p === 0.5);
}

function quantileLines(view: NumericView): Plot.Markish[] {
  return shownQuantiles(view).map(({ p, y }) =>
    Plot.line(view.x, {
      x: view.x,
      y,
      stroke: colour.accent,
      clip: true,
      ...(p === 0.5 ? { strokeWidth: 1.8 } : { strokeWidth: 1.4, strokeDasharray: "3 2.5" }),
    }),
  );
}

/** Two pictures of the same density, one for each background; the style sheet shows the one that fits. */
function heatMap(view: NumericView): Plot.Markish[] {
  const columns = view.x.length;
  const rows = view.y.length;
  const shades = new Uint8Array(columns * rows);
  // a few spikes must not leave everything else blank: the darkest shade starts at this quantile of the visible cells
  const top = quantileOf(
    view.density.flat().filter((d) => d > 0 && d < Number.POSITIVE_INFINITY),
    0.99,
  );
  view.density.forEach((column, i) => {
    column.forEach((density, j) => {
      const share = top > 0 ? Math.min(1, Math.max(0, density / top)) : 0;
      shades[(rows - 1 - j) * columns + i] = Math.round(Math.sqrt(share) * (SHADES - 1));
    });
  });
  const frameWidth = WIDTH - axisRoom(ends(view.y)) - MARGIN.right;
  const frameHeight = HEIGHT - MARGIN.top - MARGIN.bottom;
  return (["light", "dark"] as const).map((theme) =>
    Plot.image([0], {
      src: dataUri(encodePng(columns, rows, shades, palette(ramps[theme], SHADES))),
      frameAnchor: "middle",
      // cells are centred on the grid, so the outermost reach half a cell over the frame
      width: (frameWidth * columns) / (columns - 1),
      height: (frameHeight * rows) / (rows - 1),
      preserveAspectRatio: "none",
      className: `heat-${theme}`,
      clip: "frame",
    }),
  );
}

function ends(grid: readonly number[]): [number, number] {
  return [grid[0] ?? 0, grid.at(-1) ?? 1];
}

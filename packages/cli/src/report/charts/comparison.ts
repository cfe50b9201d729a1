import * as Plot from "@observablehq/plot";
import { barEnd } from "../bars.js";
import { chart, colour, numberAxis, WIDTH } from "../chart.js";
import type { Comparison, Standing } from "../data.js";
import { formatNumber, shorten } from "../format.js";
import type { Html } from "../html.js";
import { standalone, TITLE_HEIGHT, titleLines } from "../standalone.js";

/** How far each family's NLL is behind the best one's, with two standard errors to either side; the best on top. */
export function comparisonChart({ standings }: Pick<Comparison, "standings">): Html {
  const shown = finite({ standings });
  const end = barEnd(shown);
  const isCut = (row: Standing) => row.behind > end;
  const reach = (row: Standing) => row.behind + (Number.isFinite(row.error) ? 2 * row.error : 0);
  const most = 1.05 * Math.max(...shown.filter((row) => !isCut(row)).map(reach), 1e-6);
  const names = shown.map(({ family }) => family);
  return chart({
    label: "How far the NLL of each family is behind the best",
    height: chartHeight(shown),
    marginTop: 12,
    marginLeft: 14 + 7 * Math.max(4, ...names.map((name) => name.length)),
    x: { domain: [0, most], ...numberAxis([0, most], "nats a row behind the best", 5), grid: true },
    y: { type: "band", domain: names, label: null, tickSize: 0 },
    marks: [
      Plot.barX(shown, {
        y: "family",
        x1: 0,
        x2: (row: Standing) => Math.min(row.behind, most),
        fill: colour.model,
        fillOpacity: 0.75,
        insetTop: 3,
        insetBottom: 3,
      }),
      Plot.ruleY(
        shown.filter((row) => row.error > 0 && !isCut(row)),
        {
          y: "family",
          x1: (row: Standing) => Math.max(0, row.behind - 2 * row.error),
          x2: reach,
          stroke: colour.ink,
          strokeWidth: 1.5,
        },
      ),
      Plot.text(shown.filter(isCut), {
        y: "family",
        x: most,
        dx: -6,
        textAnchor: "end",
        fill: colour.paper,
        text: (row: Standing) => `${formatNumber(row.behind)} →`,
      }),
      Plot.dot(shown.slice(0, 1), { y: "family", x: 0, r: 4, fill: colour.accent }),
    ],
  });
}

/** The same as a file of its own. */
export function comparisonPicture(comparison: Comparison, target: string): string {
  const title = `Families of distributions for ${shorten(target)}`;
  const subtitle = "How far the NLL is behind the best; lines: two standard errors to either side";
  const drawing = chartHeight(finite(comparison));
  const [width, height] = [ZOOM * WIDTH, ZOOM * drawing];
  const picture = `<svg y="${TITLE_HEIGHT}" width="${width}" height="${height}" viewBox="0 0 ${WIDTH} ${drawing}">${comparisonChart(comparison).text}</svg>`;
  return standalone({
    label: title,
    width,
    height: TITLE_HEIGHT + height,
    body: `${titleLines(title, subtitle)}${picture}`,
  });
}

const ZOOM = 1.4;
const chartHeight = (rows: readonly unknown[]): number => rows.length * 26 + 62;
/** Those that gave each row some probability. */
const finite = ({ standings }: Pick<Comparison, "standings">) =>
  standings.filter(({ behind }) => Number.isFinite(behind));

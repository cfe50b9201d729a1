/** A law as a picture of its own: density or probabilities beside the distribution function. */
import * as Plot from "@observablehq/plot";
import { tensor } from "credence";
import type { Distribution } from "credence/distributions";
import { parseHTML } from "linkedom";
import { roundGeometry } from "../report/chart.js";
import { axisFormat } from "../report/format.js";
import { standalone, TITLE_HEIGHT, titleLines } from "../report/standalone.js";
import { known } from "./values.js";

export interface LawPicture {
  readonly title: string;
  readonly subtitle?: string;
  /** Without title and distribution function, for a page that has words of its own. */
  readonly small?: boolean;
}

/** Points of a curve, and of one in a small picture. */
const POINTS = 240;
const FEW_POINTS = 120;
/** With more whole numbers than this in view, bars become a curve. */
const MOST_BARS = 150;
/** Tails are shown as far as a thousandth, or so many times the distance between the quartiles: else they are all one sees of heavy ones. */
const TAIL = 1e-3;
const MOST_QUARTILES = 3;

interface Frame {
  readonly x: readonly number[];
  readonly density: readonly number[];
  readonly cdf: readonly number[] | undefined;
  readonly domain: readonly [number, number];
  readonly bars: boolean;
}

/** An SVG file that stands alone, in the colours of the reader's light or dark page. */
export function lawPicture(law: Distribution, { title, subtitle, small = false }: LawPicture): string {
  const frame = frameOf(law, small ? FEW_POINTS : POINTS);
  const size = small ? { width: 420, height: 190 } : { width: 380, height: 270 };
  const density = panel(frame, frame.density, law.support.discrete ? "probability" : "density", size);
  const parts: Placed[] = [{ svg: density, x: 0, y: 0 }];
  if (!small && frame.cdf !== undefined) {
    parts.push({ svg: panel(frame, frame.cdf, "distribution function", size, [0, 1]), x: size.width, y: 0 });
  }
  const top = small ? 0 : TITLE_HEIGHT;
  const width = size.width * parts.length + (small ? 0 : 16);
  const panels = parts.map(({ svg, x, y }) => `<g transform="translate(${x},${y + top})">${svg}</g>`).join("\n");
  const words = small ? "" : titleLines(title, subtitle ?? "");
  return standalone({ label: `Density of ${title}`, width, height: top + size.height, body: `${words}${panels}` });
}

interface Placed {
  readonly svg: string;
  readonly x: number;
  readonly y: number;
}

/** Where most of the law lies, and what it says there. */
function frameOf(law: Distribution, count: number): Frame {
  const at = (p: number): number => law.quantile(p).item();
  const [q25, q75] = [at(0.25), at(0.75)];
  const reach = MOST_QUARTILES * (q75 - q25);
  const [first, last] = [at(0), at(1)];
  const low = Math.max(at(TAIL), q25 - reach);
  const high = Math.min(at(1 - TAIL), q75 + reach);
  const span = high - low || Math.abs(low) || 1;
  // an end of the support that is near belongs into the picture, with what is beyond it
  const start = Number.isFinite(first) && first > low - 0.5 * span ? first : low;
  const end = Number.isFinite(last) && last < high + 0.5 * span ? last : high;
  return law.support.discrete ? countsFrame(law, start, end) : curveFrame(law, { start, end, first, last }, count);
}

function countsFrame(law: Distribution, start: number, end: number): Frame {
  const [from, to] = [Math.floor(start), Math.ceil(end)];
  const stride = Math.max(1, Math.ceil((to - from + 1) / (2 * MOST_BARS)));
  const x = Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, i) => from + i * stride);
  const bars = x.length <= MOST_BARS;
  const margin = bars ? Math.max(0.6, 0.02 * (to - from)) : 0.02 * (to - from);
  return { ...askAt(law, x), domain: [from - margin, to + margin], bars };
}

interface Ends {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

function curveFrame(law: Distribution, { start, end, first, last }: Ends, count: number): Frame {
  const span = end - start || Math.abs(start) || 1;
  const margin = 0.04 * span;
  const [left, right] = [start - margin, end + margin];
  const even = Array.from({ length: count }, (_, i) => left + ((right - left) * i) / (count - 1));
  // on either side of an end and of the mode, so that steps are steps and peaks are peaks
  const beside = 1e-6 * span;
  const steps = [first, last].filter(Number.isFinite).flatMap((edge) => [edge - beside, edge, edge + beside]);
  const peak = known(() => law.mode().item());
  const x = [...even, ...steps, ...(peak === undefined ? [] : [peak])]
    .filter((value) => value >= left && value <= right)
    .sort((a, b) => a - b);
  return { ...askAt(law, x), domain: [left, right], bars: false };
}

function askAt(law: Distribution, x: readonly number[]): Pick<Frame, "x" | "density" | "cdf"> {
  const values = tensor(Float64Array.from(x));
  const cdf = known(() => Array.from(law.cdf(values).data()));
  return { x, density: Array.from(law.prob(values).data()), cdf };
}

/** The greatest density, unless it rises without bound at a point: then what all but a few percent stay below. */
function highest(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const most = sorted.at(-1) ?? 1;
  const usual = sorted[Math.floor(0.97 * (sorted.length - 1))] ?? most;
  return most > 4 * usual && usual > 0 ? 1.5 * usual : most;
}

function panel(
  { x, domain, bars }: Frame,
  y: readonly number[],
  label: string,
  size: { readonly width: number; readonly height: number },
  range?: readonly [number, number],
): string {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const isSteps = bars && range !== undefined;
  const top = range?.[1] ?? highest(y) * 1.05;
  const shown = y.map((value) => Math.min(value, 2 * top)); // infinity has no place in a path
  const stroke = { stroke: "var(--model)", strokeWidth: 1.8, clip: range === undefined } as const;
  const marks = isSteps
    ? [steps(x, shown, domain, stroke)]
    : bars
      ? [
          Plot.rectY(x, {
            x1: x.map((k) => k - 0.4),
            x2: x.map((k) => k + 0.4),
            y: shown,
            fill: "var(--model)",
            fillOpacity: 0.85,
            clip: true,
          }),
        ]
      : [
          ...(range === undefined
            ? [Plot.areaY(x, { x, y: shown, fill: "var(--model)", fillOpacity: 0.16, clip: true })]
            : []),
          Plot.line(x, { x, y: shown, ...stroke }),
        ];
  const svg = Plot.plot({
    document,
    ...size,
    marginLeft: 52,
    marginRight: 14,
    marginTop: 26,
    marginBottom: 38,
    x: { domain: [...domain], label: "x", ticks: bars ? wholeTicks(x) : 6, tickFormat: axisFormat(...domain) },
    y: { domain: [0, top], label, ticks: 5, tickFormat: axisFormat(0, top), grid: true },
    marks: [Plot.ruleY([0], { stroke: "var(--muted)" }), ...marks],
  });
  svg.querySelector("style")?.remove();
  for (const element of svg.querySelectorAll("*")) roundGeometry(element);
  return svg.innerHTML.replaceAll(/plot-clip-(\d+)/g, `clip-${range === undefined ? "a" : "b"}$1`);
}

/** The cdf of whole numbers, from 0 on the left edge to its last value on the right. */
function steps(x: readonly number[], y: readonly number[], [left, right]: readonly [number, number], stroke: object) {
  const [whole, levels] = [
    [left, ...x, right],
    [0, ...y, y.at(-1) as number],
  ];
  return Plot.line(whole, { x: whole, y: levels, curve: "step-after", ...stroke });
}

/** Some eight whole numbers. */
function wholeTicks(x: readonly number[]): number[] {
  const [low, high] = [x[0] as number, x.at(-1) as number];
  const step = [1, 2, 5, 10, 20, 50, 100].find((size) => (high - low) / size <= 8) ?? Math.ceil((high - low) / 8);
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, i) => first + i * step);
}

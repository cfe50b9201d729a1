import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { axisFormat } from "./format.js";
import { escapeHtml, type Html, html, prose, raw } from "./html.js";

/**
 * Charts are drawn some 400 units wide and shown up to 480 pixels wide, two beside each other where there is room: the same
 * drawing is then legible on a phone and not coarse on a desk.
 */
export const WIDTH = 400;

/** Room left of a vertical axis for the labels of its ticks, in units of the drawing. */
export function axisRoom([low, high]: readonly [number, number]): number {
  const format = axisFormat(low, high);
  const labels = [0, 0.25, 0.5, 0.75, 1].map((share) => format(Number((low + share * (high - low)).toPrecision(2))));
  return 16 + 7 * Math.max(2, ...labels.map((label) => label.length));
}

/** Options of an axis of numbers. */
export function numberAxis([low, high]: readonly [number, number], label: string, ticks = 6) {
  return { label, ticks, tickFormat: axisFormat(low, high) };
}

/** Colours by role; style.ts gives them a value for light and for dark. */
export const colour = {
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  paper: "var(--paper)",
  data: "var(--data)",
  model: "var(--model)",
  accent: "var(--accent)",
} as const;

export interface Chart extends Plot.PlotOptions {
  /** What the picture is, for those who cannot see it; the reading stands in the caption. */
  readonly label: string;
}

/** Draws a chart as inline SVG: no fixed size, no style of its own, coordinates to a hundredth of a unit. */
export function chart({ label, ...options }: Chart): Html {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: 260,
    marginLeft: 40,
    marginRight: 12,
    marginTop: 28,
    marginBottom: 42,
    className: "chart",
    ...options,
  });
  svg.querySelector("style")?.remove();
  for (const element of svg.querySelectorAll("*")) roundGeometry(element);
  const viewBox = svg.getAttribute("viewBox") ?? "";
  return raw(
    `<svg class="chart" role="img" aria-label="${escapeHtml(label)}" viewBox="${viewBox}" font-size="12" fill="currentColor" text-anchor="middle">${svg.innerHTML}</svg>`,
  );
}

export interface Figure {
  /** Words, code between backticks. */
  readonly title: string;
  readonly picture: Html;
  /** What the picture says, in words, code between backticks. */
  readonly reading: string;
}

/** A picture with its title above and its reading below. */
export function figure({ title, picture, reading }: Figure): Html {
  return html`<figure>
<h3>${prose(title)}</h3>
${picture}
<figcaption>${prose(reading)}</figcaption>
</figure>
`;
}

type Key = readonly [shape: "dot" | "line" | "dash" | "band" | "ring", role: keyof typeof colour, words: string];

/** Keys of a chart's colours, in the order given, after `first` where there is one. */
export function legend(keys: readonly Key[], first?: Html): Html {
  const items = keys.map(
    ([shape, role, words]) => html`<span><i class="key-${shape}" style="--key:${colour[role]}"></i>${words}</span>`,
  );
  return html`<p class="legend">${first}${items}</p>
`;
}

const GEOMETRY = ["d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "width", "height", "transform"];

/** A hundredth of a unit cannot be seen; all further digits are weight. */
export function roundGeometry(element: Element): void {
  for (const name of GEOMETRY) {
    const value = element.getAttribute(name);
    if (value?.includes("."))
      element.setAttribute(
        name,
        value.replace(/-?\d+\.\d+(e-?\d+)?/g, (n) => `${+Number(n).toFixed(2)}`),
      );
  }
}

/** Plot numbers its clip paths through the life of the process; counted anew, the same report is the same bytes. */
export function stableIds(page: string): string {
  const seen = new Map<string, string>();
  return page.replace(/(id="|url\(#)plot-(clip-\d+)/g, (_, before: string, id: string) => {
    const known = seen.get(id) ?? `clip-${seen.size + 1}`;
    seen.set(id, known);
    return before + known;
  });
}

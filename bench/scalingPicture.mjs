// The picture of `--scaling`: time and rate against batch and width, with the tools that draw the command's report.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

const [WIDTH, HEIGHT, GAP] = [360, 230, 12];

/** One plot: a line through points, both axes in powers of two, or the lower one alone. */
function plot(document, results, { x, y, label, log }) {
  const svg = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 48,
    marginBottom: 40,
    x: { type: "log", base: 2, label: x, tickFormat: "d", ticks: results.map((r) => r.size), grid: true },
    y: log
      ? { type: "log", label, tickFormat: "~r", ticks: 5, grid: true }
      : { label, domain: [0, 1.1 * Math.max(...results.map((r) => r[y]))], ticks: 5, grid: true },
    marks: [
      Plot.line(results, { x: "size", y, stroke: "#3266ad", strokeWidth: 1.5 }),
      Plot.dot(results, { x: "size", y, fill: "#3266ad", r: 3 }),
      // what exact proportion to the operations would give, from the last point back
      ...(log
        ? [Plot.line(proportional(results), { x: "size", y: "ms", stroke: "#999", strokeDasharray: "4 3" })]
        : []),
    ],
  });
  return svg;
}

function proportional(results) {
  const last = results[results.length - 1];
  return results.map((r) => ({ size: r.size, ms: (last.msPerStep * r.flops) / last.flops }));
}

/**
 * @param results  as `scaling.mjs` measures them
 * @param usual    what the other size is meanwhile
 * @returns        the text of an SVG file
 */
export function scalingPicture(results, { batch, width }) {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const along = (name) => results.filter((r) => r.along === name);
  const titles = { batch: `batch (width ${width})`, width: `width (batch ${batch})` };
  const plots = ["batch", "width"].flatMap((name, column) =>
    [
      { y: "msPerStep", label: "ms a step", log: true },
      { y: "gflopsPerSecond", label: "GFLOP/s", log: false },
    ].map((axis, row) => {
      const svg = plot(document, along(name), { x: titles[name], ...axis });
      svg.setAttribute("x", String(column * (WIDTH + GAP)));
      svg.setAttribute("y", String(row * (HEIGHT + GAP)));
      return svg.outerHTML;
    }),
  );
  const [w, h] = [2 * WIDTH + GAP, 2 * HEIGHT + GAP];
  const frame = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="sans-serif">`;
  return `${frame}<rect width="${w}" height="${h}" fill="white"/>${plots.join("")}</svg>\n`;
}

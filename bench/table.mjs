// Results as a table.
import { jobs } from "./jobs.mjs";

const digits = (value) => (value === null ? "" : value.toPrecision(3));

/**
 * @param results  as `run.mjs` makes them, in any order
 * @returns        lines of text, fastest first
 */
export function table(job, results) {
  const training = job.unit === "msPerStep";
  const scale = training ? 1e6 : job.elements;
  const rate = (time) => (job.flops === undefined ? "" : (job.flops / (time * scale)).toFixed(1));
  const rows = results
    .toSorted((a, b) => a[job.unit] - b[job.unit])
    .map((r) => [
      `${r.peer} ${r.version}`,
      digits(r[job.unit]),
      `${digits(r.least)}..${digits(r.most)}`,
      digits(r.ratioToPyTorch),
      digits(r.ratioToLimit),
      rate(r[job.unit]),
      r.loss === null ? "" : r.loss.toPrecision(3),
    ]);
  const head = [
    "",
    training ? "ms a step" : "ns an element",
    "least..most",
    "x PyTorch",
    "x limit",
    "GFLOP/s",
    training ? "last loss" : "mean",
  ];
  return columns([head, ...rows]);
}

/** Aligned cells, the first of a row to the left; a column with nothing below its head is left out. */
export function columns(rows) {
  const filled = rows[0].map((_, i) => i).filter((i) => rows.slice(1).some((row) => row[i] !== ""));
  const widths = filled.map((i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    filled
      .map((i, at) => (at === 0 ? row[i].padEnd(widths[at]) : row[i].padStart(widths[at])))
      .join("  ")
      .trimEnd(),
  );
}

/** One line a job: credence beside PyTorch. */
export function overview(all) {
  const names = [...new Set(all.map((result) => result.job))];
  const rows = names.map((name) => {
    const { unit, bars: most } = jobs[name];
    const of = (peer) => all.find((result) => result.job === name && result.peer === peer);
    const [own, other] = [of("credence"), of("PyTorch")];
    const time = (result) => (result ? digits(result[unit]) : "");
    const ratio = own ? digits(own.ratioToPyTorch) : "";
    return [name, unit === "msPerStep" ? "ms" : "ns", time(own), time(other), ratio, String(most.PyTorch ?? "")];
  });
  return columns([["", "unit", "credence", "PyTorch", "ratio", "bar"], ...rows]);
}

/** In Chromium a step may take at most so many times its time in Node. */
const MOST_IN_CHROMIUM = 1.15;

/** How credence stands to the numbers that it should reach: one line a bar whose peer was there. */
export function bars(job, results) {
  const timeOf = (peer) => results.find((r) => r.peer === peer)?.[job.unit];
  const own = timeOf("credence");
  const bar = (most, what, time, other) => {
    if (time === undefined || other === undefined) return [];
    const ratio = time / other;
    return [`bar: ${what}: at most ${most}: ${ratio <= most ? "reached" : "missed"} (${ratio.toPrecision(3)})`];
  };
  return [
    ...Object.entries(job.bars).flatMap(([peer, most]) => bar(most, `x ${peer}`, own, timeOf(peer))),
    ...bar(MOST_IN_CHROMIUM, "Chromium x Node", timeOf("Chromium"), own),
  ];
}

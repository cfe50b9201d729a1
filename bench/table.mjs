// Results as a table.

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
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells) =>
    cells
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd();
  return [line(head), ...rows.map(line)];
}

/** How credence stands to the numbers that it should reach: one line a bar whose peer was there. */
export function bars(job, results) {
  const timeOf = (peer) => results.find((r) => r.peer === peer)?.[job.unit];
  const own = timeOf("credence");
  return Object.entries(job.bars).flatMap(([peer, most]) => {
    const other = timeOf(peer);
    if (own === undefined || other === undefined) return [];
    const ratio = own / other;
    return [`bar: at most ${most} x ${peer}: ${ratio <= most ? "reached" : "missed"} (${ratio.toPrecision(3)})`];
  });
}

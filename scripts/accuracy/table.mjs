// Results as lines of text.
import { readFileSync } from "node:fs";

const { functions: PEERS } = JSON.parse(readFileSync(new URL("peers.json", import.meta.url), "utf8"));

/** Three digits at most, and powers of ten where those would not show it. */
export function digits(x) {
  if (x === undefined || x === null || Number.isNaN(x)) return "-";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (x === 0) return "0";
  if (Math.abs(x) >= 1e4 || Math.abs(x) < 1e-3) return x.toExponential(1).replace("e+", "e").replace(".0e", "e");
  return String(Number(x.toPrecision(3)));
}

/** What a peer reaches on such cases, or undefined. @param peer "scipy" or "torch" */
export function peerOf({ id, precision }, peer) {
  const own = PEERS[id]?.[precision === "float64" ? peer : peer === "torch" ? "torch32" : ""];
  if (own === undefined) return undefined;
  const [median, worst, , beyond, wrong] = own;
  return { median, worst, beyond, wrong };
}

const HEAD = [
  "",
  "cases",
  "median",
  "worst",
  "/(1+c)",
  "wrong",
  "bar",
  "SciPy",
  "/(1+c)",
  "wrong",
  "PyTorch",
  "/(1+c)",
  "wrong",
];

export const nameOf = ({ id, precision }) => (precision === "float32" ? `${id} f32` : id);

const barText = ({ bar, share }) => `${bar.text ?? digits(bar.most)}${share <= 1 ? "" : " EXCEEDED"}`;

function rowOf(result) {
  const peers = ["scipy", "torch"].flatMap((peer) => {
    const figures = peerOf(result, peer);
    return figures === undefined ? ["", "", ""] : [figures.worst, figures.beyond, figures.wrong].map(digits);
  });
  const { median, worst, beyond, wrong } = result;
  return [
    nameOf(result),
    String(result.cases),
    digits(median),
    digits(worst),
    digits(beyond),
    String(wrong),
    barText(result),
    ...peers,
  ];
}

/** @returns {string[]} one line a result that is not missing */
export const table = (results) => columns([HEAD, ...results.filter((r) => r.missing === undefined).map(rowOf)]);

/** What the library lacks, with the number of functions and cases that need it. @returns {string[]} */
export function missingLines(results) {
  const groups = new Map();
  for (const { missing, cases } of results) {
    if (missing === undefined) continue;
    const what = groups.get(missing) ?? { functions: 0, cases: 0 };
    groups.set(missing, { functions: what.functions + 1, cases: what.cases + cases });
  }
  const rows = [...groups].map(([what, n]) => [what, String(n.functions), String(n.cases)]);
  return rows.length === 0 ? [] : columns([["missing", "functions", "cases"], ...rows]);
}

/** One line in sum. */
export function summary(results) {
  const measured = results.filter((r) => r.missing === undefined);
  const exceeded = measured.filter((r) => r.share > 1).length;
  const sum = (list, of) => list.reduce((total, r) => total + of(r), 0);
  const differing = sum(measured, (r) => r.differing);
  return [
    `${measured.length} of ${results.length} functions measured on ${sum(measured, (r) => r.cases)} of ${sum(results, (r) => r.cases)} cases`,
    `${exceeded} ${exceeded === 1 ? "exceeds its bar" : "exceed their bars"}`,
    `${sum(measured, (r) => r.wrong)} wrong statuses`,
    ...(differing === 0 ? [] : [`${differing} differences of convention`]),
  ].join("; ");
}

/** The cases that take up most of the bar. @returns {string[]} */
export function worstLines(result, count) {
  if (result.missing !== undefined) return [];
  const of = ({ case: one, got, expected, error, wrong, name }) => {
    const shown = got instanceof Error ? `refused: ${got.message.split("\n")[0]}` : got;
    const error1 = wrong ? "wrong" : `${digits(error)} ulp`;
    const cond = one.cond === undefined ? "" : `  cond ${digits(one.cond)}`;
    const args = JSON.stringify(one.args);
    return [
      `    ${error1}${cond}${one.tag ? `  ${one.tag}` : ""}${name ? `  ${name}` : ""}`,
      `      args     ${args.length > 400 ? `${args.slice(0, 400)} ...` : args}${one.options ? `  ${JSON.stringify(one.options)}` : ""}`,
      `      expected ${name === undefined ? one.expected : expected}`,
      `      got      ${shown}`,
    ];
  };
  return [`  ${nameOf(result)}: ${result.bar.why}`, ...result.findings.slice(0, count).flatMap(of)];
}

/** Aligned cells, the first of a row to the left. */
function columns(rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join("  ")
      .trimEnd(),
  );
}

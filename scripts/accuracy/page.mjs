// The table as a page for the docs: a row a function, both precisions in it.
import { digits, missingLines, peerOf, summary } from "./table.mjs";

const GROUPS = {
  special: "Special functions",
  dist: "Distributions",
  kl: "Divergences",
  losses: "Losses",
  extreme: "Inputs where naive formulas break",
};

const HEAD = [
  "function",
  "bar",
  "median",
  "worst",
  "worst / (1 + c)",
  "SciPy",
  "PyTorch",
  "float32 worst",
  "worst / (1 + c)",
  "PyTorch",
];

const INTRO = `# Accuracy, function by function

Errors in units in the last place (ulp) of the exact result. c is the condition number: by how much rounding the arguments alone
moves the result, in relative terms. An ill-conditioned result is far off in ulps however it is computed; divided by 1 + c its error says what the
computation itself has lost. A bar marked c is for errors divided by 1 + c; one marked c > 1 lets errors grow with c where that is above 1; the rest are for
errors as they are. Losses are measured with all their gradients, relative to PyTorch's in float64.

SciPy 1.10 and PyTorch 1.13 were measured on points of the same kinds: their column is the worst error / (1 + c), for float32 the worst error, and
how many results were infinite or NaN that should not be, or the reverse. Ours has none of those unless the table says so.

\`npm run accuracy -- --write docs/accuracy-table.md\` makes this page; \`npm run accuracy -- --worst 3 gamma\` shows the worst points.
`;

const marks = { none: "", worse: " c > 1", beside: " c" };

const cell = (value, wrong) => `${value}${wrong > 0 ? `, ${wrong} wrong` : ""}`;

function peerCell(result, peer) {
  const figures = result && peerOf(result, peer);
  if (!figures) return "";
  return cell(digits(result.precision === "float32" ? figures.worst : figures.beyond), figures.wrong);
}

const own = (result) =>
  result === undefined ? ["", ""] : [cell(digits(result.worst), result.wrong), digits(result.beyond)];

function row(name, [double, single]) {
  const { bar } = double ?? single;
  const text = bar.text ?? `${digits(bar.most)}${marks[bar.growth]}`;
  const median = double === undefined ? "" : digits(double.median);
  return [
    ...[`\`${name}\``, text, median, ...own(double)],
    ...[peerCell(double, "scipy"), peerCell(double, "torch"), ...own(single), peerCell(single, "torch")],
  ];
}

const line = (cells) => `| ${cells.join(" | ")} |`;

/** @returns {string} Markdown */
export function page(results) {
  const measured = results.filter((result) => result.missing === undefined);
  const blocks = Object.entries(GROUPS).flatMap(([group, title]) => {
    const names = [...new Set(measured.map(({ id }) => id))].filter((id) => id.startsWith(`${group}/`));
    if (names.length === 0) return [];
    const rows = names.map((id) => {
      const of = (precision) => measured.find((result) => result.id === id && result.precision === precision);
      return row(id.slice(group.length + 1), [of("float64"), of("float32")]);
    });
    return [`## ${title}\n\n${[HEAD, HEAD.map(() => "---"), ...rows].map(line).join("\n")}\n`];
  });
  const missing = missingLines(results);
  if (missing.length > 0) blocks.push(`## Not there yet\n\n\`\`\`\n${missing.join("\n")}\n\`\`\`\n`);
  return [INTRO, `${summary(results)}.\n`, ...blocks].join("\n");
}

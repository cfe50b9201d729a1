// A page a distribution, from its docstring and from what an example of it answers.
import { buildExample, codeOf, exampleOf, expressionOf } from "./examples.mjs";

const SOURCE = "Written by `npm run docs` from the docstring; edit that.";

/** What can be asked, with the words of the index's columns. */
const METHODS = [
  ["logProb", (d, x) => d.logProb(x)],
  ["prob", (d, x) => d.prob(x)],
  ["sample", (d) => d.sample({ seed: 1 })],
  ["mean", (d) => d.mean()],
  ["variance", (d) => d.variance()],
  ["stddev", (d) => d.stddev()],
  ["skewness", (d) => d.skewness()],
  ["mode", (d) => d.mode()],
  ["entropy", (d) => d.entropy()],
  ["cdf", (d, x) => d.cdf(x)],
  ["logCdf", (d, x) => d.logCdf(x)],
  ["survival", (d, x) => d.survival(x)],
  ["logSurvival", (d, x) => d.logSurvival(x)],
  ["quantile", (d) => d.quantile(0.5)],
];

const MOMENTS = ["mean", "variance", "skewness", "mode", "entropy"];

/**
 * @param docstrings  from readDocstrings
 * @param library     the names of `credence/distributions`
 * @returns names and texts of the files in docs/distributions; and the expression of each picture, by the family's name
 */
export function renderPages(docstrings, library) {
  const facts = docstrings.map((docstring) => ({ ...docstring, ...askExample(docstring, library) }));
  const pages = facts.map((fact) => [`${fact.name}.md`, pageOf(fact)]);
  const pictures = facts.flatMap(({ name, expression, pictured }) => (pictured ? [[name, expression]] : []));
  return { files: [["README.md", indexOf(facts)], ...pages], pictures };
}

/** What the family's example is and answers. */
function askExample(docstring, library) {
  const parameters = exampleOf(docstring);
  const { name, examples } = docstring;
  const law = parameters && docstring.byName ? built(() => buildExample(library, name, parameters)) : undefined;
  if (law === undefined) return { code: examples[0], methods: undefined, pictured: false };
  const draw = law.sample({ seed: 1 });
  const answers = METHODS.map(([method, ask]) => [method, answerOf(() => ask(law, draw).toArray())]);
  const methods = new Map(answers.filter(([, answer]) => answer !== undefined));
  const isNumber = law.eventShape.length === 0 && law.batchShape.length === 0;
  return {
    code: codeOf(name, parameters),
    expression: isNumber ? expressionOf(name, parameters) : undefined,
    methods,
    pictured: isNumber && methods.has("quantile"),
    support: law.support.allowed,
    reparameterized: law.reparameterized,
    divergences: Object.keys(law.klRules).filter((other) => other !== "*"),
  };
}

/** @returns undefined where the usual parameters are none of this family's: its page then has the docstring alone */
function built(make) {
  try {
    return make();
  } catch (error) {
    if (error.code === undefined) throw error;
    return undefined;
  }
}

/** @returns undefined where the family has no such formula */
function answerOf(ask) {
  try {
    return ask();
  } catch (error) {
    if (error.code === "missing") return undefined;
    throw error;
  }
}

function pageOf(fact) {
  const { name, summary, formulas, examples, remarks, parameters, tags, code, pictured } = fact;
  const shape = tags.shape && `Shapes: ${tags.shape}.`;
  const throws = tags.throws && `Errors: ${tags.throws}.`;
  const sections = [
    `# ${name}`,
    summary,
    pictured ? `![Density of the example](pictures/${name}.svg)` : undefined,
    code && block("ts", `import { ${namesIn(code).join(", ")} } from "credence/distributions";\n\nconst d = ${code};`),
    ...formulas.map((formula) => block("text", formula)),
    ...examples.filter((example) => example !== code).map((example) => block("ts", example)),
    ...remarks,
    "## Parameters",
    table(
      ["name", "meaning"],
      parameters.map(({ name: parameter, meaning }) => [`\`${parameter}\``, meaning]),
    ),
    [shape, throws].filter(Boolean).join(" "),
    ...answers(fact),
    tags.source && `## Source\n\n${tags.source}.`,
    `---\n\n[All distributions](README.md). ${SOURCE}`,
  ];
  return `${sections.filter(Boolean).join("\n\n")}\n`;
}

/** The chapter on methods. */
function answers({ methods, support, reparameterized, divergences, expression }) {
  if (methods === undefined) return [];
  const lacking = METHODS.map(([method]) => method).filter((method) => !methods.has(method));
  const list = (names) => names.map((method) => `\`${method}\``).join(", ");
  const has = `It has ${list([...methods.keys()])}.`;
  const lacks = lacking.length > 0 ? ` There is no formula for ${list(lacking)}: these throw \`missing\`.` : "";
  const draws = reparameterized
    ? "Gradients flow through its draws to the parameters."
    : "No gradients flow through its draws.";
  const toOthers = divergences.map((other) => `\`${other}\``).join(", ");
  const numbers = MOMENTS.filter((method) => typeof methods.get(method) === "number");
  return [
    "## What it answers",
    `The mass lies on ${support}. ${has}${lacks} ${draws}`,
    divergences.length > 0 ? `\`klDivergence\` from it has a formula to ${toOthers}.` : undefined,
    numbers.length > 0
      ? `Of the example:\n\n${table(numbers, [numbers.map((method) => digits(methods.get(method)))])}`
      : undefined,
    expression && block("console", `$ credence dist "${expression}" --quantile 0.05,0.5,0.95`),
  ];
}

function indexOf(facts) {
  const mark = (methods, method) => (methods === undefined ? "" : methods.has(method) ? "yes" : "–");
  const columns = ["cdf", "quantile", "mean", "variance", "skewness", "mode", "entropy"];
  const rows = facts.map(({ name, summary, methods }) => [
    `[${name}](${name}.md)`,
    firstSentence(summary),
    ...columns.map((method) => mark(methods, method)),
  ]);
  return `# Distributions

Each has \`logProb\`, \`prob\`, \`sample\` and \`support\`. Where there is a formula for more is in the columns: \`cdf\` comes with \`logCdf\`, \`survival\`
and \`logSurvival\`, \`variance\` with \`stddev\`. What a distribution lacks throws \`missing\` and says what to do instead.

${table(["", "", ...columns], rows)}

How accurate they are: [accuracy.md](../accuracy.md). What they are called elsewhere: [migration.md](../migration.md). Any of them on the command line:
[credence dist](../command.md#credence-dist).

${SOURCE.replace("the docstring; edit that", "the docstrings; edit those")}
`;
}

const firstSentence = (text) => text.split(/(?<=[.:])\s/)[0].replace(/:$/, "");

const block = (language, text) => `\`\`\`${language}\n${text}\n\`\`\``;

function table(heads, rows) {
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}

/** The classes that an example is made of. */
const namesIn = (code) => [...new Set([...code.matchAll(/new (\w+)/g)].map(([, name]) => name))].sort();

const digits = (x) =>
  Number.isNaN(x) ? "none" : Number.isFinite(x) ? String(Number(x.toPrecision(6))) : x > 0 ? "∞" : "-∞";

// What the docstrings of the distributions say, field by field.
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const FOLDER = fileURLToPath(new URL("../../packages/credence/src/distributions/", import.meta.url));

/** What tells a line of a program from a formula. */
const PROGRAM = /\bnew [A-Z]|^[A-Z]\w*\.\w+\(/;

/** Exported for others to build on, or without a formula of their own. */
const NOT_A_FAMILY = new Set(["Distribution"]);

/** @returns what each class that `distributions/index.ts` exports says of itself, by name in alphabetic order */
export function readDocstrings() {
  const exported = readFileSync(path.join(FOLDER, "index.ts"), "utf8");
  const files = [...exported.matchAll(/^export \{([^}]*)\} from "\.\/([\w/]+)\.js";$/gm)];
  const found = files.flatMap(([, names, file]) => {
    const wanted = names.split(",").map((name) => name.trim());
    return classesOf(path.join(FOLDER, `${file}.ts`)).filter(({ name }) => wanted.includes(name));
  });
  return found.filter(({ name }) => !NOT_A_FAMILY.has(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function classesOf(file) {
  const text = readFileSync(file, "utf8");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return source.statements.filter(ts.isClassDeclaration).flatMap((node) => {
    const comments = ts.getLeadingCommentRanges(text, node.pos) ?? [];
    const docstring = comments
      .map(({ pos, end }) => text.slice(pos, end))
      .findLast((comment) => comment.startsWith("/**"));
    if (docstring === undefined) return [];
    return { name: node.name.text, byName: takesNames(node), ...parseDocstring(docstring) };
  });
}

/** Does the constructor take one object of named parameters? */
function takesNames(node) {
  const made = node.members.find(ts.isConstructorDeclaration);
  return made === undefined || made.parameters.length === 1;
}

/**
 * A docstring's first sentences, formulas, examples, remarks and tags.
 *
 * @returns {{ summary: string, formulas: string[], examples: string[], remarks: string[], parameters: { name: string, meaning: string }[],
 *   tags: { shape?: string, throws?: string, source?: string } }}
 */
export function parseDocstring(comment) {
  const lines = comment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd());
  const firstTag = lines.findIndex((line) => line.startsWith("@"));
  const prose = paragraphs(lines.slice(0, firstTag < 0 ? lines.length : firstTag));
  const tags = firstTag < 0 ? [] : tagsOf(lines.slice(firstTag));
  const isCode = (text) => text.startsWith("    ");
  const code = prose.filter(isCode).map((text) => text.replace(/^ {4}/gm, ""));
  const words = prose.filter((text) => !isCode(text)).map((text) => text.replace(/\n/g, " ").trim());
  const one = (tag) => tags.find(({ name }) => name === tag)?.text;
  return {
    summary: words[0] ?? "",
    formulas: code.filter((text) => !PROGRAM.test(text)),
    examples: code.filter((text) => PROGRAM.test(text)),
    remarks: words.slice(1),
    parameters: tags.filter(({ name }) => name === "param").flatMap(({ text }) => parametersOf(text)),
    tags: { shape: one("shape"), throws: one("throws"), source: one("source") },
  };
}

/** Blocks between blank lines. */
function paragraphs(lines) {
  return lines
    .join("\n")
    .split(/\n\s*\n/)
    .map((block) => block.replace(/^\n+|\n+$/g, ""))
    .filter((block) => block.trim() !== "");
}

/** Tags with the lines that go on under them. */
function tagsOf(lines) {
  const tags = [];
  for (const line of lines) {
    const [, name, text] = /^@(\w+)\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) tags.push({ name, text: text.trim() });
    else if (line.trim() !== "") tags.at(-1).text += ` ${line.trim()}`;
  }
  return tags;
}

/** One parameter, or several that a tag names in one line. */
function parametersOf(text) {
  const [, names, meaning] = /^(\w+(?:,\s*\w+)*)\s*(.*)$/.exec(text) ?? [];
  return names.split(/,\s*/).map((name) => ({ name, meaning }));
}

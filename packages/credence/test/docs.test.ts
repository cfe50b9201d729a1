import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as credence from "../src/index.js";
import * as metrics from "../src/metrics/index.js";
import * as models from "../src/models/index.js";
import * as nn from "../src/nn/index.js";
import * as special from "../src/special/index.js";

// The TypeScript of the guides is checked and run. The blocks of one chapter (between headings of level 2) are one program, and
// `expression; // [1, 2.5]` states what comes out, each number to the digits that are written. "```ts excerpt" is not run.
const root = fileURLToPath(new URL("../../../", import.meta.url));
const packageRoot = fileURLToPath(new URL("..", import.meta.url));
const pages = ["README.md", ...readdirSync(`${root}docs`).map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith(".md"),
);
const modules: Record<string, object> = {
  credence,
  "credence/metrics": metrics,
  "credence/models": models,
  "credence/nn": nn,
  "credence/special": special,
};

interface Program {
  /** Such as `docs/library.md, line 12`. */
  readonly place: string;
  readonly text: string;
}

function programsOf(page: string): Program[] {
  const programs: Program[] = [];
  let block: string[] | undefined;
  let chapter: { line: number; blocks: string[] } = { line: 1, blocks: [] };
  const close = () => {
    if (chapter.blocks.length > 0) {
      programs.push({ place: `${page}, line ${chapter.line}`, text: `${chapter.blocks.join("\n")}\nexport {};\n` });
    }
  };
  readFileSync(root + page, "utf8")
    .split("\n")
    .forEach((line, index) => {
      if (block !== undefined) {
        if (line === "```") {
          chapter.blocks.push(block.join("\n"));
          block = undefined;
        } else block.push(line);
      } else if (line === "```ts") {
        block = [];
        if (chapter.blocks.length === 0) chapter.line = index + 1;
      } else if (line.startsWith("## ")) {
        close();
        chapter = { line: index + 1, blocks: [] };
      }
    });
  close();
  return programs;
}

const programs = pages.flatMap(programsOf);

/** A number, a word or nested lists of them at the start of a comment, which may go on in words after a colon. */
const STATED = /^\/\/ (\[.*\]|\{.*\}|-?\d[\d.e+-]*|"[^"]*"|true|false)(?::.*)?$/;

/** `f(x); // 3` as `shown(f(x), "3", "f(x)")`. */
function withChecks({ place, text }: Program): string {
  const file = ts.createSourceFile(place, text, ts.ScriptTarget.ES2022);
  const edits = file.statements.flatMap((statement) => {
    const [comment] = ts.getTrailingCommentRanges(text, statement.end) ?? [];
    const stated = comment && STATED.exec(text.slice(comment.pos, comment.end))?.[1];
    if (!ts.isExpressionStatement(statement) || stated === undefined) return [];
    const source = statement.expression.getText(file);
    const call = `shown(${source}, ${JSON.stringify(stated)}, ${JSON.stringify(source)});`;
    return { from: statement.getStart(file), to: statement.end, call };
  });
  return edits.reduceRight((whole, { from, to, call }) => whole.slice(0, from) + call + whole.slice(to), text);
}

const NUMBER = /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

/** Expects numbers equal to half a unit of the last digit that is written, and everything else to the letter. */
function shown(value: unknown, stated: string, source: string): void {
  const found = JSON.stringify(value);
  const numbers = found.match(NUMBER) ?? [];
  const written = stated.match(NUMBER) ?? [];
  const form = (text: string): string => text.replace(NUMBER, "0").replaceAll(" ", "");
  expect(form(found), source).toBe(form(stated));
  written.forEach((text, i) => {
    const [mantissa = "", exponent = "0"] = text.split("e");
    const unit = 10 ** (Number(exponent) - (mantissa.split(".")[1]?.length ?? 0));
    // a hair more than half a unit, for the rounding of the comparison itself
    expect(Math.abs(Number(numbers[i]) - Number(text)), `${source} is ${numbers[i]}`).toBeLessThanOrEqual(
      0.5001 * unit,
    );
  });
}

type Run = (require: (name: string) => object, exports: object, check: typeof shown) => Promise<void>;
const AsyncFunction = (async () => {}).constructor as new (...words: string[]) => Run;

test("there are programs in the guides", () => {
  expect(programs.map(({ place }) => place.split(",")[0])).toEqual(
    expect.arrayContaining(["README.md", "docs/library.md"]),
  );
});

describe("runs and gives what it says", () => {
  test.each(programs)("$place", async (program) => {
    const { outputText } = ts.transpileModule(withChecks(program), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
    });
    const run = new AsyncFunction("require", "exports", "shown", outputText);
    const require = (name: string): object => {
      const found = modules[name];
      if (found === undefined) throw new Error(`the guides import "${name}", which is no public name`);
      return found;
    };
    await run(require, {}, shown);
  });
});

test("passes the type checker as strictly as the library does", () => {
  const config = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${packageRoot}tsconfig.json`, ts.sys.readFile).config,
    ts.sys,
    packageRoot,
  );
  const options: ts.CompilerOptions = { ...config.options, noUnusedLocals: false };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  // as files of the test folder, where the public names lead to the sources
  const texts = new Map(programs.map(({ text }, i) => [`${packageRoot}test/guide${i}.ts`, text]));
  host.fileExists = (name) => texts.has(name) || fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const text = texts.get(name);
    return text === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, text, ts.ScriptTarget.ES2022);
  };
  const problems = ts.getPreEmitDiagnostics(ts.createProgram([...texts.keys()], options, host));
  const places = problems.map((problem) => {
    const index = [...texts.keys()].indexOf(problem.file?.fileName ?? "");
    const place = programs[index]?.place ?? problem.file?.fileName;
    const line = problem.file?.text.slice(0, problem.start).split("\n").length;
    return `${place}, line ${line} of the program: ${ts.flattenDiagnosticMessageText(problem.messageText, "\n")}`;
  });
  expect(places).toEqual([]);
}, 60_000);

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { credence, emptyFolder } from "./commands/support.js";

// What the guides tell the reader to type is typed, in the order of each page, on the first rows of the examples.
const root = fileURLToPath(new URL("../../../", import.meta.url));
const pages = ["README.md", "docs/command.md"];
const ROWS = 150;

/** The words after `$ npx credence`, without a pipe or a remark at the end; quotes hold words together. */
function commandsOf(page: string): string[][] {
  const lines = readFileSync(root + page, "utf8").split("\n");
  const commands = lines.flatMap((line) => /^\$ npx credence ([^|#]+)/.exec(line)?.[1] ?? []);
  return commands.map((words) => (words.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, "")));
}

function withExamples(): string {
  const cwd = emptyFolder();
  mkdirSync(path.join(cwd, "examples"));
  for (const name of readdirSync(`${root}examples`).filter((file) => file.endsWith(".csv"))) {
    const lines = readFileSync(`${root}examples/${name}`, "utf8").split("\n");
    writeFileSync(path.join(cwd, "examples", name), `${lines.slice(0, ROWS + 1).join("\n")}\n`);
  }
  return cwd;
}

/** Training that is quick rather than good. */
const quick = (words: readonly string[]) =>
  words[0] === "fit" || words[0] === "compare" ? [...words, "--epochs", "2", "--hidden", "8"] : words;

test.each(pages)("the commands of %s work", async (page) => {
  const commands = commandsOf(page);
  expect(commands.map(([verb]) => verb)).toEqual(expect.arrayContaining(["fit", "predict", "evaluate"]));
  const cwd = withExamples();
  for (const words of commands) {
    const { code, stderr } = await credence(quick(words), { cwd });
    expect([words.join(" "), code, stderr]).toEqual([words.join(" "), 0, expect.not.stringContaining("error:")]);
  }
});

describe("docs/command.md", () => {
  const guide = readFileSync(`${root}docs/command.md`, "utf8");

  test.each(["fit", "predict", "evaluate", "compare", "dist", "demo"])("tells of every option of %s", async (verb) => {
    const { stdout } = await credence([verb, "--help"], { cwd: emptyFolder() });
    const options = stdout.match(/^ {2}(?:-\w, )?--[\w-]+/gm)?.map((option) => option.replace(/.*--/, "--")) ?? [];
    expect(options.filter((option) => option !== "--help" && !guide.includes(option))).toEqual([]);
    expect(options.length).toBeGreaterThan(1);
  });

  test("knows the columns of the example", () => {
    const [header] = readFileSync(`${root}examples/bikes.csv`, "utf8").split("\n");
    expect(guide).toContain(`\n${header},rentals_q0.1,rentals_q0.5,rentals_q0.9,rentals_mean\n`);
  });
});

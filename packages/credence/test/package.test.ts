import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "tsdown";
import ts from "typescript";
import { expect, test } from "vitest";

// What is published, as its users meet it: `npm test` builds it first.
const root = fileURLToPath(new URL("..", import.meta.url));
const dist = `${root}dist/`;
const { exports: entries } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
const subpaths = Object.entries<{ types: string; default: string }>(entries).filter(
  ([name]) => name !== "./package.json",
);

/** Modules of the library that leave code in the bundle of a program, as paths within dist. */
async function bundled(program: string): Promise<string[]> {
  const [bundle] = await build({
    cwd: root,
    config: false,
    entry: { program: "virtual:program" },
    plugins: [
      {
        name: "program",
        resolveId: (id) => (id.endsWith("virtual:program") ? "\0program" : undefined),
        load: (id) => (id === "\0program" ? program : undefined),
      },
    ],
    platform: "browser",
    dts: false,
    write: false,
    clean: false, // or it would empty dist
    logLevel: "silent",
  });
  const modules = bundle!.chunks.flatMap((chunk) => (chunk.type === "chunk" ? Object.entries(chunk.modules) : []));
  return modules.flatMap(([id, { code }]) => (code && id.startsWith(dist) ? [id.slice(dist.length)] : []));
}

test("every public name of package.json has its file and its types", () => {
  const missing = subpaths.flatMap(([, files]) =>
    [files.types, files.default].filter((file) => !existsSync(root + file)),
  );
  expect(missing).toEqual([]);
});

test("the published types stand alone, without those of Node, and know the chained methods", () => {
  const program = `
    import { tensor, type Tensor } from "credence";
    ${subpaths.map(([name], i) => `import * as part${i} from "credence${name.slice(1)}";`).join("\n")}
    export const sum: Tensor = tensor([1, 2]).add(1).sum();
    export const parts = [${subpaths.map((_, i) => `part${i}`).join(", ")}];
  `;
  const file = `${root}test/consumer.ts`;
  const options: ts.CompilerOptions = {
    ...{ strict: true, exactOptionalPropertyTypes: true, noEmit: true, types: [] },
    ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, lib: ["lib.es2023.d.ts", "lib.dom.d.ts"] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, program, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest);

  const problems = ts.getPreEmitDiagnostics(ts.createProgram([file], options, host));
  expect(ts.formatDiagnostics(problems, { ...host, getNewLine: () => "\n" })).toBe("");
});

test("a bundler keeps the chained methods and drops what is unused", async () => {
  // by path: tsconfig would lead the bare name to the sources
  const modules = await bundled(`
    import { tensor } from ${JSON.stringify(`${dist}index.js`)};
    console.log(tensor([1, 2]).add(1).sum());
  `);
  expect(modules).toContain("tensor/methods.js");
  expect(modules.filter((file) => /^(models|train|distributions|metrics)\//.test(file))).toEqual([]);
});

test.each(subpaths)("%s brings the chained methods wherever it brings tensors", async (_, files) => {
  const modules = await bundled(`import * as all from ${JSON.stringify(root + files.default)}; console.log(all);`);
  expect(modules.includes("tensor/methods.js")).toBe(modules.includes("graph/tensor.js"));
});

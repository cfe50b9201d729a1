import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`packages/credence/src/${path}`, import.meta.url));

// Tests run against the library's sources, never against a build that may be old.
const alias = [
  { find: /^credence$/, replacement: source("index.ts") },
  { find: /^credence\/(\w+)$/, replacement: source("$1/index.ts") },
];

const project = (name: string) => ({
  resolve: { alias },
  test: { name, include: [`packages/${name}/test/**/*.test.ts`], testTimeout: 120_000, hookTimeout: 120_000 },
});

const reportFile = process.env.TEST_REPORT;

export default defineConfig({
  test: {
    projects: [project("credence"), project("cli")],
    maxWorkers: 2,
    reporters: reportFile ? ["default", ["json", { outputFile: reportFile }]] : ["default"],
  },
});

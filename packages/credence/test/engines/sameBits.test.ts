import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { leavesOf } from "../../src/graph/tree.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { step, trainedHash } from "./training.mjs";

// The promise of the library: a seed gives the same weights, bit for bit, on every engine.
const STEPS = 200;
const INTERPRETED_STEPS = 20; // a step takes the interpreter a quarter of a second
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const execute = promisify(execFile);

/** What a program prints; programs run the build: `npm test` makes it first. */
async function printed(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execute(command, args, { timeout: 60_000 });
  return stdout.trim();
}

let expected: string;

beforeAll(async () => {
  expect(existsSync(here("../../dist/index.js")), "run npm run build first").toBe(true);
  expected = await printed(process.execPath, here("inNode.mjs"), String(STEPS));
  expect(expected).toMatch(/^[0-9a-f]{64}$/);
});

test("the hash tells a run of one step less", async () => {
  expect(await printed(process.execPath, here("inNode.mjs"), String(STEPS - 1))).not.toBe(expected);
});

// without SSE4.1 the engine refuses every vector instruction, and the library does without
test.each(["--liftoff-only", "--no-liftoff", "--no-enable-sse4-1"])("node %s trains the same weights", async (flag) => {
  expect(await printed(process.execPath, flag, here("inNode.mjs"), String(STEPS))).toBe(expected);
});

test.each([
  { simd: "scalar" },
  ...[2, 3].map((threads) => ({ threads, grainMicroseconds: 0.2 })), // or no kernel here would have parts
])("%j trains the same weights", async (options) => {
  expect(await printed(process.execPath, here("inNode.mjs"), String(STEPS), JSON.stringify(options))).toBe(expected);
});

test("the sources interpreted in float32, step by step, train the same weights", { timeout: 90_000 }, async () => {
  const interpreted = withEngine("interpreter", () =>
    trainedHash(INTERPRETED_STEPS, (...args) => {
      const state = step(...args);
      for (const { tensor } of leavesOf(state)) tensor.data(); // now: a graph of all steps would only grow
      return state;
    }),
  );
  const compiled = await printed(process.execPath, here("inNode.mjs"), String(INTERPRETED_STEPS));
  expect(await interpreted).toBe(compiled);
});

describe("other versions of Node", () => {
  const others = (process.env.CREDENCE_NODES ?? "").split(path.delimiter).filter(Boolean);

  if (others.length === 0) {
    test("are named", ({ skip }) =>
      skip(`CREDENCE_NODES names no programs (a list, separated by "${path.delimiter}")`));
  }

  test.each(others)("%s trains the same weights", async (node) => {
    expect(await printed(node, here("inNode.mjs"), String(STEPS))).toBe(expected);
  });
});

test.each(["{}", '{"threads": 2, "grainMicroseconds": 0.2}'])(
  "Chromium trains the same weights with %s",
  { timeout: 90_000 },
  async (options) => {
    expect(await printed(process.execPath, here("inChromium.mjs"), String(STEPS), options)).toBe(expected);
  },
);

import { setFlagsFromString } from "node:v8";
import { compile, key, matmul, normal, scan, setEngine, type Tensor, tensor, whileLoop } from "credence";
import { afterEach, describe, expect, test, vi } from "vitest";
import { currentEngine, withSettings } from "../../src/compiler/engine.js";
import { Code } from "../../src/compiler/wasm/assembler.js";
import { fromData } from "../../src/graph/literal.js";
import { type Shape, sizeOf } from "../../src/graph/shape.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { numbersOf } from "../support/numbers.js";
import { refused, worded } from "../support/refused.js";

const random = (shape: Shape, dtype: "float32" | "float64" = "float32", seed = 1): Tensor =>
  fromData(numbersOf(dtype, sizeOf(shape), seed, 0), shape, dtype);

// Node 20 has relaxed vectors behind a flag, later versions without
if (process.versions.node.startsWith("20.")) setFlagsFromString("--experimental-wasm-relaxed-simd");

afterEach(() => {
  setEngine({ simd: "strict", threads: 1, grainMicroseconds: 5 });
});

describe("setEngine", () => {
  test("answers what is in force, and leaves alone what is not named", () => {
    expect(setEngine()).toEqual({ simd: "strict", threads: 1, grainMicroseconds: 5 });
    expect(setEngine({ simd: "scalar" })).toEqual({ simd: "scalar", threads: 1, grainMicroseconds: 5 });
    expect(setEngine({ grainMicroseconds: 50 })).toEqual({ simd: "scalar", threads: 1, grainMicroseconds: 50 });
  });

  test("counts for what is compiled after it", () => {
    const [x, y] = [random([4, 4]), random([8, 8])];
    const f = compile((t: Tensor) => t.mul(2), { name: "f" });
    f(x);
    setEngine({ simd: "scalar" });
    f(x);
    expect(f.plan()).not.toMatch("vector instructions");
    f(y);
    expect(f.plan()).toMatch("no vector instructions");
  });

  test("refuses what it does not know, and changes nothing then", async () => {
    const messages = [
      await refused("argument", () => setEngine({ simd: "avx" as "strict" })),
      await refused("argument", () => setEngine({ threads: 0 })),
      await refused("argument", () => setEngine({ threads: 1.5 })),
      await refused("argument", () => setEngine({ threads: 17 })),
      await refused("argument", () => setEngine({ simd: "scalar", grainMicroseconds: 0 })),
    ];
    expect(messages).toMatchInlineSnapshot(`
      [
        "setEngine: simd is "avx".
        allowed: "strict", "relaxed" or "scalar"",
        "setEngine: threads is 0.
        allowed: a whole number from 1 to 16, or "auto"",
        "setEngine: threads is 1.5.
        allowed: a whole number from 1 to 16, or "auto"",
        "setEngine: threads is 17.
        allowed: a whole number from 1 to 16, or "auto"",
        "setEngine: grainMicroseconds is 0.
        allowed: a number > 0",
      ]
    `);
    expect(currentEngine()).toEqual({ simd: "strict", threads: 1, grainMicroseconds: 5 });
  });

  test("says why threads can't run: these sources have no worker.js beside them", async () => {
    expect(await refused("engine", () => setEngine({ threads: 2 }))).toMatchInlineSnapshot(`
      "setEngine: threads is 2, but its worker.js does not lie beside it, as when a program is bundled into one file.
        mend:    leave credence out of the bundle, or threads at 1"
    `);
    expect(setEngine({ threads: "auto" }).threads).toBe(1);
  });

  test("says what a page lacks that is not isolated", async () => {
    vi.stubGlobal("crossOriginIsolated", false);
    try {
      expect(await refused("engine", () => setEngine({ threads: 2 }))).toMatchInlineSnapshot(`
        "setEngine: threads is 2, but this page is not cross-origin isolated, so that threads can't share memory.
          mend:    serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or leave threads at 1"
      `);
      expect(setEngine({ threads: "auto" }).threads).toBe(1);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("goes without vectors where there are none, and says which engines have relaxed ones", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    vi.resetModules(); // the answer of the engine is kept
    try {
      const fresh = await import("../../src/compiler/engine.js");
      expect(fresh.setEngine().simd).toBe("scalar");
      expect(fresh.setEngine({ simd: "strict" }).simd).toBe("scalar");
      expect(() => fresh.setEngine({ simd: "relaxed" })).toThrowErrorMatchingInlineSnapshot(`
        [CredenceError: setEngine: simd is "relaxed", which this engine does not have.
          allowed: Node 22, Node 20 with --experimental-wasm-relaxed-simd, Chrome 114, Firefox 146, or newer
          mend:    leave simd at "strict"]
      `);
    } finally {
      vi.restoreAllMocks();
      vi.resetModules();
    }
  });
});

test.each(["float32", "float64"] as const)("relaxed products round less, so they stay as near: %s", (dtype) => {
  const [m, k, n] = [9, 300, 21];
  const [a, b] = [random([m, k], dtype, 1), random([k, n], dtype, 2)];
  const product = compile((x: Tensor, y: Tensor) => matmul(x, y));
  const strict = product(a, b).data();
  setEngine({ simd: "relaxed" });
  const op = vi.spyOn(Code.prototype, "op");
  const relaxed = compile((x: Tensor, y: Tensor) => matmul(x, y))(a, b).data();
  const used = op.mock.calls.map(([instruction]) => instruction);
  op.mockRestore();
  const lanes = dtype === "float32" ? "f32x4" : "f64x2";
  expect(used).toContain(`${lanes}.relaxed_madd`);
  expect(used).not.toContain(`${lanes}.mul`);
  // each sum of k products is within k units of rounding of the sum of their sizes, whichever way it rounds
  const unit = dtype === "float32" ? 2 ** -24 : 2 ** -53;
  const sizes = matmul(a.abs(), b.abs()).data();
  strict.forEach((x, i) => {
    expect(Math.abs(relaxed[i]! - x)).toBeLessThanOrEqual(2 * k * unit * sizes[i]!);
  });
});

test("memory that the engine refuses is named, with what needs it", async () => {
  const { Memory } = WebAssembly;
  vi.spyOn(WebAssembly, "Memory").mockImplementation(function refuse() {
    throw new RangeError("could not allocate memory");
  } as unknown as typeof Memory);
  try {
    const f = compile((x: Tensor) => x.gather(tensor(new Int32Array(2 ** 14))), { name: "f" });
    expect(worded(await refused("memory", () => f(random([2, 2 ** 14]))))).toMatchInlineSnapshot(`
      "compile: the program needs 1.00 GiB; its largest buffer is gather of shape [16384, 16384] with 1.00 GiB, and the engine refuses the memory: could not allocate memory.
        mend:    work in smaller batches, or let go of compiled functions that are needed no longer
        at:      engine.test.ts"
    `);
  } finally {
    vi.restoreAllMocks();
  }
});

/** Kernels that have parts where threads are asked for, and their results. */
const divided: Record<string, { readonly args: readonly Tensor[]; readonly fn: (...args: Tensor[]) => Tensor[] }> = {
  "a loop over elements": { args: [random([1003])], fn: (x) => [x!.exp(), x!.gt(0)] },
  "a loop over rows": { args: [random([37, 21]), random([21, 37])], fn: (x, y) => [x!.mul(y!.transpose())] },
  "a loop over few rows": {
    args: [random([2, 500]), random([500])],
    fn: (x, y) => [x!.transpose().add(y!.expandDims(1))],
  },
  "sums of rows": { args: [random([50, 23])], fn: (x) => [x!.exp().sum(1), x!.max(1)] },
  "sums of columns": { args: [random([23, 67], "float64")], fn: (x) => [x!.square().sum(0)] },
  "sums of columns, one left over": { args: [random([23, 33])], fn: (x) => [x!.sum(0)] },
  "sums of the middle axis": { args: [random([20, 5, 7])], fn: (x) => [x!.sum(1)] },
  "a product": { args: [random([50, 30]), random([30, 41])], fn: (x, y) => [matmul(x!, y!)] },
  "a product of few columns": { args: [random([50, 30]), random([30, 1])], fn: (x, y) => [matmul(x!, y!)] },
  "a product, left operand transposed": {
    args: [random([30, 50]), random([30, 41])],
    fn: (x, y) => [matmul(x!.transpose(), y!)],
  },
  "a product, right operand transposed": {
    args: [random([50, 30], "float64"), random([41, 30], "float64")],
    fn: (x, y) => [matmul(x!, y!.transpose())],
  },
  "a stack of products": { args: [random([5, 9, 8]), random([5, 8, 33])], fn: (x, y) => [matmul(x!, y!)] },
  "random draws": { args: [key(3)], fn: (k) => [normal(k!, [1001], { dtype: "float32" })] },
  "the body of a scan": {
    args: [random([40, 40]), random([3, 40, 40])],
    fn: (start, xs) => {
      const [last, ys] = scan((h: Tensor, x: Tensor) => [matmul(h, x).tanh(), h.sum(1)] as const, start!, xs!);
      return [last, ys];
    },
  },
  "the body of a whileLoop": {
    args: [random([40, 40])],
    fn: (start) => [
      whileLoop(
        (h: Tensor) => h.square().sum().gt(1e-3),
        (h: Tensor) => matmul(h, h).mul(1e-2),
        start!,
        { limit: 5 },
      ),
    ],
  },
};

describe.each(Object.entries(divided))("%s", (_, { args, fn }) => {
  const expected = withEngine("interpreter", () => evaluate(fn(...args)));

  test.each([2, 3, 16])("in %d parts: the same bits", (threads) => {
    withSettings({ threads, grainMicroseconds: 1e-3 }, () => {
      const compiled = compile(fn);
      compiled(...args).forEach((t, i) => {
        expectSameBits(t.data(), expected[i]!, `result ${i}`);
      });
      expect(compiled.plan()).toMatch(/[1-9]\d* kernels in parts/);
    });
  });

  test("without vectors: the same bits", () => {
    withSettings({ simd: "scalar" }, () => {
      compile(fn)(...args).forEach((t, i) => {
        expectSameBits(t.data(), expected[i]!, `result ${i}`);
      });
    });
  });
});

import { compile, matmul, scan, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";

const floats = (...shape: number[]): Tensor =>
  tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(0.5), { shape });

const layerOf = () => {
  const layer = compile((x: Tensor, { w, b }: { w: Tensor; b: Tensor }) => matmul(x, w).add(b).exp().sum(1).log(), {
    name: "layer",
  });
  layer(floats(6, 5), { w: floats(5, 8), b: floats(8) });
  return layer;
};

/** The lines below a heading, up to the next empty one. */
function section(plan: string, heading: RegExp): string[] {
  const lines = plan.split("\n");
  const from = lines.findIndex((line) => heading.test(line)) + 1;
  const length = lines.slice(from).indexOf("");
  return lines.slice(from, length < 0 ? undefined : from + length);
}

const kernelsOf = (plan: string) =>
  section(plan, /^ {2}kernels /).flatMap((line) => {
    const found = /^ {2} *(\d+) (\w+) +(.*?) {2,}(\d+)(?: +([\d.]+))?(?: +([\d.]+))?$/.exec(line);
    return found ? [{ kind: found[2]!, result: found[3]!, flops: Number(found[4]), us: Number(found[5]) }] : [];
  });

const buffersOf = (plan: string) =>
  section(plan, /^ +offset +bytes/).map((line) => {
    const [, offset, bytes, life, what] = /^ +(\d+) +(\d+) {2}(\S+) +(.*)$/.exec(line)!;
    const [from, to] = life === "always" ? [0, Infinity] : life!.split("..").map((k) => (k === "end" ? Infinity : +k));
    return { start: Number(offset), end: Number(offset) + Number(bytes), from: from!, to: to!, what: what! };
  });

test("a function that was not called has no plan", () => {
  expect(compile((x: Tensor) => x, { name: "idle" }).plan()).toBe("idle: not called yet");
});

describe("the plan of a layer", () => {
  test("counts nodes, kernels, operations and bytes", () => {
    const plan = layerOf().plan();
    expect(plan).toMatch(/^layer:\n {2}\d+ nodes in (\d+) kernels, (\d+) flops\n/);
    const [, kernels, flops] = /nodes in (\d+) kernels, (\d+) flops/.exec(plan)!;
    const listed = kernelsOf(plan);
    expect(listed).toHaveLength(Number(kernels));
    expect(listed.reduce((sum, k) => sum + k.flops, 0)).toBe(Number(flops));
    expect(listed.find((k) => k.kind === "matmul")).toMatchObject({ flops: 2 * 6 * 5 * 8 });
  });

  test("says what each kernel reads, writes and computes", () => {
    const lines = section(layerOf().plan(), /^ {2}kernels /).join("\n");
    expect(lines).toMatch(/matmul +\w+ \[6, 8\] +480\n +from input0, \w+/);
    expect(lines).toMatch(/does (.+, )?exp\b/);
    expect(lines).toMatch(/\blog\d+ \[6\]/);
  });

  test("maps the memory: each buffer with its place, its life, and what it holds", () => {
    const plan = layerOf().plan();
    const buffers = buffersOf(plan);
    const [, bytes, live] = /(\d+) bytes of memory \((\d+) live/.exec(plan)!;
    expect(Number(live)).toBeLessThanOrEqual(Number(bytes));
    expect(Math.max(...buffers.map((b) => b.end))).toBeLessThanOrEqual(Number(bytes));
    const whats = buffers.map((b) => b.what);
    expect(whats).toEqual(
      expect.arrayContaining([
        "float32[6, 5] input0, argument 0",
        "float32[8] input1, argument 1.b",
        "float32[5, 8] input2, argument 1.w",
      ]),
    );
    buffers.forEach((a, i) => {
      for (const b of buffers.slice(0, i)) {
        const together = a.from <= b.to && b.from <= a.to;
        expect(!together || a.end <= b.start || b.end <= a.start, `${a.what} and ${b.what}`).toBe(true);
      }
    });
  });
});

test("results that take the memory of a donated argument stand at its place", () => {
  const step = compile((s: Tensor) => s.mul(2), { donate: [0] });
  step(floats(3));
  expect(step.plan()).toMatch(/1 results in place of donated arguments, 0 of them copied there/);
  const [input, result] = buffersOf(step.plan());
  expect([input!.what, result!.start]).toEqual(["float32[3] input0, argument 0", input!.start]);
});

test("measured, it tells each kernel's time, without changing the state", () => {
  const step = compile((state: Tensor) => ({ state: state.mul(2).add(1) }), { donate: [0] });
  const { state } = step(tensor(Float32Array.of(1, 2, 3)));
  const plan = step.plan({ measure: 5 });
  expect(plan).toMatch(/ 1 kernels, \d+ flops, \d+\.\d us\n/);
  expect(plan).toMatch(/ us +GFLOP\/s\n/);
  expect(kernelsOf(plan).every(({ us }) => us >= 0)).toBe(true);
  expect(state.toArray()).toEqual([3, 5, 7]);
});

test("a loop's kernels are counted once for each of its steps, and listed below it", () => {
  const sums = compile((xs: Tensor) => scan((s: Tensor, x: Tensor) => [s.add(x), s.mul(x)], floats(4), xs));
  sums(floats(7, 4));
  const plan = sums.plan();
  expect(plan).toMatch(/scan .*\n.*\n +each of 7 steps:\n +0 loop/);
  expect(kernelsOf(plan).find((k) => k.kind === "scan")).toMatchObject({ flops: 7 * 4 * 2 });
});

test("a chain of elementwise steps is one loop", () => {
  const chain = compile((x: Tensor) => x.mul(2).add(1).tanh().square());
  chain(floats(3));
  expect(chain.plan()).toMatch(/in 1 kernels/);
  expect(chain.plan()).toMatch(/does square, tanh, add, mul\n/);
});

describe("a function compiled more than once", () => {
  test("tells its variants, and why the newest was compiled", () => {
    const scale = compile((x: Tensor, { by }: { by: Tensor | number }, mode?: string) => x.mul(by).mul(mode ? 2 : 1), {
      name: "scale",
    });
    scale(floats(3), { by: 2 });
    scale(floats(3), { by: 5 });
    expect(scale.plan()).toMatch(/^scale:\n/);
    scale(floats(4), { by: 2 });
    expect(scale.plan()).toMatch(
      /^scale: 2 variants; the newest was compiled since argument 0 is float32\[4\] instead of float32\[3\]\n\n/,
    );
    expect(scale.plan()).toContain("\nscale, variant 1: argument 0 float32[3], argument 1.by a number:\n");
    expect(scale.plan()).toContain("\nscale, variant 2: argument 0 float32[4], argument 1.by a number:\n");
    scale(floats(3), { by: floats(3).cast("float64") });
    expect(scale.plan()).toMatch(
      /^scale: 3 variants; .* since argument 0 is float32\[3\] instead of float32\[4\], argument 1.by is float64\[3\] instead of a number\n/,
    );
    scale(floats(3), { by: 2 }, "twice");
    expect(scale.plan()).toMatch(
      /since argument 1.by is a number instead of float64\[3\], argument 2 is "twice" and was not there\n/,
    );
  });

  test("counts those that were dropped", () => {
    const total = compile((x: Tensor) => x.sum());
    for (let n = 1; n <= 40; n++) total(floats(n));
    expect(total.plan()).toMatch(/: 40 variants; .* since argument 0 is float32\[40\] instead of float32\[39\]\n/);
    expect(total.plan().match(/, variant \d+:/g)).toHaveLength(32);
  });
});

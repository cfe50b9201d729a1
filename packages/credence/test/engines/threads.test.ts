import { existsSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Mail, partName, partsOf } from "../../src/compiler/threads/control.js";
import type * as Crews from "../../src/compiler/threads/crew.js";
import { Code, encodeModule } from "../../src/compiler/wasm/assembler.js";
import type * as Credence from "../../src/index.js";
import { expectSameBits } from "../support/bits.js";
import { runs } from "../support/runs.js";

// threads start from JavaScript files, so this tests the build: `npm test` makes it first
const built = (file: string): URL => new URL(`../../dist/${file}`, import.meta.url);
let credence: typeof Credence;
let crews: typeof Crews;

beforeAll(async () => {
  expect(existsSync(built("index.js")), "run npm run build first").toBe(true);
  credence = (await import(built("index.js").href)) as typeof Credence;
  crews = (await import(built("compiler/threads/crew.js").href)) as typeof Crews;
});

const size = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 30, max: 300 }));

test("any number of threads gives the same bits", { timeout: 60_000 }, () => {
  const { compile, key, matmul, normal, setEngine } = credence;
  const dtypes = fc.constantFrom("float32", "float64");
  fc.assert(
    fc.property(size, size, size, dtypes, fc.constantFrom(2, 3, 7), (m, k, n, dtype, threads) => {
      const draw = (seed: number, shape: number[]) => normal(key(seed), shape, { dtype });
      const [x, y, h] = [draw(1, [m, k]), draw(2, [k, n]), draw(3, [m, n])];
      const make = (engine: Credence.EngineOptions) => {
        setEngine({ grainMicroseconds: 0.1, ...engine });
        const f = compile(
          (state: Credence.Tensor, a: Credence.Tensor, b: Credence.Tensor) => {
            const z = matmul(a, b).add(state).tanh();
            const noise = normal(key(4), [m, n], { dtype });
            const sums = [z.exp().sum(1), z.square().sum(0), matmul(z.transpose(), a), matmul(z, b.transpose())];
            return { state: z.add(noise), sums };
          },
          { donate: [0] },
        );
        let out = f(h.add(0), x, y);
        for (let i = 0; i < 3; i++) out = f(out.state, x, y);
        return [out.state, ...out.sums].map((t) => t.data());
      };
      const expected = make({ threads: 1 });
      make({ threads }).forEach((data, i) => {
        expectSameBits(data, expected[i]!, `result ${i}`);
      });
    }),
    runs(25),
  );
  setEngine({ threads: 1 });
});

/** A module of two parts: a long one, and one that `code` makes. */
function twoParts(code: Code): { module: WebAssembly.Module; memory: WebAssembly.Memory } {
  const long = new Code();
  const left = long.local("i32");
  long.i32(20_000_000).set(left); // some ten milliseconds: more than it takes to wake a helper
  long.loop(() => long.get(left).i32(-1).op("i32.add").tee(left));
  const functions = [long, code].map((part, i) => ({ name: `part ${i}`, code: part, exportName: partName(i) }));
  const module = new WebAssembly.Module(encodeModule(functions, { pages: 1, shared: true }) as BufferSource);
  return { module, memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }) };
}

/** Runs the two parts on two threads, again and again, until `done` holds for what came of it. */
async function runUntil(code: Code, done: (outcome: unknown) => boolean): Promise<unknown> {
  const { module, memory } = twoParts(code);
  const crew = crews.crewOf(2);
  const owner = {};
  const id = crew.enlist(module, memory, owner);
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  for (;;) {
    let outcome: unknown;
    try {
      crew.run(id, partsOf(exports), 0, 2);
      outcome = new Int32Array(memory.buffer)[0];
    } catch (error) {
      outcome = error;
    }
    if (done(outcome)) return outcome;
    await new Promise((resolve) => setTimeout(resolve, 10)); // the helper is still starting
  }
}

describe("a helper", () => {
  const trap = () => new Code().i32(-1).i32(0).memory("i32.store", 0); // beyond the memory's end

  test("that fails ends the run with an error and no other", async () => {
    const inHelper = (outcome: unknown) => String(outcome).includes("helper");
    expect(String(await runUntil(trap(), inHelper))).toBe("Error: a kernel failed in a helper thread");
    const answer = new Code().i32(0).i32(42).memory("i32.store", 0);
    expect(await runUntil(answer, () => true)).toBe(42);
  });
});

describe("with threads that are not real", () => {
  interface Started {
    readonly mail: Mail[];
    fail(error: Error): void;
    ended: boolean;
  }
  const { getBuiltinModule } = process;
  let started: Started[];

  beforeEach(() => {
    started = [];
    class Pretended {
      readonly me: Started = { mail: [], fail: () => {}, ended: false };
      constructor() {
        started.push(this.me);
      }
      on(event: string, listener: (error: Error) => void) {
        if (event === "error") this.me.fail = listener;
      }
      unref() {}
      postMessage(mail: Mail) {
        this.me.mail.push(mail);
      }
      async terminate() {
        this.me.ended = true;
      }
    }
    const pretend = (name: string) => (name === "node:worker_threads" ? { Worker: Pretended } : getBuiltinModule(name));
    process.getBuiltinModule = pretend as typeof getBuiltinModule;
  });
  afterEach(() => {
    process.getBuiltinModule = getBuiltinModule;
  });

  test("one that cannot start is an error that says how to go on", () => {
    const crew = crews.crewOf(16);
    expect(started).toHaveLength(15);
    started[3]!.fail(new Error("forbidden here"));
    expect(() => crew.run(0, new Map(), 0, 2)).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: setEngine: a helper thread could not start: Error: forbidden here.
        mend:    let the page load the library's worker.js (worker-src in its content security policy), or set threads to 1]
    `);
  });

  test("whoever gives a job does alone what nobody helps with, also after a part has failed", () => {
    const { module, memory } = twoParts(new Code().i32(0).i32(42).memory("i32.store", 0));
    const crew = crews.crewOf(15);
    const id = crew.enlist(module, memory, memory);
    const parts = partsOf(new WebAssembly.Instance(module, { env: { memory } }).exports);
    const failing = new Map([...parts, [0, () => expect.fail("on purpose")]]);
    expect(() => crew.run(id, failing, 0, 2)).toThrow("on purpose");
    expect(new Int32Array(memory.buffer)[0]).toBe(42);
  });

  test("helpers are replaced when they hold much that nobody needs", async () => {
    const crew = crews.crewOf(12); // of a size that no other test has
    const { module } = twoParts(new Code());
    const enlisted = Array.from({ length: 12 }, () => {
      const memory = new WebAssembly.Memory({ initial: 1024, maximum: 1024, shared: true }); // 64 MiB
      const owner: object = {};
      return { owner, id: crew.enlist(module, memory, owner) };
    });
    const [kept] = enlisted.splice(0); // nothing refers to the others
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    await vi.waitFor(() => {
      collect();
      expect(started.length).toBeGreaterThan(11);
    });
    expect(started.map(({ ended }) => ended)).toEqual(started.map((_, i) => i < started.length - 11));
    const [first, ...programs] = started[started.length - 1]!.mail;
    expect(first!.kind).toBe("start");
    expect(programs.length).toBeLessThanOrEqual(8);
    expect(programs).toContainEqual(expect.objectContaining({ kind: "program", id: kept!.id }));
  });
});

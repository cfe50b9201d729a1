import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Code, encodeModule, type FunctionSpec } from "../../src/compiler/wasm/assembler.js";
import { anyNumber } from "../support/numbers.js";
import { runs } from "../support/runs.js";

/** Runs the exported function `run` over one page of memory. */
function execute(
  functions: readonly FunctionSpec[],
  memory = new WebAssembly.Memory({ initial: 1, maximum: 1 }),
): DataView {
  const module = new WebAssembly.Module(encodeModule(functions, { pages: 1 }) as BufferSource);
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  (instance.exports.run as () => void)();
  return new DataView(memory.buffer);
}

const run = (code: Code): FunctionSpec => ({ name: "run", code, exportName: "run" });

describe("assembled modules", () => {
  test("one function calls another, loops and branches", () => {
    // address 0: 1 + 2 + ... + 10; address 4: 1 where that is over 50
    const sum = new Code();
    const i = sum.local("i32");
    sum.i32(10).set(i);
    sum.loop(() => {
      sum.i32(0).i32(0).memory("i32.load", 0).get(i).op("i32.add").memory("i32.store", 0);
      sum.get(i).i32(-1).op("i32.add").tee(i);
    });
    const main = new Code();
    main.call(0).i32(50).i32(0).memory("i32.load", 0).op("i32.lt_s");
    main.if(
      () => main.i32(0).i32(1).memory("i32.store", 4),
      () => main.i32(0).i32(2).memory("i32.store", 4),
    );
    const memory = execute([{ name: "sum", code: sum }, run(main)]);
    expect([memory.getInt32(0, true), memory.getInt32(4, true)]).toEqual([55, 1]);
  });

  test("functions take and give values; one that is called before it has a number is linked", () => {
    const callee = { key: "less", name: "less", dtype: "float64", parameters: 2, body: () => expect.fail() } as const;
    const less = new Code(["f64", "v128"], ["f64"]);
    const half = less.local("f64");
    less.f64(0.5).set(half).get(0).get(1).lane("f64x2.extract_lane", 0).op("f64.sub").get(half).op("f64.mul");
    const main = new Code();
    main.i32(8).f64(7).f64(2).op("f64x2.splat").callLater(callee).memory("f64.store", 0);
    main.linkCalls(() => 1);
    expect(execute([run(main), { name: "less", code: less }]).getFloat64(8, true)).toBe(2.5);
  });

  test("locals of every type keep their numbers, however they are interleaved", () => {
    const code = new Code();
    const types = ["i32", "f64", "f32", "f32", "i64", "v128", "i32"] as const;
    const locals = types.map((type) => code.local(type));
    code.i32(7).set(locals[0]!).f64(0.1).set(locals[1]!).f32(0.1).set(locals[2]!).f32(-0).set(locals[3]!);
    code
      .i64(-(2n ** 40n))
      .set(locals[4]!)
      .v128([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16])
      .set(locals[5]!);
    code.i32(-8).set(locals[6]!);
    code.i32(0).get(locals[0]!).memory("i32.store", 0).i32(0).get(locals[1]!).memory("f64.store", 8);
    code.i32(0).get(locals[2]!).memory("f32.store", 16).i32(0).get(locals[3]!).memory("f32.store", 20);
    code.i32(0).get(locals[4]!).i64(20n).op("i64.shr_u").op("i32.wrap_i64").memory("i32.store", 24);
    code.i32(0).get(locals[5]!).memory("v128.store", 32).i32(0).get(locals[6]!).memory("i32.store", 48);
    const memory = execute([run(code)]);
    expect(memory.getInt32(0, true)).toBe(7);
    expect(memory.getFloat64(8, true)).toBe(0.1);
    expect(memory.getFloat32(16, true)).toBe(Math.fround(0.1));
    expect(memory.getFloat32(20, true)).toBe(-0);
    expect(memory.getInt32(24, true)).toBe(-(2 ** 20));
    expect(memory.getUint8(47)).toBe(16);
    expect(memory.getInt32(48, true)).toBe(-8);
  });

  test("constants of any size arrive whole", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        anyNumber("float32"),
        anyNumber("float64"),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        (i, f, d, l) => {
          const code = new Code();
          code
            .i32(0)
            .i32(i)
            .memory("i32.store", 0)
            .i32(0)
            .f32(f)
            .memory("f32.store", 4)
            .i32(0)
            .f64(d)
            .memory("f64.store", 8);
          code.i32(0).i64(l).op("i32.wrap_i64").memory("i32.store", 16);
          code.i32(0).i64(l).i64(32n).op("i64.shr_u").op("i32.wrap_i64").memory("i32.store", 20);
          const memory = execute([run(code)]);
          expect(memory.getInt32(0, true)).toBe(i);
          expect(memory.getFloat32(4, true)).toBe(f);
          expect(memory.getFloat64(8, true)).toBe(d);
          expect(memory.getBigInt64(16, true)).toBe(l);
        },
      ),
      runs(100),
    );
  });

  test("offsets of two and three LEB128 bytes reach their place", () => {
    for (const offset of [127, 128, 16383, 16384, 65528]) {
      const memory = execute([run(new Code().i32(0).i32(offset).memory("i32.store", offset))]);
      expect(memory.getInt32(offset, true)).toBe(offset);
    }
  });

  test("memory is filled and copied", () => {
    const code = new Code().i32(16).i32(5).i32(3).fill().i32(32).i32(15).i32(4).copy();
    const memory = execute([run(code)]);
    expect(Array.from({ length: 5 }, (_, i) => memory.getUint8(15 + i))).toEqual([0, 5, 5, 5, 0]);
    expect(Array.from({ length: 5 }, (_, i) => memory.getUint8(32 + i))).toEqual([0, 5, 5, 5, 0]);
  });

  test("parameters come before locals", () => {
    expect(new Code(["i32", "f32"]).local("f64")).toBe(2);
  });

  test("a module of thousands of functions is valid", () => {
    const empty = Array.from({ length: 5000 }, (_, i) => ({ name: `kernel_${i}`, code: new Code() }));
    expect(
      WebAssembly.validate(encodeModule([...empty, run(new Code().call(4999))], { pages: 1 }) as BufferSource),
    ).toBe(true);
  });
});

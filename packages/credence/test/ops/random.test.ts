import { compile, type Tensor, tensor } from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomBits } from "../../src/ops/index.js";
import { int32Machine } from "../../src/ops/numbers.js";
import { philox } from "../../src/ops/philox.js";
import { expectSameBits } from "../support/bits.js";
import { runs } from "../support/runs.js";

const hex = (words: Iterable<number>): string[] => [...words].map((w) => (w >>> 0).toString(16).padStart(8, "0"));
const keyOf = (a: number, b: number): Tensor => tensor(Int32Array.of(a, b));

describe("philox4x32-10", () => {
  // known answers of Random123 1.14.0, file kat_vectors
  test.each([
    ["0", [0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    ["ones", [-1, -1, -1, -1], [-1, -1], "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    [
      "digits of π",
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      "d16cfe09 94fdcceb 5001e420 24126ea1",
    ],
  ] as const)("known answer for counter and key of %s", (_, counter, key, words) => {
    const [c0, c1, c2, c3] = counter.map((c) => c | 0);
    expect(hex(philox(int32Machine, [c0!, c1!, c2!, c3!], [key[0] | 0, key[1] | 0])).join(" ")).toBe(words);
  });
});

describe("randomBits", () => {
  test("block 0 of key 0 is the known answer", () => {
    expect(hex(randomBits(keyOf(0, 0), 4).data())).toEqual(["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]);
  });

  test("word j of block i stands at j · blocks + i; the counter is (i, 0, 0, domain)", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer(),
        fc.integer({ min: 0, max: 70 }),
        fc.integer({ min: 0, max: 3 }),
        (a, b, size, domain) => {
          const blocks = Math.ceil(size / 4);
          const expected = Array.from(
            { length: size },
            (_, at) => philox(int32Machine, [at % blocks, 0, 0, domain], [a, b])[Math.floor(at / blocks)]!,
          );
          expectSameBits(randomBits(keyOf(a, b), size, domain).data(), expected, "interpreted words");
          expectSameBits(
            compile((k: Tensor) => randomBits(k, size, domain))(keyOf(a, b)).data(),
            expected,
            "compiled words",
          );
        },
      ),
      runs(60),
    );
  });

  test("a key of another order, or another domain, gives other words", () => {
    const draws = [randomBits(keyOf(1, 2), 8), randomBits(keyOf(2, 1), 8), randomBits(keyOf(1, 2), 8, 1)];
    expect(new Set(draws.flatMap((t) => [...t.data()])).size).toBe(24);
  });

  test("has every bit set as often as not", () => {
    const words = [...randomBits(keyOf(20, 26), 4000).data()];
    for (let bit = 0; bit < 32; bit++) {
      const ones = words.reduce((sum, w) => sum + ((w >> bit) & 1), 0);
      // the standard deviation of a fair count is 32; 5 of them, for 32 bits under a fixed key
      expect(Math.abs(ones - 2000)).toBeLessThan(160);
    }
  });
});

import { compile, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { int32Machine } from "../../src/ops/numbers.js";
import { philox } from "../../src/ops/philox.js";
import { foldIn, key, split, uniform } from "../../src/random/index.js";
import { expectSameBits } from "../support/bits.js";
import { STANDARD_ERRORS } from "../support/bounds.js";
import { expectCode } from "../support/laws.js";

const hex = (words: ArrayLike<number>): string =>
  Array.from(words, (w) => (w >>> 0).toString(16).padStart(8, "0")).join(" ");

describe("the generator", () => {
  // Random123 1.14, tests/kat_vectors, philox4x32 10
  test.each([
    [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [[-1, -1, -1, -1], [-1, -1], "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ] as const)("answers as published for counter %j", (counter, by, words) => {
    const [c0, c1, c2, c3] = counter.map((w) => w | 0) as [number, number, number, number];
    expect(hex(philox(int32Machine, [c0, c1, c2, c3], [by[0] | 0, by[1] | 0]))).toBe(words);
  });
});

describe("keys", () => {
  test("hold all bits of the seed", () => {
    expect(hex(key(0).data())).toBe("00000000 00000000");
    expect(hex(key(2 ** 53 - 1).data())).toBe("ffffffff 001fffff");
    expect(hex(key(0x123456789abcdef0n).data())).toBe("9abcdef0 12345678");
    expectSameBits(key(42).data(), key(42n).data());
  });

  test.each([-1, 0.5, 2 ** 53, Number.NaN, -1n, 2n ** 64n])("refuse the seed %s", (seed) => {
    expectCode("argument", () => key(seed));
  });

  test("derived ones are the same for ever", () => {
    expect(split(key(1), 3).map((k) => hex(k.data()))).toMatchInlineSnapshot(`
      [
        "127bee41 10cc6764",
        "1e047488 a9634a04",
        "48842b20 4506ae51",
      ]
    `);
    expect([0, 1, 2 ** 40].map((n) => hex(foldIn(key(1), n).data()))).toMatchInlineSnapshot(`
      [
        "7cfc2ef5 1954fe8b",
        "1edeb130 ef9b37ea",
        "5c669ffa 0b95d505",
      ]
    `);
  });

  test("derived ones are all different", () => {
    const seeds = Array.from({ length: 40 }, (_, i) => key(i));
    const folded = seeds.flatMap((k) => Array.from({ length: 40 }, (_, n) => foldIn(k, n)));
    const parts = seeds.flatMap((k) => [...split(k, 2), ...split(k, 3), ...split(foldIn(k, 1), 2)]);
    const all = [...seeds, ...folded, ...parts].map((k) => hex(k.data()));
    expect(new Set(all).size).toBe(all.length);
  });

  test("a number may be an int32 scalar, known only when a compiled function runs", () => {
    const direct = foldIn(key(3), 17).data();
    const seventeen = tensor(17, { dtype: "int32" });
    expectSameBits(foldIn(key(3), seventeen).data(), direct);
    expectSameBits(compile((k: Tensor, n: Tensor) => foldIn(k, n))(key(3), seventeen).data(), direct);
  });

  test("streams of neighbouring keys have nothing in common", () => {
    const n = 20_000;
    const draw = (k: Tensor): Tensor => uniform(k, [n]).sub(0.5);
    const [first, second] = split(key(9)) as [Tensor, Tensor];
    const pairs: [Tensor, Tensor][] = [
      [key(9), key(10)],
      [key(0), key(1)],
      [key(9), first],
      [first, second],
      [foldIn(key(9), 0), foldIn(key(9), 1)],
    ];
    for (const [a, b] of pairs) {
      const correlation = draw(a).mul(draw(b)).mean().item() * 12; // a uniform's variance is 1 / 12
      expect(Math.abs(correlation)).toBeLessThan(STANDARD_ERRORS / Math.sqrt(n));
    }
  });

  test("what is no key, count or number is refused", () => {
    expect(() => uniform(tensor([1, 2]), [3])).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: uniform: the key is a float64 tensor of shape [2].
        allowed: a key: int32 of shape [2]
        mend:    make it with key(42), split or foldIn]
    `);
    expectCode("argument", () => split(key(1), 0));
    expectCode("argument", () => foldIn(key(1), -1));
    expectCode("argument", () => foldIn(key(1), tensor([1, 2])));
  });
});

import { compile, type Tensor, tensor } from "credence";
import { Normal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

const build = ({ loc, scale }: Record<string, Tensor>): Normal => new Normal({ loc: loc!, scale: scale! });

describeDistribution("Normal", {
  build,
  params: {
    standard: { loc: 0, scale: 1 },
    "in a batch [2, 3]": { loc: [-2, 0, 5], scale: [[0.5], [10]] },
  },
  values: [-3, 0.25, 4],
  invalid: [
    { loc: 0, scale: 0 },
    { loc: 0, scale: [1, -1] },
    { loc: 0, scale: Number.POSITIVE_INFINITY },
    { loc: Number.NaN, scale: 1 },
    { loc: [0, Number.NEGATIVE_INFINITY], scale: 1 },
  ],
});

describe("Normal", () => {
  test("as the readme has it", () => {
    const d = new Normal({ loc: [0, 1], scale: 2 });
    expect(d.batchShape).toEqual([2]);
    expect(d.logProb(0.5).toArray()).toEqual([-1.643335713764618, -1.643335713764618]);
    expect(d.sample({ seed: 42, shape: [1000] }).shape).toEqual([1000, 2]);
  });

  test("density and gradient stay finite far out", () => {
    const d = new Normal({ loc: 0, scale: 1 });
    expect(d.logProb(1e150).item()).toBeCloseTo(-5e299, -286); // a relative 1e-14
    expect(d.logProb(1.8e154).item()).toBeGreaterThan(Number.NEGATIVE_INFINITY); // z² alone would overflow
    expect(d.logCdf(-1e8).item()).toBeCloseTo(-5e15, -2);
    expect(d.survival(38).item()).toBeGreaterThan(0);
  });

  test("bare numbers take the element type of what they meet", () => {
    const prior = new Normal({ loc: 0, scale: 1 });
    expect(prior.logProb(new Float32Array([1, 2])).dtype).toBe("float32");
    expect(prior.logProb([1, 2]).dtype).toBe("float64");
    expect(new Normal({ loc: new Float32Array([1]), scale: 1 }).sample({ seed: 1 }).dtype).toBe("float32");
  });

  test("an unknown scale below 0 gives NaN from each method, not a plausible number", () => {
    const answers = compile((scale: Tensor) => {
      const d = new Normal({ loc: 0, scale });
      return [d.cdf(1), d.quantile(0.4), d.variance(), d.entropy(), d.sample({ seed: 1 })];
    })(tensor(-1));
    for (const answer of answers) expect(answer.item()).toBe(Number.NaN);
  });

  test("draws carry gradients by loc and scale", async () => {
    const { grad } = await import("credence");
    const gradient = grad((p: { loc: Tensor; scale: Tensor }) => new Normal(p).sample({ seed: 3 }).sum())({
      loc: tensor(1),
      scale: tensor(2),
    });
    expect(gradient.loc.item()).toBe(1);
    expect(gradient.scale.item()).toBe(new Normal({ loc: 0, scale: 1 }).sample({ seed: 3 }).item());
  });
});

describe("the words of errors", () => {
  const message = (fn: () => unknown): string => {
    try {
      fn();
    } catch (error) {
      return (error as Error).message;
    }
    return "nothing was thrown";
  };

  test("a parameter outside its domain", () => {
    expect(message(() => new Normal({ loc: 0, scale: [1, 0] }))).toMatchInlineSnapshot(`
      "Normal: scale holds 0 at index 1 of shape [2].
        allowed: finite numbers > 0
        mend:    give raw.softplus() or raw.exp()"
    `);
    expect(
      message(
        () =>
          new Normal({
            loc: 0,
            scale: [
              [1, 2],
              [3, -4],
            ],
          }),
      ),
    ).toMatchInlineSnapshot(`
      "Normal: scale holds -4 at index [1, 1] of shape [2, 2].
        allowed: finite numbers > 0
        mend:    give raw.softplus() or raw.exp()"
    `);
    expect(message(() => new Normal({ loc: Number.NaN, scale: 1 }))).toMatchInlineSnapshot(`
      "Normal: loc is NaN.
        allowed: finite numbers
        mend:    look for the NaN or infinity where this comes from"
    `);
  });

  test("a parameter that is not given", () => {
    expect(message(() => new Normal({ loc: 0, sclae: 1 } as never))).toMatchInlineSnapshot(`
      "Normal: scale is not given.
        allowed: { loc, scale }
        mend:    write scale for sclae"
    `);
    expect(message(() => new Normal({ loc: [1, 2, 3], scale: [1, 2] }))).toMatchInlineSnapshot(`
      "Normal: shapes [3] and [2] do not broadcast.
        allowed: trailing sizes that are equal, or 1
        mend:    reshape one of them, or expand it with .expandDims(axis)"
    `);
  });

  test("a value whose shape would give every pair", () => {
    const d = new Normal({ loc: [0, 1, 2], scale: 1 });
    expect(message(() => d.logProb([[1], [2], [3]]))).toMatchInlineSnapshot(`
      "Normal.logProb: a value of shape [3, 1] against a batch of shape [3] would give every pair, shape [3, 3].
        allowed: a value of shape [3], or with more axes in front
        mend:    reshape one of the two; if every pair is meant, say so: value.broadcastTo(...)"
    `);
    expectCode("shape", () => new Normal({ loc: [[0], [1], [2]], scale: 1 }).logProb([1, 2, 3]));
    expectCode("shape", () => new Normal({ loc: [[0, 1, 2]], scale: 1 }).cdf([[[1], [2], [3]]]));
    expect(d.logProb([[1], [2]]).shape).toEqual([2, 3]);
    expect(d.logProb(tensor([[1], [2], [3]]).broadcastTo([3, 3])).shape).toEqual([3, 3]);
    expect(d.quantile([[0.1], [0.5], [0.9]]).shape).toEqual([3, 3]); // levels are meant for all
  });

  test("sampling without a seed, of a shape that is none, by what is no key", () => {
    const d = new Normal({ loc: 0, scale: 1 });
    expect(message(() => d.sample({} as never))).toMatchInlineSnapshot(`
      "Normal.sample: neither a seed nor a key.
        allowed: { seed: 42 } or { key: key(42) }, and a shape"
    `);
    expectCode("shape", () => d.sample({ seed: 1, shape: [1.5] }));
    expectCode("argument", () => d.sample({ seed: 0.5 }));
    expectCode("argument", () => d.sample({ key: tensor([1, 2]) }));
  });
});

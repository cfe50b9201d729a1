import { compile, grad, type Tensor, tensor } from "credence";
import { Exponential, fromJSON, Hurdle, Poisson, ZeroInflated } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

const params = {
  plain: { gate: 0.3, rate: 4 },
  "in a batch [2]": { gate: [0.01, 0.9], rate: [0.2, 30] },
  "with a shared gate": { gate: 0.5, rate: [1, 2, 3] },
};

describeDistribution("ZeroInflated", {
  build: ({ gate, rate }) => new ZeroInflated({ gate: gate!, base: new Poisson({ rate: rate! }) }),
  params,
  values: [0, 1, 5],
  invalid: [
    { gate: 1.5, rate: 1 },
    { gate: 0.5, rate: -1 },
  ],
});

describeDistribution("Hurdle", {
  build: ({ gate, rate }) => new Hurdle({ gate: gate!, base: new Poisson({ rate: rate! }) }),
  params,
  values: [0, 1, 5],
  invalid: [
    { gate: -0.1, rate: 1 },
    { gate: 0.5, rate: -1 },
  ],
});

describe("gates", () => {
  test("of 0 and 1, and as logits", () => {
    const base = new Poisson({ rate: 2 });
    const never = new ZeroInflated({ base, gate: 0 });
    const always = new ZeroInflated({ base, gate: 1 });
    expect(never.logProb([0, 1, 2]).toArray()).toEqual(base.logProb([0, 1, 2]).toArray());
    expect(always.logProb([0, 1]).toArray()).toEqual([expect.closeTo(0, 300), Number.NEGATIVE_INFINITY]);
    expect(always.quantile([0, 0.5, 1]).data().slice(0, 2)).toEqual(Float64Array.of(0, 0));
    const byLogits = new Hurdle({ base, gateLogits: -800 });
    expect(byLogits.logProb(0).item()).toBe(-800);
    expect(grad((gateLogits: Tensor) => new Hurdle({ base, gateLogits }).logProb(0))(tensor(-800)).item()).toBe(1);
    expectCode("argument", () => new ZeroInflated({ base: new Exponential({ rate: 1 }), gate: 0.1 }));
  });

  test("an additional zero makes zeros likelier, a hurdle may make them rarer", () => {
    const base = new Poisson({ rate: 1 });
    expect(new ZeroInflated({ base, gate: 0.1 }).prob(0).item()).toBeCloseTo(0.1 + 0.9 * Math.exp(-1), 15);
    expect(new Hurdle({ base, gate: 0.1 }).prob(0).item()).toBeCloseTo(0.1, 15);
    expect(new Hurdle({ base, gate: 0.1 }).prob(2).item()).toBeCloseTo((0.9 * Math.exp(-1)) / 2 / -Math.expm1(-1), 15);
  });

  test("come back from JSON, and compile", () => {
    const law = new ZeroInflated({ base: new Poisson({ rate: [1, 2] }), gateLogits: 0.4 });
    const back = fromJSON(JSON.parse(JSON.stringify(law)));
    expect(back.logProb(1).toArray()).toEqual(law.logProb(1).toArray());
    const draw = compile((rate: Tensor) =>
      new Hurdle({ base: new Poisson({ rate }), gate: 0.2 }).sample({ seed: 1, shape: [4] }),
    );
    expect(draw(tensor(3)).toArray()).toEqual(
      new Hurdle({ base: new Poisson({ rate: 3 }), gate: 0.2 }).sample({ seed: 1, shape: [4] }).toArray(),
    );
  });
});

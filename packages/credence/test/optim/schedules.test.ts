import { describe, expect, test } from "vitest";
import { schedules } from "../../src/nn/index.js";

const { constant, cosine, exponential, piecewise, warmup } = schedules;
const at = (schedule: (step: number) => number, ...steps: number[]): number[] => steps.map(schedule);

describe("schedules", () => {
  test("constant", () => {
    expect(at(constant(0.3), 0, 1, 1e6)).toEqual([0.3, 0.3, 0.3]);
  });

  test("cosine falls along half a wave and stays at its end", () => {
    const rates = at(cosine({ rate: 1, steps: 4, final: 0.2 }), 0, 1, 2, 3, 4, 100);
    // final + (rate - final) · (1 + cos(π step / 4)) / 2
    [1, 0.882842712474619, 0.6, 0.317157287525381, 0.2, 0.2].forEach((rate, i) => {
      expect(rates[i]).toBeCloseTo(rate, 14);
    });
    expect(cosine({ rate: 1, steps: 4 })(4)).toBe(0);
  });

  test("exponential", () => {
    expect(at(exponential({ rate: 2, decay: 0.25, steps: 10 }), 0, 5, 10, 20)).toEqual([2, 1, 0.5, 0.125]);
  });

  test("warmup rises to what follows, without a jump", () => {
    expect(at(warmup(4, constant(1)), 0, 1, 2, 3, 4, 5)).toEqual([0.25, 0.5, 0.75, 1, 1, 1]);
    const falling = warmup(4, exponential({ rate: 1, decay: 0.5, steps: 4 }));
    expect(at(falling, 3, 4)).toEqual([0.5, 0.5]);
  });

  test("piecewise changes at its boundaries", () => {
    expect(at(piecewise({ boundaries: [2, 5], rates: [3, 2, 1] }), 0, 1, 2, 4, 5, 9)).toEqual([3, 3, 2, 2, 1, 1]);
  });

  test("options out of range are refused", () => {
    expect(() => cosine({ rate: 1, steps: 0 })).toThrow("cosine: steps is 0");
    expect(() => exponential({ rate: 1, decay: 0.5, steps: -1 })).toThrow("exponential: steps is -1");
    expect(() => warmup(Number.NaN, constant(1))).toThrow("warmup: steps is NaN");
    expect(() => piecewise({ boundaries: [1], rates: [1] })).toThrow("piecewise: 1 boundaries, 1 rates");
  });
});

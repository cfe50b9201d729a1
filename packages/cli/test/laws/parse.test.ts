import * as library from "credence/distributions";
import { Distribution, Exponential, Hurdle, MixtureSameFamily, Normal, TruncatedNormal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { catalogue, orderOf } from "../../src/laws/catalogue.js";
import { listText } from "../../src/laws/list.js";
import { parseLaw } from "../../src/laws/parse.js";

const parameters = (law: Distribution) =>
  Object.fromEntries(Object.entries(law.parameters).map(([name, t]) => [name, t.toArray()]));

describe("a distribution in words", () => {
  test("takes parameters in order, by name, or first some in order", () => {
    for (const text of [
      "normal(1, 2)",
      " Normal( 1 ,2 )",
      "normal(scale=2, loc=1)",
      "normal(1, scale=2)",
      "gaussian(1,2e0)",
    ]) {
      const law = parseLaw(text);
      expect(law).toBeInstanceOf(Normal);
      expect(parameters(law)).toEqual({ loc: 1, scale: 2 });
    }
  });

  test("knows names in any case and with any hyphens, signs, exponents and infinity", () => {
    const law = parseLaw("truncated-normal(-.5, 1E-1, -inf, +Infinity)");
    expect(law).toBeInstanceOf(TruncatedNormal);
    expect(parameters(law)).toEqual({
      loc: -0.5,
      scale: 0.1,
      low: Number.NEGATIVE_INFINITY,
      high: Number.POSITIVE_INFINITY,
    });
  });

  test("may hold lists and other distributions", () => {
    const hurdle = parseLaw("hurdle(exponential(2), 0.3)") as Hurdle;
    expect(hurdle).toBeInstanceOf(Hurdle);
    expect(hurdle.base).toBeInstanceOf(Exponential);
    const mixture = parseLaw("mixtureSameFamily(categorical([0.25, 0.75]), normal([0, 4], 1))");
    expect(mixture).toBeInstanceOf(MixtureSameFamily);
    expect(mixture.mean().item()).toBe(3);
    // of probs and logits the first is probs
    expect(parseLaw("categorical([0.2, 0.8])").prob(1).item()).toBeCloseTo(0.8, 15);
    expect(parseLaw("independent(normal([0, 1], 1), 1)").eventShape).toEqual([2]);
  });

  test.each([
    ["nomal(0, 1)", 'there is no distribution "nomal"', "did you mean normal(loc, scale)?"],
    ["normal(0, 1, 2)", "gives Normal more than 2 arguments", "allowed: normal(loc, scale)"],
    ["normal(mu=0, scale=1)", 'Normal has no parameter "mu"', "normal(loc, scale)"],
    ["normal(0, loc=1)", "gives loc twice", "leave one out"],
    ["normal(loc=0, 1)", "an argument without a name follows one with a name", "normal(loc, scale)"],
    ["normal(0, 1", "ends too soon", ", or )"],
    ["normal", "ends too soon", "write normal(loc, scale)"],
    ["normal(0 1)", 'has "1" at character 10', ", or )"],
    ["normal(0, 1) 2", 'has "2" at character 14', "nothing more"],
    ["normal(0, one)", 'there is no distribution "one"', ""],
    ["normal(0, )", 'has ")" at character 11', "a number, a list or a distribution"],
    ["", "ends too soon", "the name of a distribution"],
    ["normal(0)", "Normal: scale is not given", "{ loc, scale }"],
    ["normal(0, -1)", "Normal: scale is -1", "finite numbers > 0"],
    ["normal([0, [", "ends too soon", ""],
    ["normal(normal(0, 1), 1)", "", ""],
  ])("%s is refused", (text, given, help) => {
    let message = "";
    try {
      parseLaw(text);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).not.toBe("");
    expect(message).toContain(given);
    expect(message).toContain(help);
  });

  test("nested without end is refused", () => {
    expect(() => parseLaw("hurdle(".repeat(10_000))).toThrow("nested more than");
  });
});

describe("the catalogue", () => {
  test("has every distribution of the library, and no other: npm run docs brings it up to date", () => {
    const exported = Object.entries(library).filter(
      ([, value]) => (value as { prototype?: unknown }).prototype instanceof Distribution,
    );
    expect(catalogue.map(({ name }) => name)).toEqual(exported.map(([name]) => name).sort());
  });

  test("names the parameters that constructors take", () => {
    for (const entry of catalogue) {
      expect(entry.summary).not.toBe("");
      expect([...orderOf(entry)].sort()).toEqual([...entry.parameters].sort());
    }
  });

  test("is listed in lines that fit the terminal", () => {
    const lines = listText(60).split("\n");
    expect(lines).toContain("normal(loc, scale)");
    for (const line of lines.filter((text) => text.startsWith(" "))) expect(line.length).toBeLessThanOrEqual(60);
  });
});

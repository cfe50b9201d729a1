import { readFileSync } from "node:fs";
import type { Nested, tensor } from "credence";
import { Categorical, type Distribution, MixtureSameFamily, Normal } from "credence/distributions";
import { describe, expect, test } from "vitest";

type Argument = number | string | readonly Argument[];
interface Case {
  readonly args: readonly Argument[];
  readonly expected: string;
  readonly cond?: number;
}
const references = JSON.parse(readFileSync(new URL("references.json", import.meta.url), "utf8")) as {
  readonly cases: Readonly<Record<string, readonly Case[]>>;
};

const numberOf = (text: Argument): number | Nested => {
  if (Array.isArray(text)) return text.map((item: Argument) => numberOf(item)) as Nested;
  return text === "inf" ? Number.POSITIVE_INFINITY : text === "-inf" ? Number.NEGATIVE_INFINITY : Number(text);
};

type Numbers = readonly (number | Nested)[];
/** The distribution, and where the value or level stands among the arguments. */
const families: Record<string, { readonly of: (a: Numbers) => Distribution; readonly value: number }> = {
  Normal: { of: ([loc, scale]) => new Normal({ loc: loc!, scale: scale! }), value: 2 },
  MixtureNormal: {
    of: ([logits, loc, scale]) =>
      new MixtureSameFamily({
        mixture: new Categorical({ logits: logits! }),
        components: new Normal({ loc: loc!, scale: scale! }),
      }),
    value: 3,
  },
  Categorical: { of: ([probs]) => new Categorical({ probs: probs! }), value: 1 },
  CategoricalLogits: { of: ([logits]) => new Categorical({ logits: logits! }), value: 1 },
};
const methods = {
  log_prob: "logProb",
  cdf: "cdf",
  sf: "survival",
  log_cdf: "logCdf",
  log_sf: "logSurvival",
  icdf: "quantile",
  mean: "mean",
  variance: "variance",
  entropy: "entropy",
} as const;

/** Units of 2^-53 that a result may be off, beside what an argument's rounding would do: 4 is two units in the last place. */
const OWN = 4;

describe("reference values", () => {
  test.each(Object.entries(references.cases))("%s", (name, cases) => {
    const [family, method] = name.split(".") as [keyof typeof families, keyof typeof methods];
    for (const { args, expected, cond = 0 } of cases) {
      const numbers = args.map(numberOf);
      const d = families[family]!.of(numbers);
      const value = numbers[families[family]!.value];
      const ask = d[methods[method]] as (x?: number | Nested) => ReturnType<typeof tensor>;
      const got = ask.call(d, value).item();
      const is = Number(expected.replace("inf", "Infinity"));
      const shown = `${name}(${JSON.stringify(args)}) is ${is}, not ${got}`;
      if (!Number.isFinite(is) || is === 0) expect(got + 0, shown).toBe(is);
      // below the normal numbers, a step of the subnormal ones
      else expect(Math.abs(got - is), shown).toBeLessThanOrEqual((OWN + cond) * 2 ** -53 * Math.abs(is) + 2 ** -1074);
    }
  });
});

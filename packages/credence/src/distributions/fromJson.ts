import { fail, nearest } from "../errors.js";
import { type Nested, type TensorLike, tensor } from "../graph/literal.js";
import type { Categorical } from "./categorical.js";
import type { Distribution } from "./distribution.js";
import { families } from "./families.js";
import { Independent } from "./independent.js";
import { MixtureSameFamily } from "./mixtureSameFamily.js";
import type { DistributionJson, JsonNumbers } from "./toJson.js";

type Reader = (json: DistributionJson) => Distribution;

/** Distributions made of others. */
const wrappers: Readonly<Record<string, Reader>> = {
  Independent: (json) => new Independent(part(json, "base"), json.reinterpretedBatchRank as number),
  MixtureSameFamily: (json) =>
    new MixtureSameFamily({
      mixture: part(json, "mixture") as Categorical,
      components: part(json, "components"),
    }),
};

/**
 * The distribution that `toJSON` described. The parameters are checked as in the constructor.
 *
 * @param json  a parsed object, not text
 * @throws CredenceError `argument`: not such an object, or a family that does not exist; `domain` and `shape` as the constructors
 */
export function fromJSON(json: DistributionJson): Distribution {
  const name = json?.distribution;
  if (typeof name !== "string") {
    fail({
      code: "argument",
      given: "fromJSON: an object without the name of a distribution",
      allowed: '{ "distribution": "Normal", "parameters": { "loc": 0, "scale": 1 } }',
      mend: "give what toJSON() returned; parse text with JSON.parse first",
    });
  }
  if (Object.hasOwn(wrappers, name)) return wrappers[name]!(json);
  if (!Object.hasOwn(families, name)) {
    const near = nearest(name, [...Object.keys(families), ...Object.keys(wrappers)]);
    fail({
      code: "argument",
      given: `fromJSON: there is no distribution ${JSON.stringify(name)}`,
      ...(near === undefined ? {} : { mend: `write ${JSON.stringify(near)}` }),
    });
  }
  const Family = families[name as keyof typeof families] as unknown as new (
    parameters: Record<string, TensorLike>,
  ) => Distribution;
  const parameters = Object.entries(json.parameters ?? {}).map(([key, numbers]) => [key, read(numbers, json, key)]);
  return new Family(Object.fromEntries(parameters));
}

function part(json: DistributionJson, key: string): Distribution {
  return fromJSON(json[key] as DistributionJson);
}

function read(numbers: JsonNumbers, json: DistributionJson, key: string): TensorLike {
  const parse = (x: JsonNumbers): number | Nested => {
    if (Array.isArray(x)) return (x as readonly JsonNumbers[]).map(parse) as Nested;
    if (typeof x === "number") return x;
    if (x === "Infinity" || x === "-Infinity" || x === "NaN") return Number(x);
    return fail({
      code: "argument",
      given: `fromJSON: ${json.distribution}'s ${key} holds ${JSON.stringify(x)}`,
      allowed: 'numbers, nested lists of numbers, "Infinity", "-Infinity" or "NaN"',
    });
  };
  const { dtype } = json;
  if (dtype !== undefined && dtype !== "float32" && dtype !== "float64") {
    fail({
      code: "argument",
      given: `fromJSON: dtype is ${JSON.stringify(dtype)}`,
      allowed: '"float32" or "float64"',
    });
  }
  return dtype === undefined ? parse(numbers) : tensor(parse(numbers), { dtype });
}

import { bijectorFromJSON } from "../bijectors/fromJson.js";
import type { BijectorJson } from "../bijectors/json.js";
import { fail, nearest } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import type { Categorical } from "./categorical.js";
import { Censored } from "./censored.js";
import { Discretized } from "./discretized.js";
import { DiscretizedLogisticMixture } from "./discretizedLogisticMixture.js";
import type { Distribution } from "./distribution.js";
import { Empirical } from "./empirical.js";
import { families } from "./families.js";
import { Hurdle } from "./hurdle.js";
import { Independent } from "./independent.js";
import { LKJCholesky } from "./lkjCholesky.js";
import { Mixture } from "./mixture.js";
import { MixtureSameFamily } from "./mixtureSameFamily.js";
import { readNumbers } from "./readNumbers.js";
import type { DistributionJson, JsonNumbers } from "./toJson.js";
import { Transformed } from "./transformed.js";
import { Truncated } from "./truncated.js";
import { ZeroInflated } from "./zeroInflated.js";

type Reader = (json: DistributionJson) => Distribution;

/** Distributions made of others. */
const wrappers: Readonly<Record<string, Reader>> = {
  Censored: (json) =>
    new Censored({ base: part(json, "base"), ...(parameters(json) as { low: TensorLike; high: TensorLike }) }),
  Discretized: (json) =>
    new Discretized({ base: part(json, "base"), ...(parameters(json) as { low: TensorLike; high: TensorLike }) }),
  DiscretizedLogisticMixture: (json) =>
    new DiscretizedLogisticMixture({
      ...(parameters(json) as { logits: TensorLike; locs: TensorLike; logScales: TensorLike }),
      levels: json.levels as number,
    }),
  Empirical: (json) => {
    const { samples, weights } = json as unknown as Record<"samples" | "weights", JsonNumbers>;
    return new Empirical({ samples: read(samples, json, "samples"), weights: read(weights, json, "weights") });
  },
  Hurdle: (json) => new Hurdle({ base: part(json, "base"), ...(parameters(json) as { gate: TensorLike }) }),
  LKJCholesky: (json) =>
    new LKJCholesky({
      ...(parameters(json) as { concentration: TensorLike }),
      dimension: json.dimension as number,
    }),
  Mixture: (json) =>
    new Mixture({
      mixture: part(json, "mixture") as Categorical,
      components: (json.components as readonly DistributionJson[]).map(fromJSON),
    }),
  Truncated: (json) =>
    new Truncated({ base: part(json, "base"), ...(parameters(json) as { low: TensorLike; high: TensorLike }) }),
  ZeroInflated: (json) => new ZeroInflated({ base: part(json, "base"), ...(parameters(json) as { gate: TensorLike }) }),
  Independent: (json) => new Independent(part(json, "base"), json.reinterpretedBatchRank as number),
  MixtureSameFamily: (json) =>
    new MixtureSameFamily({
      mixture: part(json, "mixture") as Categorical,
      components: part(json, "components"),
    }),
  Transformed: (json) =>
    new Transformed({ base: part(json, "base"), bijector: bijectorFromJSON(json.bijector as BijectorJson) }),
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
  return new Family(parameters(json));
}

function parameters(json: DistributionJson): Record<string, TensorLike> {
  return Object.fromEntries(
    Object.entries(json.parameters ?? {}).map(([key, numbers]) => [key, read(numbers, json, key)]),
  );
}

function part(json: DistributionJson, key: string): Distribution {
  return fromJSON(json[key] as DistributionJson);
}

const read = (numbers: JsonNumbers, json: DistributionJson, key: string): TensorLike =>
  readNumbers(json.distribution, json.dtype, key, numbers);

import { readNumbers } from "../distributions/readNumbers.js";
import { fail, nearest } from "../errors.js";
import { Affine } from "./affine.js";
import type { Bijector } from "./bijector.js";
import { Chain } from "./chain.js";
import { CholeskyFactor } from "./choleskyFactor.js";
import { CorrelationCholesky } from "./correlationCholesky.js";
import { Exp } from "./exp.js";
import { Identity } from "./identity.js";
import { Inverse } from "./inverse.js";
import type { BijectorJson } from "./json.js";
import { Log } from "./log.js";
import { OnEach } from "./onEach.js";
import { Ordered } from "./ordered.js";
import { Permute } from "./permute.js";
import { PositiveDefinite } from "./positiveDefinite.js";
import { Power } from "./power.js";
import { RationalQuadraticSpline } from "./rationalQuadraticSpline.js";
import { Sigmoid } from "./sigmoid.js";
import { Softplus } from "./softplus.js";
import { StickBreaking } from "./stickBreaking.js";
import { Tanh } from "./tanh.js";

/** Bijectors whose constructor takes parameters by name, or nothing. */
const families = {
  Affine,
  CholeskyFactor,
  CorrelationCholesky,
  Exp,
  Identity,
  Log,
  Ordered,
  PositiveDefinite,
  Power,
  RationalQuadraticSpline,
  Sigmoid,
  Softplus,
  StickBreaking,
  Tanh,
} as const;

type Reader = (json: BijectorJson, parts: readonly Bijector[]) => Bijector;

/** Those made of others, or of lists. */
const others: Readonly<Record<string, Reader>> = {
  Chain: (_, parts) => new Chain(parts),
  Inverse: (_, [part]) => new Inverse(part!),
  OnEach: ({ axes }, [part]) => new OnEach(part!, axes as number),
  Permute: ({ permutation }) => new Permute(permutation as number[]),
};

/**
 * The bijector that `toJSON` described.
 *
 * @param json  a parsed object, not text
 * @throws CredenceError `argument`: not such an object, or a bijector that does not exist; else as the constructors
 */
export function bijectorFromJSON(json: BijectorJson): Bijector {
  const name = json?.bijector;
  if (typeof name !== "string") {
    fail({
      code: "argument",
      given: "bijectorFromJSON: an object without the name of a bijector",
      allowed: '{ "bijector": "Affine", "parameters": { "loc": 0, "scale": 1 } }',
      mend: "give what toJSON() returned; parse text with JSON.parse first",
    });
  }
  if (Object.hasOwn(others, name)) return others[name]!(json, (json.parts ?? []).map(bijectorFromJSON));
  if (!Object.hasOwn(families, name)) {
    const near = nearest(name, [...Object.keys(families), ...Object.keys(others)]);
    fail({
      code: "argument",
      given: `bijectorFromJSON: there is no bijector ${JSON.stringify(name)}`,
      ...(near === undefined ? {} : { mend: `write ${JSON.stringify(near)}` }),
    });
  }
  const { bijector: _, dtype, parameters = {}, parts: __, ...settings } = json;
  const given = Object.entries(parameters).map(([key, numbers]) => [key, readNumbers(name, dtype, key, numbers)]);
  const Family = families[name as keyof typeof families] as unknown as new (
    parameters: Record<string, unknown>,
  ) => Bijector;
  return new Family({ ...settings, ...Object.fromEntries(given) });
}

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { CredenceError } from "../../src/errors.js";
import {
  type DensityModel,
  densityRegressor,
  load,
  readSafetensors,
  type TensorEntry,
  writeSafetensors,
} from "../../src/models/index.js";
import { refused } from "../support/refused.js";
import { runs } from "../support/runs.js";
import { mixed, quick } from "./tables.js";

const rows = mixed(40);
let model: DensityModel;
let bytes: Uint8Array;

beforeAll(async () => {
  model = await densityRegressor({ ...quick, hidden: [3], components: 2, ensemble: 2 }).fit(rows, {
    target: ["y", "z"],
  });
  bytes = model.toBytes();
});

// biome-ignore lint/suspicious/noExplicitAny: attacks put anything anywhere
type Config = any;
interface Parts {
  readonly config: Config;
  readonly tensors: Map<string, TensorEntry>;
  readonly metadata: Map<string, string>;
}

/** The model's file after a change of its parts, with a checksum that fits: only the meaning is wrong. */
function resealed(change: (parts: Parts) => void): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const config = JSON.parse(metadata.get("model")!);
  const before = JSON.stringify(config);
  change({ config, tensors, metadata });
  const after = JSON.stringify(config);
  if (after !== before) metadata.set("model", after);
  return writeSafetensors(tensors, metadata);
}

const configured = (source: string): Uint8Array => resealed(({ metadata }) => metadata.set("model", source));

describe("damage on the way", () => {
  test("a file cut short anywhere is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), async (length) => {
        await refused("file", () => load(bytes.subarray(0, length)));
      }),
      runs(60),
    );
  });

  test("a flipped bit anywhere is refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
        const damaged = bytes.slice();
        damaged[at]! ^= 1 << bit;
        await refused("file", () => load(damaged));
      }),
      runs(150),
    );
  });

  test("bytes added at the end are refused", async () => {
    await refused("file", () => load(Uint8Array.of(...bytes, 0)));
  });
});

describe("files made to harm, or by another program", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  const attacks: Record<string, [change: (parts: Parts) => void, message: RegExp]> = {
    "another format": [({ metadata }) => metadata.set("format", "pt"), /its format is "pt"/],
    "no format": [({ metadata }) => metadata.delete("format"), /its format is "not stated"/],
    "no configuration": [({ metadata }) => metadata.delete("model"), /not JSON/],
    "a configuration that is no JSON": [({ metadata }) => metadata.set("model", "{"), /not JSON/],
    "a configuration that is a list": [({ metadata }) => metadata.set("model", "[]"), /model is a list of 0/],
    "a configuration that is null": [({ metadata }) => metadata.set("model", "null"), /model is null/],
    "200,000 nested lists": [({ metadata }) => metadata.set("model", deep), /model is a list of 1/],
    "200,000 nested lists for a family": [
      ({ metadata }) => metadata.set("model", metadata.get("model")!.replace('"family":"mixture"', `"family":${deep}`)),
      /family is a list of 1/,
    ],
    "no options": [({ config }) => delete config.options, /options is missing/],
    "options by inheritance": [
      ({ metadata }) => metadata.set("model", metadata.get("model")!.replace('"options":', '"__proto__":')),
      /options is missing/,
    ],
    "an unknown family": [({ config }) => (config.options.family = "toString"), /family is "toString"/],
    "a number as text": [({ config }) => (config.options.components = "2"), /components is "2"/],
    "no components": [({ config }) => (config.options.components = 0), /components is 0/],
    "a billion components": [({ config }) => (config.options.components = 1e9), /components is 1000000000/],
    "as many components as are allowed": [
      ({ config }) => (config.options.components = 1000),
      /F32 of shape|tensors|weights/,
    ],
    "a hidden layer of 2^40 units": [
      ({ config }) => (config.options.hidden = [2 ** 40]),
      /hidden is \[1099511627776\]/,
    ],
    "a hidden layer of half a unit": [({ config }) => (config.options.hidden = [1.5]), /hidden is 1.5/],
    "hidden layers that take 4 TB": [
      ({ config }) => (config.options.hidden = Array(100).fill(65536)),
      /network of over \d+ weights/,
    ],
    "101 hidden layers": [({ config }) => (config.options.hidden = Array(101).fill(1)), /hidden is a list of 101/],
    "an ensemble of 1000": [({ config }) => (config.options.ensemble = 1000), /it holds \d+ tensors/],
    "an ensemble of fewer": [({ config }) => (config.options.ensemble = 1), /it holds \d+ tensors/],
    "a learning rate of null": [({ config }) => (config.options.learningRate = null), /learningRate is null/],
    "no inputs": [({ config }) => (config.inputs = []), /no inputs or no targets/],
    "no targets": [({ config }) => (config.targets = []), /no inputs or no targets/],
    "an input of another kind": [({ config }) => (config.inputs[0].kind = "function"), /input kind is "function"/],
    "an input without a name": [({ config }) => delete config.inputs[0].name, /input name is missing/],
    "a million inputs": [({ config }) => (config.inputs = Array(100_001).fill(0)), /inputs is a list of 100001/],
    "a spread of 0": [({ config }) => (config.inputs[0].sd = 0), /input sd is 0/],
    "a flag that is no flag": [({ config }) => (config.inputs[0].flag = 1), /flag of input "x" is 1/],
    "categories that are numbers": [({ config }) => (config.inputs[1].categories = [1]), /category is 1/],
    "another number of categories": [({ config }) => config.inputs[1].categories.push("pink"), /F32 of shape|weights/],
    "a negative floor": [({ config }) => (config.targets[0].floor = -1), /target floor is -1/],
    "a floor beyond float32": [
      ({ config }) => Object.assign(config.targets[0], { sd: 1e-300, floor: 1e300 }),
      /target floor 1e\+300/,
    ],
    "fewer residuals": [({ config }) => config.residuals.pop(), /residuals and targets differ/],
    "a summary of another kind": [({ config }) => (config.summary = "fine"), /summary is "fine"/],
    "a negative count": [({ config }) => (config.summary.rows = -1), /rows is -1/],
    "an unknown reason to stop": [({ config }) => (config.summary.stoppedBy = "boredom"), /stoppedBy is "boredom"/],
    "notes that are objects": [({ config }) => (config.summary.notes = [{}]), /note is an object/],
    "a missing tensor": [({ tensors }) => tensors.delete("member1.0.bias"), /it holds \d+ tensors/],
    "an extra tensor": [({ tensors }) => tensors.set("extra", tensors.get("member0.0.bias")!), /it holds \d+ tensors/],
    "a tensor by another name": [
      ({ tensors }) => {
        tensors.set("member2.0.bias", tensors.get("member1.0.bias")!);
        tensors.delete("member1.0.bias");
      },
      /member1\.0\.bias is missing/,
    ],
    "a tensor of another shape": [
      ({ tensors }) => tensors.set("member0.0.bias", { dtype: "F32", shape: [1, 3], data: new Float32Array(3) }),
      /member0\.0\.bias is missing or of another shape/,
    ],
    "a tensor of another type": [
      ({ tensors }) => tensors.set("member0.0.bias", { dtype: "I32", shape: [3], data: new Int32Array(3) }),
      /member0\.0\.bias is missing or of another shape/,
    ],
    "a weight that is NaN": [({ tensors }) => (tensors.get("member0.0.bias")!.data[1] = Number.NaN), /NaN or infinity/],
    "a weight that is infinite": [
      ({ tensors }) => (tensors.get("member0.0.bias")!.data[1] = Number.POSITIVE_INFINITY),
      /NaN or infinity/,
    ],
  };

  test.each(Object.entries(attacks))("%s", async (_, [change, message]) => {
    expect(await refused("file", () => load(resealed(change)))).toMatch(message);
  });

  test("no attack leaves a mark on objects", async () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const poisoned = configured('{"__proto__":{"polluted":1},"options":{"__proto__":{"family":"mse"}}}');
    await refused("file", () => load(poisoned));
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as Config).polluted).toBeUndefined();
  });

  test("names that lead to prototypes are names like others", async () => {
    const named = resealed(({ config }) => {
      config.inputs[0].name = "__proto__";
      config.targets[0].name = "constructor";
    });
    expect((await load(named)).inputs[0]).toEqual({ name: "__proto__", kind: "number" });
  });
});

/** All places in a JSON value, as lists of keys. */
const placesOf = (value: Config, path: string[] = []): string[][] =>
  value !== null && typeof value === "object"
    ? [path, ...Object.keys(value).flatMap((key) => placesOf(value[key], [...path, key]))]
    : [path];

test("any value anywhere in the configuration: refused as a file, or a model", async () => {
  const places = placesOf(JSON.parse(readSafetensors(bytes).metadata.get("model")!)).filter((path) => path.length > 0);
  const numbersOfAllKinds = fc.constantFrom(0, -1, 0.5, 1e-320, 1e308, 2 ** 31, 2 ** 53, 1000, 65536, 3);
  const value = fc.oneof(numbersOfAllKinds, fc.jsonValue({ maxDepth: 2 }));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), value, async (path, replacement) => {
      const changed = resealed(({ config }) => {
        const holder = path.slice(0, -1).reduce((at, key) => at[key], config);
        holder[path.at(-1)!] = replacement;
      });
      const answer = await load(changed).catch((error) => error);
      if (answer instanceof Error) {
        expect(answer).toBeInstanceOf(CredenceError);
        expect((answer as CredenceError).code).toBe("file");
      } else {
        expect(answer.toBytes().length).toBeGreaterThan(0);
      }
    }),
    runs(400),
  );
});

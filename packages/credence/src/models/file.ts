import { CredenceError, fail } from "../errors.js";
import { DensityModel, type ModelParts, networkSpecOf, type Weight } from "./densityModel.js";
import { familyNames } from "./families.js";
import type { InputSpec } from "./inputs.js";
import { finite, LONGEST_TEXT, list, maybeNumber, oneOf, record, text, whole } from "./json.js";
import { weightShapes } from "./member.js";
import { resolveOptions } from "./options.js";
import { limits, refuse } from "./safetensors/format.js";
import { readSafetensors, type TensorEntry, writeSafetensors } from "./safetensors.js";
import type { TargetSpec } from "./targets.js";
import type { FitSummary, ResolvedOptions } from "./types.js";

/**
 * The file of a model: one safetensors file whose metadata holds the configuration as JSON. What is read is copied field by
 * field into new objects and checked; shapes are derived from the configuration again. Nothing in a file is executed.
 */
const FORMAT = "credence density model 1";
const stops = ["epochs", "earlyStopping", "nonFinite", "aborted", "callback"] as const;

export function writeModel(parts: ModelParts): Uint8Array {
  const { options, inputs, targets, residuals, summary } = parts;
  const tensors = new Map<string, TensorEntry>();
  parts.members.forEach((weights, i) => {
    for (const { path, shape, data } of weights) tensors.set(`member${i}.${path}`, { dtype: "F32", shape, data });
  });
  const { rows, trainingRows, validationRows, parameters, epochs, steps, trainNll, validationNll, stoppedBy, notes } =
    summary;
  const members = summary.members.map(({ bestEpoch, stoppedBy: by, steps: count }) => ({
    bestEpoch,
    stoppedBy: by,
    steps: count,
  }));
  // no times: the same fit gives the same bytes
  const kept = {
    rows,
    trainingRows,
    validationRows,
    parameters,
    epochs,
    steps,
    trainNll,
    validationNll,
    stoppedBy,
    notes,
    members,
  };
  const model = JSON.stringify({ options, inputs, targets, residuals, summary: kept });
  return writeSafetensors(tensors, { format: FORMAT, model });
}

/** Room in the header for what training adds to the configuration, and for each tensor's entry. */
const SUMMARY_BYTES = 50_000;
const ENTRY_BYTES = 150;

/**
 * Refuses, before anything is trained, a model that its file could not hold.
 *
 * @throws CredenceError `argument`: too many members, or too much text in column names and categories
 */
export function checkStorable({ options, inputs, targets }: Pick<ModelParts, "options" | "inputs" | "targets">): void {
  const tensors = options.ensemble * weightShapes(networkSpecOf({ options, inputs, targets })).length;
  if (tensors > limits.tensors) {
    fail({
      code: "argument",
      given: `fit: ${options.ensemble} members of ${options.hidden.length} hidden layers have ${tensors} tensors`,
      allowed: `${limits.tensors} in one model file`,
      mend: "a smaller ensemble",
    });
  }
  const bytes = new TextEncoder().encode(JSON.stringify(JSON.stringify({ options, inputs, targets }))).length;
  const room = limits.headerBytes - SUMMARY_BYTES - tensors * ENTRY_BYTES;
  const longest = inputs
    .flatMap((input) => (input.kind === "text" ? input.categories : []))
    .find((c) => c.length > LONGEST_TEXT);
  if (bytes > room || longest !== undefined) {
    fail({
      code: "argument",
      given:
        longest === undefined
          ? `fit: names and categories of the columns take ${bytes} bytes`
          : `fit: a text of ${longest.length} characters is among the categories`,
      allowed:
        longest === undefined ? `${room} bytes in one model file` : `texts of at most ${LONGEST_TEXT} characters`,
      mend: "leave out text columns that are free text rather than kinds",
    });
  }
}

/**
 * The model of a file's bytes.
 *
 * @throws CredenceError `file`: truncated, corrupted, of another kind or version, or made to harm
 */
export async function load(bytes: Uint8Array): Promise<DensityModel> {
  const { tensors, metadata } = readSafetensors(bytes, { finite: true });
  if (metadata.get("format") !== FORMAT) {
    refuse(
      `its format is ${JSON.stringify(metadata.get("format") ?? "not stated")}`,
      `"${FORMAT}"`,
      "use a file that credence fit wrote",
    );
  }
  const json = parse(metadata.get("model") ?? "");
  const top = record(json, "model");
  const options = optionsOf(record(top("options"), "options"));
  const inputs = list(top("inputs"), "inputs", 100_000).map(inputOf);
  const targets = list(top("targets"), "targets", 1000).map(targetOf);
  if (inputs.length === 0 || targets.length === 0) refuse("it has no inputs or no targets", "at least one of each");
  const residuals = list(top("residuals"), "residuals", 1000).map((x) => finite(x, "residual", { above: 0 }));
  if (residuals.length !== targets.length) refuse("residuals and targets differ in number", "one residual a target");
  const parts = { options, inputs, targets, residuals, summary: summaryOf(record(top("summary"), "summary")) };
  return new DensityModel({ ...parts, members: membersOf(tensors, parts) });
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return refuse("its configuration is not JSON", "the JSON that credence wrote");
  }
}

function optionsOf(field: (name: string) => unknown): ResolvedOptions {
  const limit = (name: "low" | "high" | "totalCount") =>
    field(name) === undefined ? {} : { [name]: finite(field(name), name) };
  const options = {
    family: oneOf(field("family"), "family", [...familyNames, "mse"]),
    components: whole(field("components"), "components"),
    hidden: list(field("hidden"), "hidden", 100).map((n) => whole(n, "hidden")),
    epochs: whole(field("epochs"), "epochs"),
    batchSize: whole(field("batchSize"), "batchSize"),
    validation: finite(field("validation"), "validation"),
    learningRate: finite(field("learningRate"), "learningRate"),
    patience: whole(field("patience"), "patience"),
    ensemble: whole(field("ensemble"), "ensemble"),
    seed: whole(field("seed"), "seed"),
    ...limit("low"),
    ...limit("high"),
    ...limit("totalCount"),
  };
  try {
    return resolveOptions(options);
  } catch (error) {
    if (error instanceof CredenceError) refuse(error.facts.given, error.facts.allowed ?? "an option in its range");
    throw error;
  }
}

function inputOf(value: unknown): InputSpec {
  const field = record(value, "input");
  const name = text(field("name"), "input name");
  if (oneOf(field("kind"), "input kind", ["number", "text"] as const) === "text") {
    return {
      kind: "text",
      name,
      categories: list(field("categories"), "categories", 1000).map((c) => text(c, "category")),
    };
  }
  const flag = field("flag");
  if (typeof flag !== "boolean") refuse(`flag of input ${JSON.stringify(name)} is ${String(flag)}`, "true or false");
  return {
    kind: "number",
    name,
    mean: finite(field("mean"), "input mean"),
    sd: finite(field("sd"), "input sd", { above: 0 }),
    flag: flag === true,
  };
}

function targetOf(value: unknown): TargetSpec {
  const field = record(value, "target");
  const name = text(field("name"), "target name");
  const mean = finite(field("mean"), "target mean");
  const sd = finite(field("sd"), "target sd", { above: 0 });
  const floor = finite(field("floor"), "target floor", { above: 0 });
  // the network computes with this share in float32
  if (!Number.isFinite(Math.fround(floor / sd)))
    refuse(`target floor ${floor} is beyond all measure of sd ${sd}`, "a floor near sd or below");
  const end = (key: "low" | "high") => (field(key) === undefined ? {} : { [key]: finite(field(key), `target ${key}`) });
  return { name, mean, sd, floor, ...end("low"), ...end("high") };
}

function summaryOf(field: (name: string) => unknown): FitSummary {
  return {
    rows: whole(field("rows"), "rows"),
    trainingRows: whole(field("trainingRows"), "trainingRows"),
    validationRows: whole(field("validationRows"), "validationRows"),
    validationIndices: [],
    parameters: whole(field("parameters"), "parameters"),
    epochs: whole(field("epochs"), "epochs"),
    steps: whole(field("steps"), "steps"),
    seconds: Number.NaN,
    stepMilliseconds: Number.NaN,
    trainNll: maybeNumber(field("trainNll"), "trainNll"),
    validationNll: maybeNumber(field("validationNll"), "validationNll"),
    stoppedBy: oneOf(field("stoppedBy"), "stoppedBy", stops),
    notes: list(field("notes"), "notes", 10_000).map((note) => text(note, "note")),
    members: list(field("members"), "members", 1000).map((value) => {
      const member = record(value, "member");
      return {
        epochs: [],
        bestEpoch: whole(member("bestEpoch"), "bestEpoch"),
        stoppedBy: oneOf(member("stoppedBy"), "stoppedBy", stops),
        steps: whole(member("steps"), "steps"),
      };
    }),
  };
}

/** The members' weights: each the configuration asks for, of its shape, and none beside. */
function membersOf(
  tensors: ReadonlyMap<string, TensorEntry>,
  parts: Pick<ModelParts, "options" | "inputs" | "targets">,
): Weight[][] {
  // refused before any network is built: sizes in the configuration must be covered by bytes in the file
  const size = [...tensors.values()].reduce((sum, t) => sum + t.data.length, 0);
  const { features, hidden, outputs, components } = networkSpecOf(parts);
  const widths = [features, ...hidden, outputs * components];
  const least =
    widths.slice(1).reduce((sum, width, i) => sum + width * (widths[i] as number), 0) / Math.max(1, components);
  if (least > size)
    refuse(
      `its configuration describes a network of over ${Math.round(least)} weights, it holds ${size}`,
      "all weights",
    );
  const shapes = weightShapes(networkSpecOf(parts));
  const expected = parts.options.ensemble * shapes.length;
  if (tensors.size !== expected) refuse(`it holds ${tensors.size} tensors`, `${expected}, as its configuration says`);
  return Array.from({ length: parts.options.ensemble }, (_, i) =>
    shapes.map(({ path, shape }) => {
      const entry = tensors.get(`member${i}.${path}`);
      const fits =
        entry?.dtype === "F32" && entry.shape.length === shape.length && entry.shape.every((n, d) => n === shape[d]);
      if (!fits)
        return refuse(`tensor member${i}.${path} is missing or of another shape`, `F32 of shape [${shape.join(", ")}]`);
      return { path, shape, data: (entry as TensorEntry).data as Float32Array };
    }),
  );
}

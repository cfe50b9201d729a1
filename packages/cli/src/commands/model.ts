/** A saved model, and the user's table as that model needs it. */
import { readFile } from "node:fs/promises";
import { CredenceError } from "credence";
import { type Column, type DensityModel, load, type Table } from "credence/models";
import { fail } from "../errors.js";
import { type RawTable, targetColumn, typeColumn } from "../table/index.js";
import { count, listNames, nearestName, quote } from "../table/words.js";

/** @throws UsageError when there is no such file or it is not a sound model */
export async function loadModel(file: string): Promise<DensityModel> {
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => failToRead(file, cause));
  try {
    return await load(bytes);
  } catch (cause) {
    if (!(cause instanceof CredenceError)) throw cause;
    const { given, allowed, mend } = cause.facts;
    if (isText(bytes)) failOnText(file, cause);
    return fail(
      {
        given: `${quote(file)}: ${given.replace(/\.$/, "")}`,
        allowed: allowed ?? "a model.safetensors that credence fit has written",
        mend: mend ?? "fit the model again, or copy the file again",
      },
      { cause },
    );
  }
}

/** No model begins with eight printable characters: they would say that its header takes 2^60 bytes. */
function isText(bytes: Uint8Array): boolean {
  return bytes.length > 0 && bytes.subarray(0, 8).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d));
}

function failOnText(file: string, cause: CredenceError): never {
  return fail(
    {
      given: `${quote(file)} is text, not a model`,
      allowed: "a model.safetensors that credence fit has written",
      mend: "the model comes first, then the table",
    },
    { cause },
  );
}

function failToRead(file: string, cause: NodeJS.ErrnoException): never {
  const allowed = "a model.safetensors that credence fit has written";
  switch (cause.code) {
    case "ENOENT":
    case "ENOTDIR":
      return fail({ given: `there is no model file ${quote(file)}`, allowed, mend: "check the path" }, { cause });
    case "EISDIR":
      return fail(
        { given: `${quote(file)} is a directory`, allowed, mend: `name the file in it: ${file}/model.safetensors` },
        { cause },
      );
    default:
      return fail({ given: `${quote(file)} cannot be read: ${cause.message}`, allowed }, { cause });
  }
}

/** The one column that the model predicts. @throws UsageError for a model of several */
export function soleTarget(file: string, model: DensityModel): string {
  const [target, another] = model.targets;
  if (target === undefined || another !== undefined) {
    return fail({
      given: `${quote(file)} predicts ${model.targets.length} columns at once: ${listNames(model.targets)}`,
      allowed: "a model of one target; the library takes the others",
    });
  }
  return target;
}

export interface ModelTable {
  readonly table: Table;
  readonly notes: readonly string[];
}

/** The model's inputs, and its target where that is asked for. @throws UsageError when a column is not there or not right */
export function tableFor(model: DensityModel, raw: RawTable, target?: string): ModelTable {
  const needed = [...model.inputs.map(({ name }) => name), ...(target === undefined ? [] : [target])];
  checkColumns(raw, needed, target);
  const columns = model.inputs.map(({ name, kind }): Column => typeColumn(raw, name, { as: kind }));
  if (target !== undefined) {
    columns.push({ name: target, kind: "number", values: targetColumn(raw, target, { purpose: "evaluate" }) });
  }
  return { table: { rows: raw.rows, columns }, notes: unknownTexts(model, columns) };
}

/** A note for each text input that holds values the model was not trained on. */
function unknownTexts(model: DensityModel, columns: readonly Column[]): string[] {
  return model.parts.inputs.flatMap((input) => {
    const column = columns.find(({ name }) => name === input.name);
    if (input.kind !== "text" || column?.kind !== "text") return [];
    const known = new Set(input.categories);
    const strange = [...new Set(column.values)].filter((value) => value !== "" && !known.has(value));
    if (strange.length === 0) return [];
    const rows = column.values.filter((value) => value !== "" && !known.has(value)).length;
    return `${quote(input.name)} holds texts that the model does not know, in ${count(rows, "row")}: ${listNames(strange, 3)}; they are taken as unknown`;
  });
}

function checkColumns(raw: RawTable, needed: readonly string[], target: string | undefined): void {
  const lacking = needed.filter((name) => !raw.names.includes(name));
  const [first] = lacking;
  if (first === undefined) return;
  const why = first === target ? "which the predictions are scored against" : "which the model needs";
  const more = lacking.length > 1 ? `, nor ${lacking.length - 1} more that are needed` : `, ${why}`;
  const spare = raw.names.filter((name) => !needed.includes(name));
  const near = nearestName(first, spare);
  fail({
    given: `${raw.label} has no column ${quote(first)}${more}`,
    allowed: `a table with ${listNames(needed)}`,
    mend:
      near === undefined
        ? first === target
          ? "add the true values, or ask for predictions with credence predict"
          : "add it; leave its cells empty where it is not known"
        : `rename ${quote(near)} to ${quote(first)}?`,
  });
}

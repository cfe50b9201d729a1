import { createWriteStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
import { setImmediate } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { Command, Option } from "commander";
import type { DensityModel, Table } from "credence/models";
import { fail } from "../errors.js";
import { writeWhole } from "../files.js";
import { count } from "../report/format.js";
import { type Cell, type RawTable, readTable, writeCsv } from "../table/index.js";
import { quote } from "../table/words.js";
import { say, sayNote } from "../terminal.js";
import { loadModel, soleTarget, tableFor } from "./model.js";
import { numbersBetween, seedNumber, wholeNumber } from "./options.js";
import { blocksOf, type PredictedColumn, predictedColumns, type Wanted } from "./predict/columns.js";
import { freeNames } from "./predict/names.js";

interface PredictFlags {
  /** false: none. */
  readonly quantiles: readonly number[] | false;
  readonly mean?: boolean;
  readonly samples?: number;
  readonly params?: boolean;
  readonly seed: number;
  readonly output?: string;
}

const DEFAULT_QUANTILES: readonly number[] = [0.05, 0.5, 0.95];

export function predictCommand(): Command {
  return new Command("predict")
    .summary("add predicted quantiles, means or draws to a table")
    .description("Writes the table's columns and the predictions as CSV: y_q0.05, y_mean, y_sample1, y_loc1 and so on.")
    .argument("<model>", "a model.safetensors of credence fit")
    .argument("<table>", "a CSV or TSV file, plain or .gz, or - for standard input; with the model's inputs")
    .addOption(
      new Option("--quantiles <probabilities>", "quantiles to predict, parted by commas")
        .argParser(numbersBetween("--quantiles", 0, 1, DEFAULT_QUANTILES.join(",")))
        .default(DEFAULT_QUANTILES, DEFAULT_QUANTILES.join(",")),
    )
    .option("--no-quantiles", "leave the quantiles out")
    .option("--mean", "add the mean")
    .option("--samples <n>", "add n draws a row", wholeNumber("--samples", { least: 1, most: 100_000 }))
    .option(
      "--params",
      "add the numbers that make up the distribution: weights, means and scales of normals, or a family's",
    )
    .option("--seed <n>", "the same seed gives the same draws", seedNumber("--seed"), 1)
    .option("-o, --output <file>", "write here rather than to stdout; packed where it ends in .gz")
    .addHelpText(
      "after",
      `
Example:
  $ credence predict runs/minutes/model.safetensors today.csv --quantiles 0.1,0.5,0.9 | head -3
  $ credence predict runs/minutes/model.safetensors today.csv --no-quantiles --samples 100 --seed 7 -o draws.csv.gz

Draws lose information: for later stages keep --params, the distribution itself.`,
    )
    .action(predict);
}

async function predict(file: string, source: string, flags: PredictFlags): Promise<void> {
  const wanted: Wanted = {
    quantiles: flags.quantiles || [],
    mean: flags.mean === true,
    samples: flags.samples ?? 0,
    params: flags.params === true,
    seed: flags.seed,
  };
  if (wanted.quantiles.length === 0 && !wanted.mean && wanted.samples === 0 && !wanted.params) {
    fail({
      given: "--no-quantiles leaves nothing to predict",
      allowed: "at least one of --quantiles, --mean, --samples and --params",
    });
  }
  const model = await loadModel(file);
  const target = soleTarget(file, model);
  if (flags.output !== undefined) await checkOutput(flags.output, [file, source]);
  const raw = await readTable(source);
  const { table, notes } = tableFor(model, raw);
  for (const note of notes) sayNote(note);
  const write = (out: Writable) => writePredictions(out, { model, target, raw, table, wanted });
  if (flags.output === undefined) await write(process.stdout);
  else {
    await writeFile(flags.output, write);
    say(`  ${count(raw.rows, "row")} -> ${flags.output}`);
  }
}

interface Task {
  readonly model: DensityModel;
  readonly target: string;
  readonly raw: RawTable;
  readonly table: Table;
  readonly wanted: Wanted;
}

/** The header, then each row of the table with its predictions. */
async function writePredictions(out: Writable, { model, target, raw, table, wanted }: Task): Promise<void> {
  const names = raw.names.map((name) => (name === raw.rowNames ? "" : name));
  for (const { block, from, rows } of blocksOf(table)) {
    const added = predictedColumns(model, target, rows, wanted, block);
    const predictedNames = added.map(({ name }) => name);
    if (block === 0) await writeCsv(out, [[...names, ...addedNames(predictedNames, raw)]]);
    await writeCsv(out, rowsOf(raw, from, rows.rows, added));
    await setImmediate(); // Ctrl-C is heard between blocks
  }
}

function* rowsOf(raw: RawTable, from: number, rows: number, added: readonly PredictedColumn[]): Generator<Cell[]> {
  for (let row = 0; row < rows; row++) {
    const cells = raw.columns.map((column) => column[from + row] as string);
    yield [...cells, ...added.map(({ values }) => rounded(values[row] as number))];
  }
}

function addedNames(wanted: readonly string[], raw: RawTable): string[] {
  const names = freeNames(wanted, raw.names);
  const renamed = names.findIndex((name, i) => name !== wanted[i]);
  if (renamed >= 0) {
    sayNote(
      `${raw.label} has a column ${quote(wanted[renamed] as string)} already: the new one is ${quote(names[renamed] as string)}`,
    );
  }
  return names;
}

/** Far finer than the network's single precision, without the digits that only tell how numbers are stored. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

async function writeFile(file: string, write: (out: Writable) => Promise<void>): Promise<void> {
  const writeTo = async (place: string): Promise<void> => {
    const sink = createWriteStream(place);
    const packed = file.endsWith(".gz") ? createGzip() : undefined;
    const ended = packed === undefined ? finished(sink) : pipeline(packed, sink);
    const out = packed ?? sink;
    await Promise.all([write(out).then(() => out.end()), ended]);
  };
  const found = await stat(file).catch(() => undefined);
  // a pipe or a device such as /dev/null must not be replaced by a file, nor a link by what it leads to
  if (found !== undefined && !found.isFile()) await writeTo(file);
  else await writeWhole(found === undefined ? file : await realpath(file), writeTo);
}

/** @throws UsageError when there is no such folder, or the predictions would replace what they are made from */
async function checkOutput(output: string, sources: readonly string[]): Promise<void> {
  const isFolder = async (at: string): Promise<boolean> =>
    (await stat(at).catch(() => undefined))?.isDirectory() === true;
  if (await isFolder(output)) fail({ given: `-o ${quote(output)} is a folder`, mend: "name a file in it" });
  const folder = path.dirname(output);
  if (!(await isFolder(folder))) {
    fail({ given: `-o ${quote(output)}: there is no folder ${quote(folder)}`, mend: "make it first, or name another" });
  }
  const place = await realpath(output).catch(() => undefined);
  if (place === undefined) return;
  for (const source of sources) {
    if (source !== "-" && place === (await realpath(source).catch(() => undefined))) {
      fail({ given: `-o ${quote(output)} would replace ${quote(source)}`, mend: "name another file" });
    }
  }
}

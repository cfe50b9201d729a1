/** The options of how to train, which `fit` and `compare` share. */
import type { Command } from "commander";
import type { DensityOptions } from "credence/models";
import { anyNumber, columnNames, defined, numberBetween, seedNumber, wholeNumber, wholeNumbers } from "./options.js";

export interface TrainingFlags {
  readonly target: string;
  readonly inputs?: readonly string[];
  readonly text?: readonly string[];
  readonly components?: number;
  readonly low?: number;
  readonly high?: number;
  readonly totalCount?: number;
  readonly hidden?: readonly number[];
  readonly epochs?: number;
  readonly batch?: number;
  readonly validation?: number;
  readonly learningRate?: number;
  readonly patience?: number;
  readonly ensemble?: number;
  readonly seed?: number;
}

/** Which columns to use. */
export function columnOptions(command: Command): Command {
  return command
    .requiredOption("--target <column>", "the column to predict: numbers")
    .option(
      "--inputs <columns>",
      "columns to predict from, parted by commas (default: all others)",
      columnNames("--inputs"),
    )
    .option("--text <columns>", "columns to read as text, such as codes that look like numbers", columnNames("--text"));
}

export function trainingOptions(command: Command): Command {
  return command
    .option(
      "--components <n>",
      "normals in the mixture (default: 20)",
      wholeNumber("--components", { least: 1, most: 1000 }),
    )
    .option("--low <value>", "least value that the target can take, for truncatedNormal and pareto", anyNumber("--low"))
    .option("--high <value>", "greatest value that the target can take, for truncatedNormal", anyNumber("--high"))
    .option(
      "--total-count <n>",
      "trials behind each count, for binomial and betaBinomial",
      wholeNumber("--total-count", { least: 1, most: Number.MAX_SAFE_INTEGER }),
    )
    .option(
      "--hidden <widths>",
      "units of each hidden layer (default: 128,128)",
      wholeNumbers("--hidden", { least: 1, most: 16_384, example: "128,128" }),
    )
    .option(
      "--epochs <n>",
      "passes over the rows at most (default: 300)",
      wholeNumber("--epochs", { least: 1, most: 1_000_000 }),
    )
    .option(
      "--batch <n>",
      "rows a step (default: 128, fewer for small tables)",
      wholeNumber("--batch", { least: 1, most: 1_000_000 }),
    )
    .option("--validation <share>", "share of the rows held out (default: 0.15)", numberBetween("--validation", 0, 1))
    .option(
      "--learning-rate <rate>",
      "size of the steps (default: 0.001)",
      numberBetween("--learning-rate", 0, Number.POSITIVE_INFINITY),
    )
    .option(
      "--patience <n>",
      "epochs without improvement before training stops (default: 10, more for small tables)",
      wholeNumber("--patience", { least: 1, most: 1_000_000 }),
    )
    .option(
      "--ensemble <n>",
      "networks to train and mix evenly (default: 1)",
      wholeNumber("--ensemble", { least: 1, most: 1000 }),
    )
    .option("--seed <n>", "the same seed gives the same model (default: 1)", seedNumber("--seed"));
}

/** What the library takes, but for the family. */
export function densityOptions(flags: TrainingFlags): Omit<DensityOptions, "family"> {
  const { components, hidden, epochs, batch: batchSize, validation, learningRate, patience, ensemble, seed } = flags;
  const { low, high, totalCount } = flags;
  const given = { components, hidden, epochs, batchSize, validation, learningRate, patience, ensemble, seed };
  return defined({ ...given, low, high, totalCount });
}

import { Command } from "commander";
import { compareCommand } from "./commands/compare.js";
import { demoCommand } from "./commands/demo.js";
import { distCommand } from "./commands/dist.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { fitCommand } from "./commands/fit.js";
import { predictCommand } from "./commands/predict.js";
import { report } from "./failure.js";
import { version } from "./version.js";

/** Runs the command. @param words what followed its name. @returns the exit code; undefined where all went well */
export async function run(words: readonly string[]): Promise<number | undefined> {
  try {
    await program().parseAsync(words, { from: "user" });
    return undefined;
  } catch (error) {
    return report(error);
  }
}

function program(): Command {
  const credence = new Command("credence")
    .description("From a table to a predictive distribution: how one column is spread, given the others.")
    .version(version, "-V, --version", "print the version")
    .addHelpText(
      "after",
      `
Example:
  $ credence fit trips.csv --target minutes
  $ credence predict runs/minutes/model.safetensors today.csv --quantiles 0.1,0.5,0.9

A table is a CSV or TSV file with a header, plain or .gz, or - for standard input.
Exit codes: 0 done, 1 failed, 2 wrong usage or input, 130 interrupted.`,
    );
  for (const command of [
    fitCommand(),
    predictCommand(),
    evaluateCommand(),
    compareCommand(),
    distCommand(),
    demoCommand(),
  ])
    credence.addCommand(command);
  for (const command of [credence, ...credence.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(`(credence ${command === credence ? "" : `${command.name()} `}--help tells more)`);
  }
  return credence;
}

import { Command } from "commander";
import { foldIn, key } from "credence";
import type { Distribution } from "credence/distributions";
import { fail } from "../errors.js";
import { writeFileWhole } from "../files.js";
import { listText } from "../laws/list.js";
import { parseLaw } from "../laws/parse.js";
import { factLines, lawJson, pointLines, quantileLines } from "../laws/text.js";
import { factsOf, pointsOf, valuesOf } from "../laws/values.js";
import { writeCsv } from "../table/write.js";
import { print, say } from "../terminal.js";
import { plain, shortNumber } from "../words.js";
import { numberList, seedNumber, wholeNumber } from "./options.js";

interface DistFlags {
  readonly x?: readonly number[];
  readonly quantile?: readonly number[];
  readonly sample?: number;
  readonly seed: number;
  readonly plot?: string;
  readonly small?: boolean;
  readonly json?: boolean;
  readonly list?: boolean;
}

export function distCommand(): Command {
  return new Command("dist")
    .summary("evaluate, draw from and picture a distribution")
    .description(
      "Tells what a distribution says: moments, densities, tails, quantiles, draws, and a picture of it as SVG.",
    )
    .argument("[distribution]", 'for instance "gamma(2, 3)" or "normal(loc=0, scale=2)"')
    .option("--x <values>", "values to evaluate at, parted by commas", numberList("--x", "-1,0,2.5"))
    .option(
      "--quantile <levels>",
      "levels in [0, 1] whose quantiles to print",
      numberList("--quantile", "0.05,0.5,0.95"),
    )
    .option(
      "--sample <n>",
      "print n draws instead, a line each",
      wholeNumber("--sample", { least: 1, most: 100_000_000 }),
    )
    .option("--seed <n>", "the same seed gives the same draws", seedNumber("--seed"), 1)
    .option("--plot <file>", "write a picture of density and distribution function there, as SVG")
    .option("--small", "the picture has the density alone")
    .option("--json", "print one JSON object, with all digits")
    .option("--list", "list the distributions and their parameters")
    .addHelpText(
      "after",
      `
Example:
  $ credence dist "gamma(2, 3)" --x 0.5 --quantile 0.9 --plot out.svg
  $ credence dist "studentT(df=4, loc=0, scale=1)" --sample 1000 --seed 7 > draws.txt
  $ credence dist "hurdle(gamma(2, 1), gate=0.3)" --x 0,1

Parameters stand in order or by name; a list is [1, 2], infinity is inf.`,
    )
    .action(dist);
}

async function dist(text: string | undefined, flags: DistFlags): Promise<void> {
  if (flags.list) {
    print(listText(process.stdout.columns));
    return;
  }
  if (text === undefined) {
    fail({
      given: "no distribution is given",
      allowed: 'a name with parameters, such as "gamma(2, 3)"; credence dist --list lists the names',
    });
  }
  const law = parseLaw(text);
  checkOne(text, law);
  if (flags.plot !== undefined) await draw(text, law, flags.plot, flags.small === true);
  const facts = factsOf(law);
  const points = pointsOf(law, flags.x ?? []);
  const levels = flags.quantile ?? [];
  const stray = levels.find((p) => !(p >= 0 && p <= 1));
  if (stray !== undefined) fail({ given: `--quantile names ${stray}`, allowed: "levels from 0 to 1" });
  const quantiles = levels.length === 0 ? [] : valuesOf(() => law.quantile(levels));
  if (flags.json) {
    const samples =
      flags.sample === undefined ? undefined : [...blocks(law, flags.sample, flags.seed)].flatMap((b) => [...b]);
    print(lawJson(law, { facts, points, levels, quantiles, samples }));
    return;
  }
  const tell = flags.sample === undefined ? print : say;
  const width = flags.sample === undefined ? process.stdout.columns : process.stderr.columns;
  for (const line of [
    `${text.trim()}, on ${law.support.allowed}`,
    ...factLines(facts),
    ...pointLines(points, law.support.discrete, width),
    ...quantileLines(levels, quantiles),
  ])
    tell(plain(line));
  if (flags.plot !== undefined) say(`  ${flags.plot}`);
  if (flags.sample === undefined) return;
  for (const block of blocks(law, flags.sample, flags.seed)) {
    await writeCsv(
      process.stdout,
      Array.from(block, (value) => [value]),
    );
  }
}

/** One law of numbers is what the command shows. */
function checkOne(text: string, law: Distribution): void {
  if (law.eventShape.length > 0) {
    fail({
      given: `${text.trim()} is a distribution of ${law.eventShape.join(" x ")} numbers at once`,
      allowed: "distributions of one number; the library has the others",
    });
  }
  if (law.batchShape.length > 0) {
    fail({
      given: `${text.trim()} is ${law.batchShape.join(" x ")} distributions, as a parameter is a list`,
      allowed: "one number for each parameter",
    });
  }
}

async function draw(text: string, law: Distribution, file: string, small: boolean): Promise<void> {
  // the plotting library is loaded by none of the other options
  const { lawPicture } = await import("../laws/picture.js");
  const { mean, sd } = factsOf(law);
  const subtitle = [
    mean === undefined || Number.isNaN(mean) ? undefined : `mean ${shortNumber(mean)}`,
    sd === undefined || Number.isNaN(sd) ? undefined : `standard deviation ${shortNumber(sd)}`,
  ].filter((words) => words !== undefined);
  await writeFileWhole(file, lawPicture(law, { title: text.trim(), subtitle: subtitle.join(", "), small }));
}

/** Draws at once, so that many take neither memory nor leave one waiting. */
const BLOCK = 100_000;

function* blocks(law: Distribution, count: number, seed: number): Generator<ArrayLike<number> & Iterable<number>> {
  for (let from = 0, block = 0; from < count; from += BLOCK, block++) {
    const shape = [Math.min(BLOCK, count - from)];
    yield law.sample({ key: foldIn(key(seed), block), shape }).data();
  }
}

// `npm run accuracy`: every function beside its references, its bar, SciPy and PyTorch.
import { writeFileSync } from "node:fs";
import { HELP, readCommandLine } from "./commandLine.mjs";
import { loadLibrary } from "./library.mjs";
import { isKept, measure } from "./measure.mjs";
import { page } from "./page.mjs";
import { readGolden, readSelection } from "./references.mjs";
import { missingLines, peerOf, summary, table, worstLines } from "./table.mjs";

const { help, json, exceeded, worst, write, library: folder, golden, isWanted } = readCommandLine();
if (help) {
  console.log(HELP);
  process.exit(0);
}
const references = (golden === undefined ? readSelection() : readGolden(golden)).filter(isWanted);
if (references.length === 0) {
  console.error("accuracy: no function fits the pattern");
  process.exit(2);
}
const library = await loadLibrary(folder);
const results = references.map((reference) => measure(library, reference));
const shown = exceeded ? results.filter((result) => !isKept(result)) : results;

if (json) {
  for (const { findings, ...result } of shown)
    console.log(JSON.stringify({ ...result, scipy: peerOf(result, "scipy"), torch: peerOf(result, "torch") }));
} else {
  const blocks = [
    table(shown),
    worst > 0 ? shown.flatMap((result) => worstLines(result, worst)) : [],
    exceeded ? [] : missingLines(results),
  ];
  console.log(
    blocks
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n"),
  );
  console.log(`\n${summary(results)}`);
}
if (write !== undefined) writeFileSync(write, page(results));
process.exitCode = results.every(isKept) ? 0 : 1;

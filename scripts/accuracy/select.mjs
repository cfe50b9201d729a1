// Chooses the points that the project keeps from a folder of references:
//   node scripts/accuracy/select.mjs FOLDER
//
// The rule, for each function: cases of at most LONGEST characters (the shortest few, where all are longer), and of those at most
// MOST. First one of each tag, the smallest and the largest result, the worst conditioned, the smallest and the largest of each
// argument, as long as SPREAD places are left; then, in the order of the file, evenly spaced ones.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseNumber } from "./decimal.mjs";
import { readGolden, SELECTION } from "./references.mjs";

const MOST = 12;
const SPREAD = 4;
const LONGEST = { losses: 1200 };
const LONGEST_OTHERWISE = 400;

const numbersOf = (value) => (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]).map(parseNumber);
const sizes = (value) =>
  numbersOf(value)
    .map(Math.abs)
    .filter((x) => x > 0 && x < Number.POSITIVE_INFINITY);

function shortOnes(cases, longest) {
  const length = (one) => JSON.stringify(one).length;
  const short = cases.filter((one) => length(one) <= longest);
  return short.length > 0 ? short : cases.toSorted((a, b) => length(a) - length(b)).slice(0, SPREAD);
}

/** The cases where `of` is least and greatest; those where it is undefined do not count. */
function ends(cases, of) {
  const sorted = cases.filter((one) => of(one) !== undefined).toSorted((a, b) => of(a) - of(b));
  return sorted.length === 0 ? [] : [sorted[0], sorted.at(-1)];
}

function extremes(cases) {
  const tags = new Map(cases.map((one) => [one.tag, one]));
  tags.delete(undefined);
  const result = (one) => (Array.isArray(one.expected) ? undefined : sizes(one.expected)[0]);
  const places = Array.isArray(cases[0].args) ? cases[0].args.map((_, i) => i) : [];
  return [
    ...tags.values(),
    ...ends(cases, result),
    ...ends(cases, (one) => one.cond).slice(1),
    ...places.flatMap((i) => [
      ends(cases, (one) => sizes(one.args[i]).sort((a, b) => a - b)[0])[0],
      ends(cases, (one) =>
        sizes(one.args[i])
          .sort((a, b) => a - b)
          .at(-1),
      )[1],
    ]),
  ].filter((one) => one !== undefined);
}

function choose(cases) {
  const chosen = new Set();
  for (const one of extremes(cases)) if (chosen.size < MOST - SPREAD) chosen.add(one);
  const rest = cases.filter((one) => !chosen.has(one));
  const places = Math.min(MOST - chosen.size, rest.length);
  for (let i = 0; i < places; i++) chosen.add(rest[Math.floor(((i + 0.5) * rest.length) / places)]);
  return cases.filter((one) => chosen.has(one));
}

const groups = new Map();
for (const { cases, ...head } of readGolden(process.argv[2])) {
  const group = head.id.split("/")[0];
  const chosen = choose(shortOnes(cases, LONGEST[group] ?? LONGEST_OTHERWISE));
  groups.set(group, [...(groups.get(group) ?? []), head, ...chosen]);
}
mkdirSync(SELECTION, { recursive: true });
for (const [group, lines] of groups) {
  writeFileSync(path.join(SELECTION, `${group}.jsonl`), `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
}

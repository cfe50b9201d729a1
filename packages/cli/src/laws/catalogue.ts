/** The distributions that can be written on the command line, by their names in the library. */
import * as library from "credence/distributions";
import { Distribution } from "credence/distributions";
import { fail } from "../errors.js";
import { nearestName, quote } from "../table/words.js";
import entries from "./catalogue.json" with { type: "json" };

/** A distribution's name and parameters, as its docstring has them: `npm run docs` writes them down. */
export interface Entry {
  readonly name: string;
  /** What it is, in one or two sentences. */
  readonly summary: string;
  readonly parameters: readonly string[];
  /** Does the constructor take its arguments one by one, rather than by name? */
  readonly inOrder?: boolean;
}

export const catalogue: readonly Entry[] = entries;

/** Other names that people know distributions by. */
const ALIASES: Readonly<Record<string, string>> = {
  gaussian: "Normal",
  t: "StudentT",
  f: "FisherSnedecor",
  chisquared: "Chi2",
  gev: "GeneralizedExtremeValue",
  fisk: "LogLogistic",
  deterministic: "Delta",
};

const plain = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, "");

/** @throws UsageError when there is no such distribution, with the nearest name */
export function entryNamed(name: string): Entry {
  const wanted = ALIASES[plain(name)] ?? name;
  const found = catalogue.find((entry) => plain(entry.name) === plain(wanted));
  if (found !== undefined) return found;
  const near = nearestName(
    plain(name),
    catalogue.map((entry) => plain(entry.name)),
  );
  const meant = catalogue.find((entry) => plain(entry.name) === near);
  return fail({
    given: `there is no distribution ${quote(name)}`,
    allowed: "what credence dist --list lists",
    ...(meant !== undefined && { mend: `did you mean ${signature(meant)}?` }),
  });
}

/** How a distribution is written: `gamma(concentration, rate)`. */
export const signature = (entry: Entry): string => `${lowerFirst(entry.name)}(${orderOf(entry).join(", ")})`;

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Parameters as they are given without names. Of probabilities and their logits or logarithms the probabilities come first. */
export function orderOf({ parameters }: Entry): readonly string[] {
  const [probs, logits] = [parameters.indexOf("probs"), parameters.indexOf("logits")];
  if (probs < 0 || logits < 0 || probs < logits) return parameters;
  return parameters.map((name) => (name === "probs" ? "logits" : name === "logits" ? "probs" : name));
}

export type Argument = number | readonly Argument[] | Distribution;

/** The distribution of a catalogue's entry. @throws CredenceError as its constructor does */
export function build({ name, parameters, inOrder }: Entry, values: ReadonlyMap<string, Argument>): Distribution {
  const Family = (library as unknown as Record<string, new (...args: unknown[]) => Distribution>)[name];
  if (Family === undefined || !(Family.prototype instanceof Distribution))
    return fail({ given: `${name} is not in this version of the library`, mend: "run npm run docs and npm run build" });
  return inOrder ? new Family(...parameters.map((key) => values.get(key))) : new Family(Object.fromEntries(values));
}

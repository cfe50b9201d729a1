/** Options as values: each reader takes the text that followed the option and throws a UsageError that names it. */
import { parse } from "csv-parse/sync";
import { fail } from "../errors.js";
import { quote } from "../table/words.js";

/** A whole number in [least, most]. */
export function wholeNumber(option: string, { least, most }: { readonly least: number; readonly most: number }) {
  return (text: string): number => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (!(value >= least && value <= most)) {
      fail({ given: `${option} is ${quote(text)}`, allowed: `a whole number from ${least} to ${most}` });
    }
    return value;
  };
}

/** Whatever the library takes as a seed. */
export function seedNumber(option: string) {
  return wholeNumber(option, { least: 0, most: Number.MAX_SAFE_INTEGER });
}

/** A number strictly between `above` and `below`. */
export function numberBetween(option: string, above: number, below: number) {
  const allowed = below === Number.POSITIVE_INFINITY ? `a number above ${above}` : betweenWords(above, below);
  return (text: string): number => {
    const value = numberOf(text);
    if (!(value > above && value < below)) fail({ given: `${option} is ${quote(text)}`, allowed });
    return value;
  };
}

/** Numbers strictly between `above` and `below`, parted by commas. */
export function numbersBetween(option: string, above: number, below: number, example: string) {
  return (text: string): readonly number[] => {
    const values = text.split(",").map(numberOf);
    if (!values.every((value) => value > above && value < below)) {
      fail({
        given: `${option} is ${quote(text)}`,
        allowed: `numbers, each ${betweenWords(above, below).replace("a number ", "")}, parted by commas`,
        mend: `for instance ${option} ${example}`,
      });
    }
    if (new Set(values).size < values.length) {
      fail({ given: `${option} is ${quote(text)}, which names a number twice`, allowed: "each number once" });
    }
    return values;
  };
}

/** Finite numbers, parted by commas. */
export function numberList(option: string, example: string) {
  return (text: string): readonly number[] => {
    const values = text.split(",").map(numberOf);
    if (!values.every(Number.isFinite)) {
      fail({
        given: `${option} is ${quote(text)}`,
        allowed: "numbers, parted by commas",
        mend: `for instance ${option}=${example}`,
      });
    }
    return values;
  };
}

/** Whole numbers in [least, most], parted by commas. */
export function wholeNumbers(
  option: string,
  { least, most, example }: { readonly least: number; readonly most: number; readonly example: string },
) {
  return (text: string): readonly number[] => {
    const values = text.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
    if (!values.every((value) => value >= least && value <= most)) {
      fail({
        given: `${option} is ${quote(text)}`,
        allowed: `whole numbers from ${least} to ${most}, parted by commas`,
        mend: `for instance ${option} ${example}`,
      });
    }
    return values;
  };
}

/** Column names parted by commas; a name that holds a comma stands in double quotes, as in a CSV file. */
export function columnNames(option: string) {
  return (text: string): readonly string[] => {
    const names = splitNames(text);
    if (names === undefined || names.length === 0 || names.includes("")) {
      return fail({
        given: `${option} is ${quote(text)}`,
        allowed: "column names parted by commas; one that holds a comma in double quotes",
        mend: `for instance ${option} 'speed,"length, cm"'`,
      });
    }
    const repeated = names.find((name, index) => names.indexOf(name) < index);
    if (repeated !== undefined)
      fail({ given: `${option} names ${quote(repeated)} twice`, allowed: "each column once" });
    return names;
  };
}

function splitNames(text: string): string[] | undefined {
  try {
    return (parse(text, { trim: true }) as string[][])[0];
  } catch {
    return undefined; // a quote out of place
  }
}

/** A finite number. */
export function anyNumber(option: string) {
  return (text: string): number => {
    const value = numberOf(text);
    return Number.isFinite(value) ? value : fail({ given: `${option} is ${quote(text)}`, allowed: "a finite number" });
  };
}

/** One of a few words. */
export function oneOf<Word extends string>(option: string, words: readonly Word[]) {
  return (text: string): Word => {
    const word = words.find((candidate) => candidate === text);
    return word ?? fail({ given: `${option} is ${quote(text)}`, allowed: words.join(" or ") });
  };
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function betweenWords(above: number, below: number): string {
  return `a number between ${above} and ${below}, neither of them included`;
}

/** Without the entries that are undefined, so that the library's defaults hold for them. */
export function defined<T extends object>(record: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}

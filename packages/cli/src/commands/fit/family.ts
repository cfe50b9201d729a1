/** The family that a user names, and whether the target can have come of it. */
import {
  type DensityOptions,
  type Family,
  familiesFor,
  familyNamed,
  familyNames,
  familyTitle,
  optionsOfFamily,
  outsideSupport,
} from "credence/models";
import { fail } from "../../errors.js";
import { cellAt } from "../../table/columns.js";
import type { RawTable } from "../../table/index.js";
import { nearestName, quote } from "../../table/words.js";

/** A family by its name, in any case and with any hyphens. */
export function familyOption(option: string) {
  return (text: string): Family => familyNamed(text) ?? unknownFamily(option, text);
}

/** The same, or `auto`. */
export function familyOrAuto(option: string) {
  return (text: string): Family | "auto" => (text.toLowerCase() === "auto" ? "auto" : familyOption(option)(text));
}

/** Families parted by commas, each once. */
export function familiesOption(option: string) {
  return (text: string): readonly Family[] => {
    const families = text.split(",").map((name) => familyOption(option)(name.trim()));
    const twice = families.find((family, i) => families.indexOf(family) < i);
    if (twice !== undefined) fail({ given: `${option} names ${twice} twice`, allowed: "each family once" });
    return families;
  };
}

function unknownFamily(option: string, text: string): never {
  const near = nearestName(text, familyNames);
  return fail({
    given: `${option} is ${quote(text)}`,
    allowed: familyNames.join(", "),
    ...(near !== undefined && { mend: `did you mean ${near}?` }),
  });
}

/** Every family, in lines that fit a terminal of 80 columns. */
export function familyList(): string {
  const lines = [""];
  for (const name of familyNames) {
    const line = lines.at(-1) as string;
    if (`${line}, ${name}`.length <= 76) lines[lines.length - 1] = line === "" ? name : `${line}, ${name}`;
    else lines.push(name);
  }
  return lines.map((line) => `  ${line}`).join(",\n");
}

type LimitFlags = { readonly [K in "low" | "high" | "totalCount"]: number | undefined };

const FLAG = { low: "--low", high: "--high", totalCount: "--total-count" } as const;

/** @throws UsageError when a limit is given that the family has no use for, or one is not that it needs */
export function checkLimits(family: Family, limits: LimitFlags): void {
  const takes = optionsOfFamily(family);
  for (const name of ["low", "high", "totalCount"] as const) {
    const value = limits[name];
    if (value !== undefined && takes[name] === undefined) {
      const others = familyNames.filter((other) => optionsOfFamily(other)[name] !== undefined);
      fail({
        given: `${FLAG[name]} is ${value}, but --family ${family} has no use for it`,
        allowed: `${FLAG[name]} with ${others.join(", ")}`,
        mend: "leave one of the two out",
      });
    }
    if (value === undefined && takes[name] === "needed") {
      fail({
        given: `--family ${family} needs ${FLAG[name]}`,
        allowed: "the number of trials behind each count",
        mend: `for instance ${FLAG[name]} 10`,
      });
    }
  }
  const { low, high } = limits;
  if (low !== undefined && high !== undefined && !(low < high))
    fail({ given: `--low is ${low} and --high ${high}`, allowed: "--low below --high" });
}

/** @throws UsageError at the first line whose target the family cannot have */
export function checkTargets(
  raw: RawTable,
  target: string,
  values: ArrayLike<number>,
  options: DensityOptions & { readonly family: Family },
): void {
  const { family } = options;
  const outside = outsideSupport(family, values, options);
  if (outside === undefined) return;
  const fitting = familiesFor(values, options);
  fail({
    given: `${cellAt(raw, target, outside.row)} is no value that a ${familyTitle(family)} takes`,
    allowed: outside.allowed,
    mend: `choose a --family that takes every ${target} of the table: ${fitting.join(", ")}`,
  });
}

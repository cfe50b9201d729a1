import type { Constraint } from "../distributions/constraints.js";
import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import { type HeadFamily, headFamilies, headFamily, type LimitOptions, type Limits } from "../nn/families/index.js";
import type { Family } from "./types.js";

/** What a density regressor can be asked for: `mixture` and `gaussian`, then every family with a head of its own. */
export const familyNames: readonly Family[] = ["mixture", "gaussian", ...(Object.keys(headFamilies) as HeadFamily[])];

export const isHeadFamily = (name: string): name is HeadFamily => Object.hasOwn(headFamilies, name);

/** Names that mean one of the families, besides its own in any case and with any hyphens. */
const ALIASES: Readonly<Record<string, Family>> = { normal: "gaussian", gev: "generalizedExtremeValue" };

/** The family that somebody means who writes `Log-Normal`, `log_normal` or `normal`; undefined where there is none. */
export function familyNamed(text: string): Family | undefined {
  const plain = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, "");
  return familyNames.find((name) => plain(name) === plain(text)) ?? ALIASES[plain(text)];
}

/** A family in words: "gamma distribution", "mixture of normals". */
export function familyTitle(family: Family): string {
  if (isHeadFamily(family)) return headFamily(family).title;
  return { mixture: "mixture of normals", gaussian: "normal distribution", mse: "mean alone" }[family];
}

/** Do its laws give probability to single numbers, as counts need? */
export const isDiscrete = (family: Family): boolean =>
  isHeadFamily(family) && headFamily(family).support({ low: 0, high: 1 }).discrete;

/** The limit options that a family takes, and those it can't do without. */
export const optionsOfFamily = (family: Family): { readonly [K in keyof LimitOptions]?: "needed" | "optional" } =>
  (isHeadFamily(family) && headFamily(family).takes) || {};

/**
 * Where targets of a family may lie.
 *
 * @param range  least and greatest of the targets, on which some supports depend
 */
export function supportOf(family: Family, options: LimitOptions, range: Limits): Constraint | undefined {
  return isHeadFamily(family) ? headFamily(family).support(limitsOf(family, options, range)) : undefined;
}

/**
 * The first target that a family cannot have, and what it can; undefined where there is none.
 *
 * @throws CredenceError `argument`: an option that the family needs is not given
 */
export function outsideSupport(
  family: Family,
  values: ArrayLike<number>,
  options: LimitOptions = {},
): { readonly row: number; readonly value: number; readonly allowed: string } | undefined {
  const support = supportOf(family, options, rangeOf(values));
  const row = support === undefined ? -1 : support.firstOutside(tensor(Float64Array.from(values)));
  return row < 0 ? undefined : { row, value: values[row]!, allowed: (support as Constraint).allowed };
}

/** The families that all of the targets may have, as far as the options given suffice for them. */
export function familiesFor(values: ArrayLike<number>, options: LimitOptions = {}): Family[] {
  return familyNames.filter((family) => {
    const takes = Object.entries(optionsOfFamily(family));
    const lacks = takes.some(([name, need]) => need === "needed" && options[name as keyof LimitOptions] === undefined);
    return !lacks && outsideSupport(family, values, options) === undefined;
  });
}

/** Of those the ones that are tried where the choice is left open, the widely used. */
export function commonFamiliesFor(values: ArrayLike<number>, options: LimitOptions = {}): Family[] {
  const fitting = familiesFor(values, options);
  const specific = fitting.filter((name) => isHeadFamily(name) && headFamily(name).common);
  // a family that was made for just such targets comes before those of the whole line
  const own = specific.filter((name) => headFamily(name as HeadFamily).units !== "moments");
  return ["mixture", "gaussian", ...(own.length > 0 ? own : specific)];
}

/**
 * The finite limits of the family's support.
 *
 * @throws CredenceError `domain`: a target outside the support
 */
export function checkSupport(
  name: string,
  values: ArrayLike<number>,
  family: HeadFamily,
  options: LimitOptions,
): { low?: number; high?: number } {
  const outside = outsideSupport(family, values, options);
  if (outside !== undefined) {
    fail({
      code: "domain",
      given: `the target ${name} is ${outside.value} at row ${outside.row + 1}, which no ${headFamily(family).title} gives`,
      allowed: outside.allowed,
      mend: `choose a family that takes it: ${familiesFor(values, options).join(", ")}`,
    });
  }
  const { low, high } = limitsOf(family, options, rangeOf(values));
  return { ...(Number.isFinite(low) && { low }), ...(Number.isFinite(high) && { high }) };
}

function limitsOf(family: HeadFamily, options: LimitOptions, range: Limits): Limits {
  return (
    headFamily(family).limits?.(options, range) ?? { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  );
}

function rangeOf(values: ArrayLike<number>): Limits {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  return { low, high };
}

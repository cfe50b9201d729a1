import { fail, nearest } from "../errors.js";
import { checkLimitOptions } from "../nn/familyHead.js";
import { familyNames, isHeadFamily } from "./families.js";
import type { DensityOptions, Family, ResolvedOptions } from "./types.js";

/** One set of defaults for all tables. Batch size and patience adapt to the number of rows: see `schedule.ts`. */
export const defaults: ResolvedOptions = {
  family: "mixture",
  components: 20,
  hidden: [128, 128],
  epochs: 300,
  batchSize: 128,
  validation: 0.15,
  learningRate: 1e-3,
  patience: 10,
  ensemble: 1,
  seed: 1,
};

interface Rule {
  readonly holds: (value: never) => boolean;
  readonly allowed: string;
}

const whole = (low: number, high: number): Rule => ({
  holds: (x: number) => Number.isInteger(x) && x >= low && x <= high,
  allowed: `a whole number from ${low} to ${high}`,
});

const finite: Rule = { holds: (x: number) => Number.isFinite(x), allowed: "a finite number" };

const rules: { readonly [K in keyof DensityOptions]-?: Rule } = {
  family: { holds: (x: Family) => x === "mse" || familyNames.includes(x), allowed: [...familyNames, "mse"].join(", ") },
  components: whole(1, 1000),
  hidden: {
    holds: (x: readonly number[]) =>
      Array.isArray(x) && x.length <= 100 && x.every((n) => Number.isInteger(n) && n >= 1 && n <= 65536),
    allowed: "widths of the hidden layers: at most 100 whole numbers from 1 to 65536",
  },
  epochs: whole(1, 1_000_000),
  batchSize: whole(1, 1_000_000),
  validation: {
    holds: (x: number) => Number.isFinite(x) && x >= 0 && x < 1,
    allowed: "a share of the rows: 0 up to, not including, 1",
  },
  learningRate: { holds: (x: number) => Number.isFinite(x) && x > 0, allowed: "a positive number" },
  patience: whole(1, 1_000_000),
  ensemble: whole(1, 1000),
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  low: finite,
  high: finite,
  totalCount: whole(1, Number.MAX_SAFE_INTEGER),
};

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return value.every((x) => typeof x === "number") ? `[${value.join(", ")}]` : "a list";
  return typeof value === "number" || typeof value === "boolean" || value === null
    ? String(value)
    : `a ${typeof value}`;
}

/** @throws CredenceError `argument`: an unknown option, or one out of range */
export function resolveOptions(options: DensityOptions): ResolvedOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(rules, name)) {
      const near = nearest(name, Object.keys(rules));
      fail({
        code: "argument",
        given: `densityRegressor: there is no option "${name}"`,
        allowed: Object.keys(rules).join(", "),
        ...(near === undefined ? {} : { mend: `did you mean "${near}"?` }),
      });
    }
    const rule = rules[name as keyof DensityOptions];
    if (value !== undefined && !rule.holds(value as never)) {
      fail({ code: "argument", given: `densityRegressor: ${name} is ${shown(value)}`, allowed: rule.allowed });
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved = { ...defaults, ...given };
  checkLimits(resolved);
  return resolved;
}

/** Limits belong to families whose support they are. */
function checkLimits(options: ResolvedOptions): void {
  const { family } = options;
  if (isHeadFamily(family)) {
    checkLimitOptions("densityRegressor", family, options);
    return;
  }
  for (const name of ["low", "high", "totalCount"] as const) {
    if (options[name] === undefined) continue;
    const given = `densityRegressor: ${name} is ${options[name]}, but the family ${family} has none`;
    fail({ code: "argument", given, mend: "leave it out" });
  }
}

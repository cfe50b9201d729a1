/** A law's numbers as lines and as JSON. */
import type { Distribution } from "credence/distributions";
import type { Facts, Point } from "./values.js";

/** Ten digits: all that one reads, and then some. */
function shown(value: number): string {
  if (Number.isNaN(value)) return "none";
  if (!Number.isFinite(value)) return value > 0 ? "infinite" : "-infinite";
  return String(Number(value.toPrecision(10)));
}

const FACTS: readonly (readonly [key: keyof Facts, words: string])[] = [
  ["mean", "mean"],
  ["median", "median"],
  ["mode", "mode"],
  ["sd", "standard deviation"],
  ["variance", "variance"],
  ["skewness", "skewness"],
  ["entropy", "entropy, nats"],
];

export function factLines(facts: Facts): string[] {
  return FACTS.flatMap(([key, words]) => {
    const value = facts[key];
    return value === undefined ? [] : [`  ${words.padEnd(20)}${shown(value)}`];
  });
}

/** A table; on a terminal too narrow for it a block of lines for each value. */
export function pointLines(points: readonly Point[], discrete: boolean, columns = Number.POSITIVE_INFINITY): string[] {
  if (points.length === 0) return [];
  const density = discrete ? "probability" : "density";
  const all: readonly (readonly [key: keyof Point, words: string])[] = [
    ["x", "x"],
    ["density", density],
    ["logDensity", `log ${density}`],
    ["cdf", "cdf"],
    ["logCdf", "log cdf"],
    ["survival", "survival"],
    ["logSurvival", "log survival"],
  ];
  const heads = all.filter(([key]) => points.some((point) => point[key] !== undefined));
  const rows = points.map((point) => heads.map(([key]) => (point[key] === undefined ? "" : shown(point[key]))));
  const widths = heads.map(([, words], i) => Math.max(words.length, ...rows.map((row) => (row[i] as string).length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => cell.padStart(widths[i] as number)).join("  ")}`;
  const table = [line(heads.map(([, words]) => words)), ...rows.map(line)];
  if ((table[0] as string).length < columns) return table;
  const labels = heads.map(([, words]) => words.padEnd(18));
  return rows.flatMap(([x, ...cells]) => [`  at ${x}`, ...cells.map((cell, i) => `    ${labels[i + 1]}${cell}`)]);
}

export function quantileLines(levels: readonly number[], quantiles: readonly number[] | undefined): string[] {
  if (levels.length === 0) return [];
  if (quantiles === undefined) return ["  there is no formula for its quantiles"];
  return quantiles.map((value, i) => `  ${`quantile ${levels[i]}`.padEnd(20)}${shown(value)}`);
}

interface Answers {
  readonly facts: Facts;
  readonly points: readonly Point[];
  readonly levels: readonly number[];
  readonly quantiles: readonly number[] | undefined;
  readonly samples: readonly number[] | undefined;
}

/** Numbers that JSON has no notation for stand as text, as in the library's own JSON. */
export function lawJson(law: Distribution, { facts, points, levels, quantiles, samples }: Answers): string {
  const whole = {
    ...law.toJSON(),
    ...facts,
    ...(points.length > 0 && { at: points }),
    ...(levels.length > 0 && { quantiles: levels.map((p, i) => ({ p, x: quantiles?.[i] })) }),
    ...(samples !== undefined && { samples }),
  };
  return JSON.stringify(whole, (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
}

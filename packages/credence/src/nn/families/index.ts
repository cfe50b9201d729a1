import { wholeNumbers } from "./counts.js";
import { positives } from "./positive.js";
import { realLine } from "./realLine.js";
import type { FamilyRow } from "./row.js";
import { unitInterval } from "./unit.js";

/** The families of laws that a network can answer with. A new one is a row in one of these files. */
export const headFamilies = { ...realLine, ...positives, ...unitInterval, ...wholeNumbers } as const;

export type HeadFamily = keyof typeof headFamilies;

export const headFamily = (name: HeadFamily): FamilyRow => headFamilies[name];

export type { FamilyRow, LimitOptions, Limits, Units } from "./row.js";

import type { Standing } from "./data.js";

/** A family so many times as far behind as the middle one has its bar cut, lest it be all that one sees. */
const MOST_TIMES = 10;

/** How far behind a bar of full length stands for; longer ones are cut. */
export function barEnd(standings: readonly Standing[]): number {
  const behind = standings.slice(1).map((row) => row.behind);
  const finite = behind.filter(Number.isFinite).sort((a, b) => a - b);
  const middle = finite[Math.floor((finite.length - 1) / 2)];
  if (middle === undefined) return 0;
  const shown = finite.filter((value) => value <= MOST_TIMES * middle);
  return shown.at(-1) ?? middle;
}

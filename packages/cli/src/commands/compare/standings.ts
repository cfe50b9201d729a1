/** How families stand against each other on the same rows. */
import { type Family, familyTitle } from "credence/models";
import type { Standing } from "../../report/data.js";

export type { Standing } from "../../report/data.js";

/** What one family made of the rows. */
export interface Entrant {
  readonly family: Family;
  /** Of each row: negative log-likelihood in nats, and CRPS. */
  readonly nll: Float64Array;
  readonly crps: Float64Array;
  readonly seconds: number;
}

/** From so many standard errors on a difference is taken for one. */
const ERRORS = 2;

/** The lowest mean NLL first. Differences are taken row by row, so that what is hard for all families does not count as noise. */
export function standingsOf(entrants: readonly Entrant[]): Standing[] {
  const means = entrants.map((entrant) => ({ entrant, nll: mean(entrant.nll), crps: mean(entrant.crps) }));
  means.sort((a, b) => order(a.nll) - order(b.nll));
  const best = means[0]?.entrant;
  return means.map(({ entrant, nll, crps }): Standing => {
    const { family, seconds } = entrant;
    const apart = entrant.nll.map((value, row) => value - (best?.nll[row] as number));
    const [behind, error] = entrant === best ? [0, 0] : [mean(apart), standardError(apart)];
    const tied = entrant !== best && Math.abs(behind) <= ERRORS * error;
    return { family, title: familyTitle(family), nll, crps, behind, error, tied, seconds };
  });
}

/** A row without any probability, or a score that is not a number, comes last. */
const order = (nll: number): number => (Number.isNaN(nll) ? Number.MAX_VALUE : Math.min(nll, Number.MAX_VALUE));

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Of the mean. */
function standardError(values: Float64Array): number {
  const n = values.length;
  const centre = mean(values);
  return n < 2 ? Number.NaN : Math.sqrt(mean(values.map((x) => (x - centre) ** 2)) / (n - 1));
}

import type { MemberHistory, ModelFacts, Scores } from "./data.js";
import { count, formatNumber, list, percent, times } from "./format.js";
import { mean, wilsonInterval } from "./statistics.js";

/*
 * What the scores mean, in sentences. Names and commands stand between backticks; a page shows them as code, a terminal as
 * they are.
 */

/** A column's name as code. */
export function name(column: string): string {
  return `\`${column.replaceAll("`", "'")}\``;
}

/** A value of a text input as code; a gap in the table is a value of its own. */
export function categoryName(category: string): string {
  return category === "" ? "rows without one" : name(category);
}

export type Confidence = "well" | "over" | "under" | "misshapen" | "unknown";

/** Fewer rows than this cannot tell 90 % from 75 %. */
const FEW_ROWS = 20;

/** The first sentence of the report. */
export function headline({ rows, coverage, scoredOn }: Scores): string {
  if (rows === 0) return "No rows were scored.";
  const which = scoredOn === "validation" ? "the model had not seen" : "the model was trained on";
  const covered = coverage["0.9"];
  if (rows < 30)
    return `The ${percent(0.9)} intervals covered ${Math.round(covered * rows)} of ${count(rows, "row")} ${which}.`;
  return `The ${percent(0.9)} intervals covered ${percent(covered)} of ${count(rows, "row")} ${which}.`;
}

/** Whether the intervals hold what they promise, by more than chance and by more than 2 points. */
export function judge({ rows, coverage }: Scores): Confidence {
  if (rows < FEW_ROWS) return "unknown";
  const verdict = (observed: number, level: number) => {
    const tolerance = Math.max(0.02, 2 * Math.sqrt((level * (1 - level)) / rows));
    return Math.abs(observed - level) <= tolerance ? 0 : Math.sign(observed - level);
  };
  const half = verdict(coverage["0.5"], 0.5);
  const most = verdict(coverage["0.9"], 0.9);
  if (half === 0 && most === 0) return "well";
  if (half * most < 0) return "misshapen";
  return half + most < 0 ? "over" : "under";
}

/** Whether the intervals can be trusted, and what to do where they cannot. */
export function confidence(scores: Scores, { family, components, ensemble }: ModelFacts): string {
  const half = percent(scores.coverage["0.5"]);
  const most = percent(scores.coverage["0.9"]);
  const both = `those of ${percent(0.5)} held ${half} of the rows, those of ${percent(0.9)} held ${most}`;
  switch (judge(scores)) {
    case "unknown": {
      if (scores.rows === 0) return "Nothing can be said about the intervals.";
      const [low, high] = wilsonInterval(scores.coverage["0.9"], scores.rows);
      return `So few rows prove little: a true coverage anywhere from ${percent(low, 0)} to ${percent(high, 0)} would look like this.`;
    }
    case "well":
      return `The intervals hold what they promise: ${both}.`;
    case "over":
      return `The model is over-confident, its intervals are too narrow: ${both}. More rows help, and so ${ensemble > 1 ? "do fewer `--hidden` units" : "does `--ensemble 5`"}.`;
    case "under":
      return `The model is under-confident, its intervals are wider than they need be: ${both}. They are safe to use; longer training may sharpen them.`;
    case "misshapen": {
      const wideMiddle = scores.coverage["0.5"] > 0.5;
      const shape = wideMiddle
        ? "too wide in the middle and too short in the tails"
        : "too narrow in the middle and too long in the tails";
      const cure = family === "mixture" ? `\`--components ${2 * components}\`` : "`--family mixture`";
      return `The predictions are ${shape}: ${both}. A richer shape, ${cure}, may follow the rows better.`;
    }
  }
}

/** What the inputs bought, against one normal curve for all rows. */
export function gain({ nll, crps, baseline }: Scores, target: string): string {
  if (!Number.isFinite(nll)) return "The NLL is not finite: at least one true value was given no probability at all.";
  const nats = baseline.nll - nll;
  const error = 1 - crps / baseline.crps;
  if (nats < -0.02) {
    return `The model does worse than one normal curve fitted to all rows (NLL ${formatNumber(nll)} against ${formatNumber(baseline.nll)}): the inputs say little about ${name(target)}, or the network has learned its training rows by heart.`;
  }
  if (nats < 0.02)
    return `The inputs hardly help: one normal curve fitted to all rows does as well (NLL ${formatNumber(nll)} against ${formatNumber(baseline.nll)}).`;
  const factor = Math.exp(nats);
  const likely = factor < 2 ? `${percent(factor - 1, 0)} more likely` : `${times(factor)} as likely`;
  const crpsWords =
    error >= 0 ? `and the CRPS is ${percent(error, 0)} lower` : `though the CRPS is ${percent(-error, 0)} higher`;
  return `Knowing the inputs makes a true value ${likely} (geometric mean) as one normal curve fitted to all rows does, ${crpsWords}.`;
}

/** Why a negative NLL is no fault; nothing where it is positive. */
export function densityNote({ nll }: Scores, target: string): string | undefined {
  if (!(nll < 0) || nll === Number.NEGATIVE_INFINITY) return undefined;
  return `That the NLL, ${formatNumber(nll)}, lies below zero is no fault. It is minus the logarithm of a density, and a density, unlike a probability, exceeds 1 where much of it is packed into less than one unit of ${name(target)}. Compare NLLs of the same target only.`;
}

/** How training ended, and whether more of it may pay. */
export function training(history: readonly MemberHistory[]): string {
  const [only, second] = history;
  if (only === undefined) return "No training history was kept.";
  if (second !== undefined) return ensembleTraining(history);
  const last = only.epochs.at(-1)?.epoch ?? 0;
  const kept = `the weights of epoch ${only.bestEpoch} were kept`;
  switch (only.stoppedBy) {
    case "earlyStopping":
      return `Training stopped early, at epoch ${last} of at most ${only.epochLimit}, as ${count(last - only.bestEpoch, "epoch")} had brought no improvement; ${kept}.`;
    case "epochs":
      return stillImproving(only)
        ? `Training went through all ${count(last, "epoch")} and was still improving at the end: more of them, \`--epochs ${2 * only.epochLimit}\`, may pay.`
        : `Training went through all ${count(last, "epoch")}; ${kept}.`;
    case "aborted":
      return `Training was interrupted at epoch ${last} of ${only.epochLimit}; ${kept}.`;
    case "callback":
      return `Training was stopped by a callback at epoch ${last} of ${only.epochLimit}; ${kept}.`;
    case "nonFinite":
      return `Training stopped at epoch ${last} because its loss was no longer finite; ${kept}. A smaller \`--learning-rate\` usually helps.`;
  }
}

/** Loss on training and validation rows where they differ so much that it matters; nothing elsewhere. */
export function overfit(history: readonly MemberHistory[]): string | undefined {
  const kept = history.flatMap(({ epochs, bestEpoch }) => epochs.filter((row) => row.epoch === bestEpoch));
  const onTraining = mean(kept.map((row) => row.loss));
  const onValidation = mean(kept.map((row) => row.validationLoss));
  if (!(onValidation - onTraining > 0.25)) return undefined;
  return `At the kept weights the loss is ${formatNumber(onTraining)} on training rows and ${formatNumber(onValidation)} on validation rows: part of what the network learned holds only for rows it has seen. More rows${history.length > 1 ? "" : ", `--ensemble 5`"} or fewer \`--hidden\` units narrow the gap.`;
}

/** Warns where nothing was held out. */
export function scoredOnTraining({ scoredOn }: Scores): string | undefined {
  if (scoredOn === "validation") return undefined;
  return "No rows were held out, so every score here flatters the model. Hold some out with `--validation 0.15`.";
}

/** `a mixture of 20 normals`, `an ensemble of 5, each a gamma distribution`. */
export function modelName({ law, ensemble }: ModelFacts): string {
  return ensemble > 1 ? `an ensemble of ${ensemble}, each ${withArticle(law)}` : withArticle(law);
}

export const withArticle = (noun: string): string => `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;

/** `6 inputs, 2 of them text`. */
export function inputsInWords(inputs: ModelFacts["inputs"]): string {
  const text = inputs.filter((input) => input.kind === "text").length;
  if (text === 0) return count(inputs.length, "input");
  if (text === inputs.length) return count(inputs.length, "text input");
  return `${count(inputs.length, "input")}, ${text} of them text`;
}

function stillImproving({ bestEpoch, epochLimit }: MemberHistory): boolean {
  return bestEpoch >= 0.97 * epochLimit;
}

function ensembleTraining(history: readonly MemberHistory[]): string {
  const ended = [
    ["earlyStopping", "stopped early"],
    ["epochs", "went through all epochs"],
    ["aborted", "was interrupted"],
    ["callback", "was stopped by a callback"],
    ["nonFinite", "met a loss that was not finite"],
  ] as const;
  const parts = ended.flatMap(([cause, words]) => {
    const members = history.filter((member) => member.stoppedBy === cause).length;
    if (members === 0) return [];
    const verb = members > 1 ? words.replace("was ", "were ") : words;
    return [`${members === history.length ? "all" : members} ${verb}`];
  });
  const best = history.map((member) => member.bestEpoch);
  const [low, high] = [Math.min(...best), Math.max(...best)];
  const kept = low === high ? `epoch ${low}` : `epochs ${low} to ${high}`;
  const advice = history.every((member) => member.stoppedBy === "epochs" && stillImproving(member))
    ? " They were still improving: more `--epochs` may pay."
    : "";
  return `Of the ${history.length} members of the ensemble ${list(parts)}; the weights of ${kept} were kept.${advice}`.replace(
    /Of the (\d+) members of the ensemble all /,
    "All $1 members of the ensemble ",
  );
}

import * as Plot from "@observablehq/plot";
import { axisRoom, chart, colour, legend, numberAxis } from "../chart.js";
import type { HistoryRow, MemberHistory } from "../data.js";
import { type Html, html } from "../html.js";
import { quantileOf } from "../statistics.js";

export interface LossRange {
  readonly low: number;
  readonly high: number;
  /** Epochs whose loss lies above the picture. */
  readonly hidden: number;
}

/**
 * The part of the loss worth seeing. The first epochs often lie many times higher than all that follows, and on a scale that
 * shows them nothing else can be told; a logarithm is no way out, for these losses may be negative.
 */
export function lossRange(history: readonly MemberHistory[]): LossRange {
  const losses = history.flatMap((member) => member.epochs.flatMap(lossesOf)).filter(Number.isFinite);
  if (losses.length === 0) return { low: 0, high: 1, hidden: 0 };
  const low = quantileOf(losses, 0);
  const highest = quantileOf(losses, 1);
  const usual = quantileOf(losses, 0.6);
  const high = highest - low > 5 * (usual - low) && usual > low ? low + 3 * (usual - low) : highest;
  const hidden = Math.max(
    0,
    ...history.map((member) => member.epochs.filter((row) => lossesOf(row).some((loss) => !(loss <= high))).length),
  );
  return low === high ? { low: low - 0.5, high: high + 0.5, hidden } : { low, high, hidden };
}

/** Loss of every member by epoch, the kept epoch ringed. */
export function lossChart(history: readonly MemberHistory[]): Html {
  const { low, high } = lossRange(history);
  const held = history.some((member) => member.epochs.some((row) => !Number.isNaN(row.validationLoss)));
  const opacity = history.length > 1 ? 0.55 : 1;
  const lines = history.map((member) => {
    const kept = member.epochs.filter((row) => row.epoch === member.bestEpoch);
    const line = (y: "loss" | "validationLoss", stroke: string, strokeWidth: number) =>
      Plot.line(member.epochs, { x: "epoch", y, stroke, strokeWidth, strokeOpacity: opacity, clip: true });
    return [
      line("loss", colour.data, 1.5),
      line("validationLoss", colour.model, 1.75),
      Plot.dot(kept, {
        x: "epoch",
        y: (row: HistoryRow) => lossesOf(row).at(-1),
        r: 4.5,
        stroke: colour.accent,
        strokeWidth: 2,
        fill: colour.paper,
      }),
    ];
  });
  const steps = rateSteps(history);
  const picture = chart({
    label: "Training and validation loss by epoch",
    marginLeft: axisRoom([low, high]),
    x: {
      label: "epoch",
      domain: [1, Math.max(2, ...history.map((member) => member.epochs.at(-1)?.epoch ?? 1))],
      ticks: 6,
      tickFormat: (n: number) => (Number.isInteger(n) ? n.toLocaleString("en-US") : ""),
    },
    y: { ...numberAxis([low, high], "loss, nats a row"), domain: [low, high], nice: true, grid: true },
    marks: [Plot.ruleX(steps, { stroke: colour.muted, strokeDasharray: "1 4" }), ...lines.flat()],
  });
  return html`${legend([
    ["line", "data", "training rows"],
    ...(held ? ([["line", "model", "validation rows"]] as const) : []),
    ["ring", "accent", "kept"],
    ...(steps.length > 0 ? ([["dash", "muted", "learning rate lowered"]] as const) : []),
  ])}${picture}`;
}

/** A few steps of the learning rate can be marked; a schedule that moves every epoch cannot. */
const MOST_STEPS = 6;

/** Epochs at which the only member's learning rate fell. */
function rateSteps(history: readonly MemberHistory[]): number[] {
  const [only, other] = history;
  if (only === undefined || other !== undefined) return [];
  const steps = only.epochs.filter((row, i) => row.learningRate < (only.epochs[i - 1]?.learningRate ?? 0));
  return steps.length <= MOST_STEPS ? steps.map((row) => row.epoch) : [];
}

function lossesOf(row: HistoryRow): number[] {
  return Number.isNaN(row.validationLoss) ? [row.loss] : [row.loss, row.validationLoss];
}

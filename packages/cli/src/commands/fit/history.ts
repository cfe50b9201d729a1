import type { FitSummary } from "credence/models";
import { csvLine } from "../../table/index.js";

/** The training history as CSV; members are counted from 1. */
export function historyCsv({ members }: FitSummary): string {
  const rows = members.flatMap(({ epochs }, member) =>
    epochs.map(({ epoch, loss, validationLoss, learningRate }) => [
      member + 1,
      epoch,
      loss,
      validationLoss,
      learningRate,
    ]),
  );
  return [["member", "epoch", "loss", "validation_loss", "learning_rate"], ...rows].map(csvLine).join("");
}

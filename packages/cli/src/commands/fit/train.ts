import { type DensityModel, type DensityOptions, densityRegressor, type FitOptions, type Table } from "credence/models";
import { liveProgress, type MemberProgress } from "../../progress.js";

/** Fits with a live line on stderr. `signal` stops it with the best weights so far. */
export async function train(
  table: Table,
  options: DensityOptions,
  fitOptions: Pick<FitOptions, "target" | "inputs" | "signal">,
): Promise<DensityModel> {
  const live = liveProgress(process.stderr);
  const started = performance.now();
  const members: MemberProgress[] = [];
  try {
    return await densityRegressor(options).fit(table, {
      ...fitOptions,
      onProgress({ member, members: count, epoch, epochs, loss, validationLoss, finished }) {
        while (members.length < count) members.push({ epoch: 0, epochs, done: false });
        members[member] = {
          epoch,
          epochs,
          done: finished,
          ...(Number.isNaN(loss) ? {} : { loss }),
          ...(Number.isNaN(validationLoss) ? {} : { validationLoss }),
        };
        live.update({ members, seconds: (performance.now() - started) / 1000 });
      },
    });
  } finally {
    live.finish();
  }
}

/** How long and in what batches a member trains, from the number of rows: one rule for all tables. */

/** Small tables get smaller batches, so that an epoch has this many steps. */
const STEPS_AN_EPOCH = 16;
const SMALLEST_BATCH = 8;
/** Patience lasts for this many steps at least: ten epochs of a small table are too few to see a trend. */
const PATIENCE_STEPS = 2000;
const PLATEAU_STEPS = 1000;

/** Halved while an epoch would have fewer than 16 batches. */
export function batchFor(rows: number, largest = 128): number {
  let batch = largest;
  while (rows / batch < STEPS_AN_EPOCH && batch > SMALLEST_BATCH)
    batch = Math.max(SMALLEST_BATCH, Math.floor(batch / 2));
  return Math.min(batch, rows);
}

/** Epochs without improvement before the learning rate falls to a tenth, and before training stops. */
export function patienceFor(rows: number, batch: number): { plateau: number; patience: number } {
  const steps = Math.ceil(rows / batch);
  return {
    plateau: Math.max(5, Math.ceil(PLATEAU_STEPS / steps)),
    patience: Math.max(10, Math.ceil(PATIENCE_STEPS / steps)),
  };
}

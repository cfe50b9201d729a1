// `npm run bench -- --scaling`: how a step's cost grows with rows and widths; draws docs/scaling.svg.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { scalingPicture } from "./scalingPicture.mjs";
import { columns } from "./table.mjs";
import { median } from "./timing.mjs";

const PICTURE = new URL("../docs/scaling.svg", import.meta.url);
const BATCHES = [32, 64, 128, 256, 512, 1024, 2048, 4096];
const WIDTHS = [32, 64, 128, 256, 512, 1024];
const USUAL = { batch: 128, width: 128 };

const STEPS = 25;
const WARM_MS = 1500;

/** Steps one after the other, until the engine's faster code runs; then the fastest of a few, which other programs disturb least. */
async function timeStep(makeJob, sizes) {
  const { trainOnce } = makeJob(sizes);
  const end = performance.now() + WARM_MS;
  for (let i = 0; i < STEPS || performance.now() < end; i++) {
    trainOnce();
    await new Promise(setImmediate); // it arrives between calls
  }
  const times = Array.from({ length: STEPS }, () => {
    const start = performance.now();
    trainOnce();
    return performance.now() - start;
  });
  return { msPerStep: Math.min(...times), median: median(times) };
}

/** Times the steps of a mixture density network of many sizes, prints and draws them. */
export async function measureScaling({ load, flopsOf }, json) {
  const { makeJob } = await load();
  const sizes = [
    ...BATCHES.map((batch) => ({ along: "batch", size: batch, ...USUAL, batch })),
    ...WIDTHS.map((width) => ({ along: "width", size: width, ...USUAL, width })),
  ];
  const results = [];
  for (const { along, size, batch, width } of sizes) {
    console.error(`bench: ${along} ${size}`);
    const time = await timeStep(makeJob, { batch, width });
    const flops = flopsOf({ batch, width });
    const result = { along, size, ...time, flops, gflopsPerSecond: flops / time.msPerStep / 1e6 };
    results.push(result);
    if (json) console.log(JSON.stringify(result));
  }
  writeFileSync(PICTURE, scalingPicture(results, USUAL));
  if (json) return;
  const rows = results.map((r) => [
    `${r.along} ${r.size}`,
    r.msPerStep.toPrecision(3),
    r.median.toPrecision(3),
    (r.flops / 1e6).toFixed(1),
    r.gflopsPerSecond.toFixed(1),
  ]);
  for (const line of columns([["", "ms a step", "median", "Mflop", "GFLOP/s"], ...rows])) console.log(line);
  console.log(`drawn: ${fileURLToPath(PICTURE)}`);
}

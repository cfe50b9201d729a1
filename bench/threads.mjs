// One thread beside more, and fused multiply-add where the engine has it. Usage: node threads.mjs [ROUNDS] [THREADS]
// The programs of a job take turns; the table gives medians over the rounds.
import { compile, key, matmul, normal, setEngine } from "credence";
import { makeJob as lstm } from "./jobs/lstm.mjs";
import { makeJob as mdn } from "./jobs/mdn.mjs";
import { makeJob as vae } from "./jobs/vae.mjs";
import { median } from "./timing.mjs";

const [rounds = 15, threads = 2] = process.argv.slice(2).map(Number);
/** A round lasts so long, or one epoch. */
const ROUND_MS = 100;
/** Engines take their time to optimise. */
const WARM_UP_MS = 700;

function product(side, dtype) {
  const [a, b, first] = [1, 2, 3].map((seed) => normal(key(seed), [side, side], { dtype }));
  const multiply = compile((_, x, y) => ({ result: matmul(x, y) }), { name: "product", donate: [0] });
  let { result } = multiply(first, a, b);
  return {
    epoch() {
      ({ result } = multiply(result, a, b));
      return [0, 1];
    },
  };
}

const jobs = {
  "mdn.step, batch 128": () => mdn(),
  "mdn.step, batch 1024": () => mdn({ batch: 1024 }),
  "mdn.step, batch 4096": () => mdn({ batch: 4096 }),
  "vae.step, batch 32": () => vae(),
  "vae.step, batch 256": () => vae({ batch: 256 }),
  "vae.step, batch 1024": () => vae({ batch: 1024 }),
  "lstm.step": () => lstm(),
  "product of 256 x 256, float32": () => product(256, "float32"),
  "product of 1024 x 1024, float32": () => product(1024, "float32"),
  "product of 1024 x 1024, float64": () => product(1024, "float64"),
};

const settings = [
  { simd: "strict", threads: 1 },
  { simd: "strict", threads },
  { simd: "relaxed", threads: 1 },
].filter(isPossible);

function isPossible(options) {
  try {
    setEngine(options);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds a step, over at least so long. */
function time({ epoch }, least) {
  const began = performance.now();
  let steps = 0;
  while (performance.now() - began < least || steps === 0) steps += epoch()[1];
  return (performance.now() - began) / steps;
}

console.log(
  `| | ${settings.map((s) => `${s.simd}, ${s.threads} ${s.threads > 1 ? "threads" : "thread"}`).join(" | ")} |`,
);
console.log(`| --- |${" --- |".repeat(settings.length)}`);
for (const [name, make] of Object.entries(jobs)) {
  const programs = settings.map((options) => {
    setEngine(options);
    const program = make();
    time(program, WARM_UP_MS); // compiles, with these options
    return program;
  });
  const times = programs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, program] of programs.entries()) times[i].push(time(program, ROUND_MS));
  }
  const [first, ...others] = times.map(median);
  const cells = others.map((ms) => `${ms.toFixed(2)} (${(first / ms).toFixed(2)} x)`);
  console.log(`| ${[`${name}, ms`, first.toFixed(2), ...cells].join(" | ")} |`);
}

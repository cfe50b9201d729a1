import { fail } from "../errors.js";
import { MOST_PARTS } from "./threads/control.js";
import { processors, whyNoThreads } from "./threads/startWorker.js";
import { Code, encodeModule } from "./wasm/assembler.js";
import type { Simd } from "./wasm/width.js";

/** How compiled functions use the processor. */
export interface EngineSettings {
  /**
   * Vector instructions of 128 bits. `"strict"` takes those whose results are known to the last bit. `"relaxed"` multiplies matrices by
   * fused multiply-add as well: faster, but the last bits depend on the processor. `"scalar"` takes none and gives the bits of `"strict"`.
   */
  readonly simd: Simd;
  /** Threads that share the work of large kernels. Results have the same bits whatever their number. */
  readonly threads: number;
  /** A kernel is divided into parts of at least so much work; what is smaller runs on one thread. */
  readonly grainMicroseconds: number;
}

/** What is left out stays as it is. */
export interface EngineOptions {
  /** At first `"strict"`, and `"scalar"` where the engine has no vector instructions. */
  readonly simd?: Simd;
  /** 1 at first; from 1 to 16, or `"auto"`: the machine's processors, at most 4, and 1 where threads can't share memory. */
  readonly threads?: number | "auto";
  /** 5 at first; to hand a part to another thread takes about 1. */
  readonly grainMicroseconds?: number;
}

/** More gain little in networks of usual sizes, and each makes modules longer. */
const MOST_BY_ITSELF = 4;

let settings: EngineSettings | undefined;

/** What functions are compiled for from here on. */
export function currentEngine(): EngineSettings {
  settings ??= { simd: hasVectors() ? "strict" : "scalar", threads: 1, grainMicroseconds: 5 };
  return settings;
}

/**
 * Chooses how functions that are compiled from here on use the processor; those compiled before stay as they are.
 *
 * @returns what is in force now
 * @throws  CredenceError `argument`: no such choice; `engine`: no relaxed vector instructions here, or threads can't share memory
 */
export function setEngine(options: EngineOptions = {}): EngineSettings {
  const before = currentEngine();
  settings = {
    simd: options.simd === undefined ? before.simd : possibleSimd(options.simd),
    threads: options.threads === undefined ? before.threads : possibleThreads(options.threads),
    grainMicroseconds: options.grainMicroseconds === undefined ? before.grainMicroseconds : checkGrain(options),
  };
  return settings;
}

/**
 * Runs `fn` with settings that need not be possible here: a thread without helpers runs all parts itself. For tests.
 */
export function withSettings<T>(chosen: Partial<EngineSettings>, fn: () => T): T {
  const before = currentEngine();
  settings = { ...before, ...chosen };
  try {
    return fn();
  } finally {
    settings = before;
  }
}

function possibleSimd(simd: Simd): Simd {
  if (simd !== "strict" && simd !== "relaxed" && simd !== "scalar") {
    fail({
      code: "argument",
      given: `setEngine: simd is ${JSON.stringify(simd)}`,
      allowed: '"strict", "relaxed" or "scalar"',
    });
  }
  if (simd === "relaxed" && !hasRelaxedVectors()) {
    fail({
      code: "engine",
      given: 'setEngine: simd is "relaxed", which this engine does not have',
      allowed: "Node 22, Node 20 with --experimental-wasm-relaxed-simd, Chrome 114, Firefox 146, or newer",
      mend: 'leave simd at "strict"',
    });
  }
  return simd === "strict" && !hasVectors() ? "scalar" : simd;
}

function possibleThreads(threads: number | "auto"): number {
  if (threads === "auto") return whyNoThreads() === undefined ? Math.min(processors(), MOST_BY_ITSELF) : 1;
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_PARTS) {
    fail({
      code: "argument",
      given: `setEngine: threads is ${JSON.stringify(threads)}`,
      allowed: `a whole number from 1 to ${MOST_PARTS}, or "auto"`,
    });
  }
  const why = threads > 1 ? whyNoThreads() : undefined;
  if (why) fail({ code: "engine", given: `setEngine: threads is ${threads}, but ${why.given}`, mend: why.mend });
  return threads;
}

function checkGrain({ grainMicroseconds }: EngineOptions): number {
  if (typeof grainMicroseconds === "number" && grainMicroseconds > 0) return grainMicroseconds;
  return fail({
    code: "argument",
    given: `setEngine: grainMicroseconds is ${JSON.stringify(grainMicroseconds)}`,
    allowed: "a number > 0",
  });
}

const zeros = new Array<number>(16).fill(0);
const hasVectors = once(new Code().i32(0).v128(zeros).memory("v128.store", 0));
const hasRelaxedVectors = once(
  new Code().i32(0).v128(zeros).v128(zeros).v128(zeros).op("f32x4.relaxed_madd").memory("v128.store", 0),
);

/** Does the engine take this code? It is asked once, when somebody wants to know. */
function once(code: Code): () => boolean {
  let answer: boolean | undefined;
  return () => {
    answer ??= WebAssembly.validate(encodeModule([{ name: "probe", code }], { pages: 1 }) as BufferSource);
    return answer;
  };
}

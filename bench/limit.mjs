// The rate that this machine's processor reaches, on one core, at nothing but multiplying and adding in WebAssembly: the
// innermost loop of a matrix product with all operands in the nearest cache. A job's flops at that rate are its time limit.
// Usage: node limit.mjs JOB
import { jobs } from "./jobs.mjs";
import { serve } from "./rounds.mjs";

const ROWS = 4;
const VECTORS = 2; // 4 x 8 sums stay in registers: 8 of the 16 vectors
const DEPTH = 128;
const REPEATS = 2000;
const FLOPS = REPEATS * DEPTH * ROWS * VECTORS * 4 * 2;
const LEFT = 1024; // byte offsets of the operands: rows of the left one, a panel of the right one
const RIGHT = LEFT + ROWS * DEPTH * 4;
const OUT = RIGHT + DEPTH * VECTORS * 16;

const I32 = 0x7f;
const V128 = 0x7b;
const VOID = 0x40;

const unsigned = (n) => (n < 128 ? [n] : [(n % 128) | 128, ...unsigned(Math.floor(n / 128))]);
const signed = (n) => (n >= -64 && n < 64 ? [n & 127] : [(n & 127) | 128, ...signed(n >> 7)]);
const vector = (items) => [...unsigned(items.length), ...items.flat()];
const section = (id, bytes) => [id, ...unsigned(bytes.length), ...bytes];
const text = (string) => vector([...Buffer.from(string)].map((byte) => [byte]));

const get = (local) => [0x20, ...unsigned(local)];
const set = (local) => [0x21, ...unsigned(local)];
const tee = (local) => [0x22, ...unsigned(local)];
const constant = (n) => [0x41, ...signed(n)];
const simd = (code) => [0xfd, ...unsigned(code)];
const at = (offset) => [0, ...unsigned(offset)]; // alignment not promised
const [LOAD, LOAD_SPLAT, STORE, ZERO, MUL, ADD] = [0x00, 0x09, 0x0b, 0x0c, 0xe6, 0xe4].map(simd);
const advance = (local, by) => [...get(local), ...constant(by), 0x6a, ...set(local)];
/** `body` again and again until the counter, which starts at `count`, is down to 0. */
const repeat = (counter, count, body) => [
  ...[...constant(count), ...set(counter), 0x03, VOID, ...body],
  ...[...get(counter), ...constant(-1), 0x6a, ...tee(counter), 0x0d, 0, 0x0b],
];
const range = (n) => Array.from({ length: n }, (_, i) => i);

// One term an iteration: the engine moves all loads of a longer body to its start, and then runs out of registers.
function tile() {
  const [left, right, term, repeats] = [0, 1, 2, 3];
  const sum = (r, v) => 4 + r * VECTORS + v;
  const column = (v) => sum(ROWS, v);
  const element = column(VECTORS);
  const each = range(ROWS).flatMap((r) => range(VECTORS).map((v) => [r, v]));
  const products = range(ROWS).map((r) => [
    ...[...get(left), ...LOAD_SPLAT, ...at(LEFT + r * DEPTH * 4), ...set(element)],
    ...range(VECTORS).flatMap((v) => [
      ...[...get(sum(r, v)), ...get(element), ...get(column(v))],
      ...[...MUL, ...ADD, ...set(sum(r, v))],
    ]),
  ]);
  const columns = range(VECTORS).map((v) => [...get(right), ...LOAD, ...at(RIGHT + v * 16), ...set(column(v))]);
  const oneTerm = [...columns.flat(), ...products.flat(), ...advance(left, 4), ...advance(right, VECTORS * 16)];
  const once = [
    ...each.flatMap(([r, v]) => [...ZERO, ...new Array(16).fill(0), ...set(sum(r, v))]),
    ...[...constant(0), ...set(left), ...constant(0), ...set(right)],
    ...repeat(term, DEPTH, oneTerm),
    ...each.flatMap(([r, v]) => [...constant(0), ...get(sum(r, v)), ...STORE, ...at(OUT + (r * VECTORS + v) * 16)]),
  ];
  const locals = [
    [4, I32],
    [ROWS * VECTORS + VECTORS + 1, V128],
  ];
  const code = [...vector(locals), ...repeat(repeats, REPEATS, once), 0x0b];
  return [...unsigned(code.length), ...code];
}

function compile() {
  const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const exported = [
    [...text("memory"), 2, 0],
    [...text("run"), 0, 0],
  ];
  const bytes = [
    ...header,
    ...section(1, vector([[0x60, 0, 0]])),
    ...section(3, vector([[0]])),
    ...section(5, vector([[0, 1]])),
    ...section(7, vector(exported)),
    ...section(10, vector([tile()])),
  ];
  return new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes))).exports;
}

const { memory, run } = compile();
const numbers = new Float32Array(memory.buffer);
numbers.fill(0.5, LEFT / 4, OUT / 4);
for (let i = 0; i < 20; i++) run(); // until the optimising compiler has taken over
const sums = numbers.subarray(OUT / 4, OUT / 4 + ROWS * VECTORS * 4);
if (!sums.every((value) => value === 0.25 * DEPTH)) throw new Error(`the tile's sums are wrong: ${sums}`);

const { flops, unit, elements = 1 } = jobs[process.argv[2]];

/** The best of many short runs: what the machine can do when nothing disturbs it. */
function round() {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 60; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  const gflops = FLOPS / best / 1e6;
  const ms = flops / gflops / 1e6;
  return { [unit]: unit === "msPerStep" ? ms : (ms / elements) * 1e6, gflops };
}

await serve({ peer: "limit", version: process.version, round });

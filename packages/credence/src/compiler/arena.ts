/** A buffer's size and its life, from the first kernel that needs it to the last, both included. */
export interface Span {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

export interface Arena {
  /** Where each span starts, in the order given. */
  readonly starts: readonly number[];
  readonly bytes: number;
}

/**
 * Which spans are placed first. Greatest first is best as a rule; where it leaves gaps, one of the others seldom does.
 *
 * @source Pisarchyk and Lee, Efficient Memory Management for Deep Neural Net Inference (2020), section 5: greatest first
 */
const orders: readonly ((a: Span, b: Span) => number)[] = [
  (a, b) => b.size - a.size || b.to - b.from - (a.to - a.from),
  (a, b) => b.to - a.to || b.size - a.size,
  (a, b) => b.size * (b.to - b.from + 1) - a.size * (a.to - a.from + 1),
  (a, b) => a.from - b.from || b.size - a.size,
];

/** Times that one order is mended: what came to lie on top is placed first. */
const MENDS = 4;
/** A plan is good enough within this factor of the bytes that live at the same time, below which none can be. */
const ENOUGH = 1.1;

/** Shares memory between spans that do not live at the same time. */
export function share(spans: readonly Span[]): Arena {
  const enough = ENOUGH * liveAtPeak(spans);
  let best: Arena | undefined;
  for (const compare of orders) {
    let order = spans.map((_, i) => i).sort((i, j) => compare(spans[i]!, spans[j]!) || i - j);
    for (let mend = 0; mend < MENDS; mend++) {
      const arena = place(spans, order);
      if (best === undefined || arena.bytes < best.bytes) best = arena;
      if (best.bytes <= enough) return best;
      const top = order.find((i) => arena.starts[i]! + spans[i]!.size === arena.bytes)!;
      order = [top, ...order.filter((i) => i !== top)];
    }
  }
  return best!;
}

/** Gives each span, in this order, the lowest place that is free for its whole life. */
function place(spans: readonly Span[], order: readonly number[]): Arena {
  const starts = new Array<number>(spans.length).fill(0);
  const placed: number[] = []; // by start
  let bytes = 0;
  for (const i of order) {
    const { size, from, to } = spans[i]!;
    let start = 0;
    for (const j of placed) {
      const other = spans[j]!;
      if (other.from > to || from > other.to) continue;
      if (starts[j]! - start >= size) break;
      start = Math.max(start, starts[j]! + other.size);
    }
    starts[i] = start;
    bytes = Math.max(bytes, start + size);
    const after = placed.findIndex((j) => starts[j]! > start);
    placed.splice(after < 0 ? placed.length : after, 0, i);
  }
  return { starts, bytes };
}

/** The most bytes that live at the same time. */
export function liveAtPeak(spans: readonly Span[]): number {
  const changes = new Map<number, number>();
  const change = (at: number, bytes: number) => changes.set(at, (changes.get(at) ?? 0) + bytes);
  for (const { size, from, to } of spans) {
    change(from, size);
    change(to + 1, -size);
  }
  let [live, most] = [0, 0];
  for (const [, bytes] of [...changes].sort(([a], [b]) => a - b)) {
    live += bytes;
    most = Math.max(most, live);
  }
  return most;
}

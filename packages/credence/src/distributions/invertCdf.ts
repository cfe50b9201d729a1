import { allocate, type FloatType } from "../graph/dtype.js";
import { fromData } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { div, log, mul, where } from "../ops/index.js";
import { evaluate } from "../tensor/evaluate.js";

/** What is known of a continuous law whose quantiles are looked for. */
export interface Invertible {
  cdf(x: Tensor): Tensor;
  survival(x: Tensor): Tensor;
  prob(x: Tensor): Tensor;
}

/** A bracket of each quantile, and a guess within; tensors of one shape and float type, as `p`. */
export interface Bracket {
  readonly p: Tensor;
  readonly lower: Tensor;
  readonly upper: Tensor;
  readonly guess: Tensor;
}

/** Newton's method settles within some ten steps; the other half of the budget is for halving a bracket float by float. */
const NEWTON_STEPS = 40;
const MOST_STEPS = 110;

/**
 * Quantiles of a continuous law by bracketed root finding, all at once: Newton's steps on log(tail / target) in whichever tail
 * is the smaller, halving the bracket where a step would leave it or does not shrink. Ends when the tail is right to rounding,
 * or the bracket holds no further float.
 *
 * The densities are evaluated as tensors, a step for all quantiles together; what decides on a step is plain comparison, so
 * that every engine takes the same ones.
 *
 * @source Press et al., Numerical Recipes (2007), section 9.4, for the safeguard
 */
export function invertCdf(law: Invertible, { p, lower, upper, guess }: Bracket): Tensor {
  const dtype = p.dtype as FloatType;
  const [levels, low, high, start] = evaluate([p, lower, upper, guess]) as [Numbers, Numbers, Numbers, Numbers];
  const search = new Search(dtype, levels, low, high, start);
  const inLower = p.le(0.5);
  const target = where(inLower, p, p.neg().add(1));
  for (let step = 0; step < MOST_STEPS && search.open > 0; step++) {
    const x = fromData(search.x.slice() as Numbers, p.shape, dtype);
    const tail = where(inLower, law.cdf(x), law.survival(x));
    const excess = log(div(tail, target));
    const sign = where(inLower, 1, -1);
    const move = mul(sign, mul(excess, div(tail, law.prob(x))));
    const [error, moves] = evaluate([mul(sign, excess), move]) as [Numbers, Numbers];
    search.advance(error, moves, step >= NEWTON_STEPS);
  }
  return fromData(search.x as Numbers, p.shape, dtype);
}

type Numbers = Float64Array | Float32Array;

/** The brackets and where each search stands. */
class Search {
  readonly x: Numbers;
  open = 0;
  private readonly low: Numbers;
  private readonly high: Numbers;
  /** Size of each search's last step. */
  private readonly last: Numbers;
  private readonly isOpen: Uint8Array;
  private readonly epsilon: number;

  constructor(dtype: FloatType, levels: Numbers, low: Numbers, high: Numbers, start: Numbers) {
    this.epsilon = dtype === "float32" ? 2 ** -23 : 2 ** -52;
    this.low = low.slice() as Numbers;
    this.high = high.slice() as Numbers;
    this.x = allocate(dtype, levels.length) as Numbers;
    this.last = allocate(dtype, levels.length) as Numbers;
    this.isOpen = new Uint8Array(levels.length);
    for (let i = 0; i < levels.length; i++) {
      const [p, a, b] = [levels[i] as number, low[i] as number, high[i] as number];
      const inside = p > 0 && p < 1 && a < b;
      this.x[i] = inside ? clamp(start[i] as number, a, b) : p === 1 ? b : p >= 0 && p < 1 ? a : Number.NaN;
      this.last[i] = b - a;
      this.isOpen[i] = inside ? 1 : 0;
      if (inside) this.open++;
    }
  }

  /** One step of each open search, given log(cdf / p) or its like, which grows with x, and Newton's move. */
  advance(error: Numbers, moves: Numbers, halve: boolean): void {
    for (let i = 0; i < this.x.length; i++) {
      if (this.isOpen[i] === 0) continue;
      const [x, e, move] = [this.x[i] as number, error[i] as number, moves[i] as number];
      if (Math.abs(e) <= 2 * this.epsilon || Number.isNaN(e)) {
        this.close(i);
        continue;
      }
      if (e < 0) this.low[i] = x;
      else this.high[i] = x;
      const rests = Math.abs(move) <= this.epsilon * Math.abs(x);
      const next = rests ? x - move : this.propose(i, x - move, halve);
      this.last[i] = Math.abs(next - x);
      this.x[i] = next;
      if (rests || next === this.low[i] || next === this.high[i]) this.close(i);
    }
  }

  /** Newton's point where it can be trusted, else a point that halves the bracket. */
  private propose(i: number, newton: number, halve: boolean): number {
    const [low, high] = [this.low[i] as number, this.high[i] as number];
    const shrinks = Math.abs(newton - (this.x[i] as number)) <= 0.5 * (this.last[i] as number);
    if (!halve && shrinks && newton > low && newton < high) return newton;
    return halve ? middleFloat(low, high, this.x) : low / 2 + high / 2;
  }

  private close(i: number): void {
    this.isOpen[i] = 0;
    this.open--;
  }
}

const clamp = (x: number, low: number, high: number): number => (x >= low && x <= high ? x : low / 2 + high / 2);

/** The float in the middle of all floats from a to b: it halves their number even where the bracket spans many powers of two. */
function middleFloat(a: number, b: number, like: Numbers): number {
  const single = like instanceof Float32Array;
  const view = new DataView(new ArrayBuffer(8));
  const order = (x: number): bigint => {
    if (single) view.setFloat32(0, x);
    else view.setFloat64(0, x);
    const bits = single ? BigInt(view.getInt32(0)) : view.getBigInt64(0);
    return bits >= 0n ? bits : (single ? -(1n << 31n) : -(1n << 63n)) - bits;
  };
  const middle = (order(a) + order(b)) >> 1n;
  const bits = middle >= 0n ? middle : (single ? -(1n << 31n) : -(1n << 63n)) - middle;
  if (single) view.setInt32(0, Number(bits));
  else view.setBigInt64(0, bits);
  return single ? view.getFloat32(0) : view.getFloat64(0);
}

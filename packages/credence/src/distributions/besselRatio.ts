import type { Tensor } from "../graph/tensor.js";
import { circularVariance, div, expm1, i0e, pullMul, where, withGradient } from "../ops/index.js";

/**
 * Modified Bessel functions of one order, as directions on spheres need them: A(x) = I_{v+1}(x) / I_v(x) for v = d / 2 - 1, the mean length of von
 * Mises and Fisher's law in d dimensions, and its integral.
 */
export class BesselRatio {
  private readonly dimension: number;
  private readonly order: number;
  /** A ~ 1 + Σ a_m / x^m. */
  private readonly series: readonly number[];
  /** From here on the series is exact to rounding. */
  private readonly far: number;

  constructor(dimension: number) {
    this.dimension = dimension;
    this.order = dimension / 2 - 1;
    this.series = seriesOf(dimension);
    const last = Math.abs(this.series[this.series.length - 1]!);
    this.far = Math.max(LEAST_FAR, 1.5 * (last * 2 ** 60) ** (1 / this.series.length));
  }

  /** A(x), from 0 to 1. */
  value(x: Tensor): Tensor {
    return withGradient(x.mul(this.quotient(this.chain(x), this.order, x)), [x], (dy) => [pullMul(dy, this.slope(x))]);
  }

  /** A(x) / x, which at 0 is 1 / d. */
  overSelf(x: Tensor): Tensor {
    const out: Tensor = withGradient(this.quotient(this.chain(x), this.order, x), [x], (dy) => [
      pullMul(dy, where(x.gt(0), div(this.slope(x).sub(out), where(x.gt(0), x, 1)), 0)),
    ]);
    return out;
  }

  /** 1 - A(x). */
  complement(x: Tensor): Tensor {
    if (this.dimension === 2) return circularVariance(x);
    const isFar = x.gt(this.far);
    const far = this.sum(where(isFar, x, this.far), (a) => -a);
    const near = this.value(where(isFar, 1, x))
      .neg()
      .add(1);
    return withGradient(where(isFar, far, near), [x], (dy) => [pullMul(dy, this.slope(x)).neg()]);
  }

  /**
   * The derivative of A: 1 - A² - (d - 1) A / x, by its series where that cancels wholly. Elsewhere it is exact to d + x² units in the last place.
   */
  slope(x: Tensor): Tensor {
    const isFar = x.gt(this.far);
    const at = where(isFar, x, this.far);
    const far = this.sum(at, (a, m) => -m * a).div(at);
    const inside = where(isFar, 1, x);
    const length = this.value(inside);
    const near = length
      .neg()
      .add(1)
      .mul(length.add(1))
      .sub(this.overSelf(inside).mul(this.dimension - 1));
    return where(isFar, far, near);
  }

  /**
   * log(Γ(v + 1) (2 / x)^v I_v(x) e^-x), which is 0 at 0 and falls with slope A - 1: that of order 0 or 1/2, less what each step to the next order
   * takes away.
   */
  logScaled(x: Tensor): Tensor {
    const { dimension, order } = this;
    const half = dimension % 2 === 1;
    const positive = where(x.gt(0), x, 1);
    // sinh(x) / x e^-x for order 1/2
    const start = half ? where(x.gt(0), expm1(positive.mul(-2)).div(positive.mul(-2)).log(), 0) : i0e(x).log();
    let total = start;
    let ratio = this.chain(x);
    for (let v = order; v >= (half ? 1.5 : 1); v--) {
      const inner = this.quotient(ratio, v, x).mul(x);
      // I_v of I_{v-1}: x / (2 v) times this
      total = total.sub(
        inner
          .mul(x)
          .div(2 * v)
          .log1p(),
      );
      ratio = inner;
    }
    return withGradient(total, [x], (dy) => [pullMul(dy, this.complement(x)).neg()]);
  }

  /** I_{v+1} / (x I_v) by the ratio of the next order. @source DLMF 10.33.1 */
  private quotient(next: Tensor, v: number, x: Tensor): Tensor {
    return div(1, x.mul(next).add(2 * (v + 1)));
  }

  /**
   * I_{v+2} / I_{v+1} for v the order: downward, where errors fade, from an order that is large enough for an expansion.
   */
  private chain(x: Tensor): Tensor {
    const top = this.order + 1 + STEPS;
    let ratio = largeOrder(top, x);
    for (let v = top - 1; v > this.order; v--) ratio = this.quotient(ratio, v, x).mul(x);
    return ratio;
  }

  /** Σ weight(a_m, m) / x^m, the smallest term first. */
  private sum(x: Tensor, weight: (a: number, m: number) => number): Tensor {
    const y = div(1, x);
    return this.series.reduceRight((sum: Tensor, a, i) => sum.add(weight(a, i + 1)).mul(y), y.mul(0));
  }
}

/** Below it e^(-2x), which the series do not know, shows in float64. */
const LEAST_FAR = 20;
const TERMS = 16;
/** Orders between the first and that of the expansion, and terms of the expansion: to rounding in float64 for all x and orders. */
const STEPS = 30;
const DEBYE = 9;

/** a_1 to a_16, by A' = 1 - A² - (d - 1) A / x. */
function seriesOf(d: number): number[] {
  const a = [1];
  for (let m = 1; m <= TERMS; m++) {
    let squares = 0;
    for (let i = 1; i < m; i++) squares += a[i]! * a[m - i]!;
    a.push(((m - d) * a[m - 1]! - squares) / 2);
  }
  return a.slice(1);
}

/**
 * I_{v+1}(x) / I_v(x) = x (1 / (s + v) - t² W / U), s = √(v² + x²), t = 1 / s, U = Σ u_k t^k and W = Σ w_k t^k with polynomials in v² / s²: what
 * Debye's expansions of I_v and of its derivative leave when their leading terms are taken out.
 *
 * @source DLMF 10.41.3, 10.41.5, 10.41.9 and 10.41.11
 */
function largeOrder(v: number, x: Tensor): Tensor {
  const most = x.maximum(v);
  const s = x.div(most).square().add(div(v, most).square()).sqrt().mul(most);
  const t = div(1, s);
  const q = t.mul(v).square();
  const horner = (rows: readonly (readonly number[])[]): Tensor =>
    rows.reduceRight((sum: Tensor, row) => sum.mul(t).add(polynomial(q, row)), t.mul(0));
  const { u, w } = debye();
  return x.div(s.add(v)).sub(x.mul(t).mul(t).mul(horner(w)).div(horner(u)));
}

const polynomial = (x: Tensor, coefficients: readonly number[]): Tensor =>
  coefficients.reduceRight((sum: Tensor, c) => sum.mul(x).add(c), x.mul(0));

interface Debye {
  readonly u: readonly (readonly number[])[];
  readonly w: readonly (readonly number[])[];
}

let known: Debye | undefined;

/** u_k and w_k = (k + 1/2) u_k + 2 q u_k', by coefficients of q^j. */
function debye(): Debye {
  if (known) return known;
  const u = [[1]];
  for (let k = 0; k < DEBYE; k++) {
    const next = new Array<number>(k + 2).fill(0);
    u[k]!.forEach((c, j) => {
      const m = k + 2 * j;
      next[j]! += c * (m / 2 + 1 / (8 * (m + 1)));
      next[j + 1]! -= c * (m / 2 + 5 / (8 * (m + 3)));
    });
    u.push(next);
  }
  known = { u, w: u.map((row, k) => row.map((c, j) => c * (k + 0.5 + 2 * j))) };
  return known;
}

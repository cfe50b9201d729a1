import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import {
  betainc,
  betaincc,
  digammaDifference,
  div,
  eq,
  logBetainc,
  logBetaincc,
  logRatio,
  where,
} from "../ops/index.js";
import { logStandardGamma, split } from "../random/index.js";
import { stack } from "../tensor/derived.js";
import { betaLogit } from "./betaLogit.js";
import { logBetaMass } from "./betaMass.js";
import { nonNegative, positive } from "./constraints.js";
import { dirichletEntropy } from "./dirichletSums.js";
import { Distribution } from "./distribution.js";
import { implicitly } from "./implicit.js";
import { levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/** From here on 1 + r is r to rounding. */
const FAR = 1e17;

/** Draws beyond end here, where they still have a density. */
const LARGEST = { float32: 3.4e38, float64: 1.7e308 } as const;

/** Logarithms of numbers beyond are 0, or infinite. */
const MOST = 746;

/**
 * Fisher and Snedecor's F distribution: of the ratio of two estimates of one variance.
 *
 *     log p(x) = a log y + b log(1 - y) - log B(a, b) - log x,  y = a x / (a x + b),  a = df1 / 2,  b = df2 / 2,  x >= 0
 *
 * y has a beta distribution.
 *
 * @param df1  degrees of freedom of the numerator, > 0
 * @param df2  of the denominator, > 0: moments of the order df2 / 2 and above are infinite
 * @shape  batch = broadcast(df1, df2); event = []
 * @throws CredenceError `domain`: a known parameter is not > 0 or infinite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 27
 */
export class FisherSnedecor extends Distribution {
  readonly name = "FisherSnedecor";
  readonly support = nonNegative;
  readonly reparameterized = true;
  readonly df1: Tensor;
  readonly df2: Tensor;
  private readonly a: Tensor;
  private readonly b: Tensor;

  constructor(params: { readonly df1: TensorLike; readonly df2: TensorLike }) {
    const { df1, df2 } = check("FisherSnedecor", params, { df1: positive, df2: positive });
    super(scalars("FisherSnedecor", { df1, df2 }));
    this.df1 = df1;
    this.df2 = df2;
    this.a = df1.mul(0.5);
    this.b = df2.mul(0.5);
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const { a, b } = this;
    const steep = where(a.lt(1), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const atZero = where(eq(a, 1), 0, steep);
    return onSupport(
      value,
      value.gt(0).and(value.lt(Number.POSITIVE_INFINITY)),
      1,
      (at) => {
        const log = at.log();
        const { r, logRise, logFall } = this.place(at, log);
        const [x, y] = [div(1, div(1, r).add(1)), div(1, r.add(1))];
        return logBetaMass({ a, b, x, y, logX: logFall.neg(), logY: logRise.neg() }).sub(log);
      },
      where(a.add(b).gt(0), where(eq(value, 0), atZero, Number.NEGATIVE_INFINITY), Number.NaN),
    );
  }

  override cdf(x: TensorLike): Tensor {
    const { own, other, z, isRight } = this.side("cdf", x);
    return where(isRight, betaincc(own, other, z), betainc(own, other, z));
  }

  override survival(x: TensorLike): Tensor {
    const { own, other, z, isRight } = this.side("survival", x);
    return where(isRight, betainc(own, other, z), betaincc(own, other, z));
  }

  override logCdf(x: TensorLike): Tensor {
    const { own, other, z, isRight } = this.side("logCdf", x);
    return where(isRight, logBetaincc(own, other, z), logBetainc(own, other, z));
  }

  override logSurvival(x: TensorLike): Tensor {
    const { own, other, z, isRight } = this.side("logSurvival", x);
    return where(isRight, logBetainc(own, other, z), logBetaincc(own, other, z));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const shift = logRatio(this.b, this.a);
    const most = shift.abs().add(MOST);
    const log = betaLogit(this.a, this.b, level, { low: most.neg(), high: most }, this.batchShape).add(shift);
    return implicitly(log.mul(0.5).exp().square(), this, level);
  }

  /** The ratio of two gamma draws over their means, by their logarithms. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const full = [...shape, ...this.batchShape];
    const [first, second] = split(key) as [Tensor, Tensor];
    const log = logStandardGamma(first, full, this.a).sub(logStandardGamma(second, full, this.b));
    const x = log.add(logRatio(this.b, this.a)).exp();
    return implicitly(x.minimum(LARGEST[this.dtype as "float32" | "float64"]), this);
  }

  /** Infinite for df2 <= 2. */
  override mean(): Tensor {
    return this.moment(2, (df2) => df2.div(df2.sub(2)), Number.POSITIVE_INFINITY);
  }

  /** Infinite for df2 <= 4. */
  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    const root = (df2: Tensor): Tensor => this.excess(df2).div(df2.sub(4)).mul(2).sqrt();
    return this.moment(4, (df2) => df2.div(df2.sub(2)).mul(root(df2)), Number.POSITIVE_INFINITY);
  }

  /** NaN for df2 <= 6. */
  override skewness(): Tensor {
    const lean = (df2: Tensor): Tensor => this.excess(df2).add(1).div(this.excess(df2).sqrt()).div(df2.sub(6));
    return this.moment(6, (df2) => df2.sub(4).mul(8).sqrt().mul(lean(df2)), Number.NaN);
  }

  /** 0 for df1 <= 2. */
  override mode(): Tensor {
    return this.df1
      .sub(2)
      .maximum(0)
      .div(this.df1)
      .mul(this.df2.div(this.df2.add(2)));
  }

  /** That of y, and the mean logarithm of dx / dy = b / (a (1 - y)²). */
  override entropy(): Tensor {
    const { a, b } = this;
    const pair = [a, b].map((t) => t.broadcastTo(this.batchShape));
    return dirichletEntropy(stack(pair, -1)).add(logRatio(b, a)).add(digammaDifference(b, a).mul(2));
  }

  /** (df1 + df2 - 2) / df1 */
  private excess(df2: Tensor): Tensor {
    return this.df1.add(df2.sub(2)).div(this.df1);
  }

  private moment(least: number, formula: (df2: Tensor) => Tensor, otherwise: number): Tensor {
    const exists = this.df2.gt(least).broadcastTo(this.batchShape);
    const value = formula(where(exists, this.df2, least + 1));
    return where(exists, value, where(this.df1.add(this.df2).gt(0), otherwise, Number.NaN));
  }

  /** a x / b, whose factors may over- and underflow. */
  private ratio(x: Tensor): Tensor {
    const root = this.a.sqrt().div(this.b.sqrt());
    return x.mul(root).mul(root);
  }

  /** r = y / (1 - y) within range, log(1 + r) and log(1 + 1 / r) wherever. Where x is tiny its gradients meet in the one logarithm. */
  private place(x: Tensor, logX: Tensor): { r: Tensor; logRise: Tensor; logFall: Tensor } {
    const ratio = this.ratio(x);
    const log = logX.add(logRatio(this.a, this.b));
    const r = ratio.maximum(1 / FAR).minimum(FAR);
    const logRise = where(ratio.gt(FAR), log, r.log1p());
    return { r, logRise, logFall: where(ratio.lt(1 / FAR), log.neg(), div(1, r).log1p()) };
  }

  /** The smaller of y and 1 - y, as a variable z of the beta distribution with its shapes in this order. */
  private side(method: string, x: TensorLike): { own: Tensor; other: Tensor; z: Tensor; isRight: Tensor } {
    const { a, b } = this;
    const r = this.ratio(this.value(method, x).maximum(0));
    const isRight = r.gt(1);
    const inward = where(isRight, div(1, r.maximum(1)), r);
    const z = inward.div(inward.add(1));
    return { own: where(isRight, b, a), other: where(isRight, a, b), z, isRight };
  }
}

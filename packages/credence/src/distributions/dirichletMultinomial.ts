import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { argmax, iota, lbeta, log, log1pmx, logGammaRatio, stirlingError, where } from "../ops/index.js";
import { split } from "../random/index.js";
import { type Constraint, countsOf, each, nonNegativeIntegers, positive } from "./constraints.js";
import { Dirichlet } from "./dirichlet.js";
import { sumOfOthers } from "./dirichletSums.js";
import { Distribution } from "./distribution.js";
import { drawCounts } from "./multinomialDraws.js";
import { check } from "./parameters.js";

/**
 * Dirichlet-multinomial distribution: counts of trials whose probabilities are themselves a draw of a Dirichlet law, the same for all trials.
 *
 *     log p(x) = log(n B(n, A)) - Σ log(x B(x, a)) over x > 0,  n = totalCount, a = concentration, A = Σ a
 *
 * @param totalCount     the number of trials, a whole number >= 0
 * @param concentration  > 0, along the last axis
 * @shape  batch = broadcast(totalCount, concentration without its last axis); event = [k]
 * @throws CredenceError `domain`: a known count is no whole number >= 0, a known concentration not > 0 or infinite; `shape`: there is no
 *   axis
 * @source Johnson, Kotz and Balakrishnan, Discrete Multivariate Distributions (1997), section 35.13.1
 */
export class DirichletMultinomial extends Distribution {
  readonly name = "DirichletMultinomial";
  readonly support: Constraint;
  readonly reparameterized = false;
  readonly totalCount: Tensor;
  /** @shape [...batch, k] */
  readonly concentration: Tensor;

  constructor(params: { readonly totalCount: TensorLike; readonly concentration: TensorLike }) {
    const { totalCount, concentration } = check("DirichletMultinomial", params, {
      totalCount: nonNegativeIntegers,
      concentration: each(positive, 1),
    });
    const { shape, rank } = concentration;
    if (rank === 0 || shape[rank - 1] === 0) {
      fail({
        code: "shape",
        given: `DirichletMultinomial: concentration is ${rank === 0 ? "a single number" : "empty"}`,
        allowed: "one number a category along the last axis",
      });
    }
    super({
      batch: broadcastShapes("DirichletMultinomial", [totalCount.shape, shape.slice(0, -1)]),
      event: shape.slice(-1),
      dtype: concentration.dtype,
      parameters: { totalCount, concentration },
      parameterAxes: { concentration: 1 },
    });
    this.totalCount = totalCount;
    this.concentration = concentration;
    this.support = countsOf(totalCount);
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = this.support.contains(value);
    const counts = where(inside.expandDims(-1), value, 0);
    const n = where(inside, this.totalCount, 0);
    const a = this.concentration;
    const [most, rest] = [counts.max(-1), sumOfOthers(a)];
    // with the largest count first: if it is all, its term and that of the total are nearly equal
    const isMost = argmax(counts).expandDims(-1).eq(iota(this.eventShape));
    const own = where(isMost, a, 0).sum(-1);
    const beside = where(isMost, rest, 0).sum(-1);
    const isAll = most.eq(n).and(beside.lt(own));
    const few = where(isAll, beside, 1);
    const first = where(isAll, logAllOnOne(n, own, few), logOrderings(n, this.total()).sub(logOrderings(most, own)));
    const found = first.sub(where(isMost, 0, logOrderings(counts, a)).sum(-1));
    const known = this.totalCount.add(this.total());
    const isKnown = known.eq(known).and(value.ne(value).sum(-1).eq(0));
    return where(inside, found, where(isKnown, Number.NEGATIVE_INFINITY, Number.NaN));
  }

  override mean(): Tensor {
    return this.totalCount.expandDims(-1).mul(this.law().mean());
  }

  /** (n + A) times that of the probabilities, n times: n p (1 - p) (n + A) / (1 + A). */
  override variance(): Tensor {
    const scale = this.totalCount.mul(this.totalCount.add(this.total()));
    return this.law().variance().mul(scale.expandDims(-1));
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const [first, second] = split(key) as [Tensor, Tensor];
    const batch = [...shape, ...this.batchShape];
    const full = new Dirichlet({
      concentration: this.concentration.broadcastTo([...this.batchShape, ...this.eventShape]),
    });
    return drawCounts(second, this.totalCount.broadcastTo(batch), full.draw(first, shape));
  }

  private law(): Dirichlet {
    return new Dirichlet({ concentration: this.concentration });
  }

  private total(): Tensor {
    return this.concentration.sum(-1);
  }
}

/** log(x B(x, a)), 0 where x is 0. */
function logOrderings(x: Tensor, a: Tensor): Tensor {
  const some = where(x.gt(0), x, 1);
  return where(x.gt(0), log(some).add(lbeta(some, a)), 0);
}

/** From these concentrations on Stirling's formula is used for what is left when its large terms have cancelled. */
const LARGE = 8;

/** log of Γ(a + n) Γ(A) / (Γ(a) Γ(A + n)), A = a + rest: that all trials fall on one category, which may be nearly certain. */
function logAllOnOne(n: Tensor, a: Tensor, rest: Tensor): Tensor {
  // few trials: with many the differences of the curves below would lose more than those of logarithms of gamma functions
  const isNear = a.ge(LARGE).and(n.square().lt(rest.mul(a)));
  const [x, y] = [where(isNear, a, LARGE), where(isNear, a.add(rest), LARGE)];
  const trials = where(isNear, n, 0);
  const half = trials.sub(0.5);
  const curve = (z: Tensor): Tensor => z.add(half).mul(log1pmx(trials.div(z)));
  const errors = (z: Tensor): Tensor => stirlingError(z.add(trials)).sub(stirlingError(z));
  const bend = trials
    .mul(half)
    .mul(where(isNear, rest, 0).div(x).div(y))
    .add(curve(x).sub(curve(y)));
  const near = bend.add(errors(x).sub(errors(y))).sub(trials.mul(where(isNear, rest, 0).div(x).log1p()));
  return where(isNear, near, logGammaRatio(a, rest).sub(logGammaRatio(a.add(n), rest)));
}

import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, where } from "../ops/index.js";
import { logStandardGamma } from "../random/index.js";
import { softmax } from "../tensor/derived.js";
import { each, positive, simplex } from "./constraints.js";
import { dirichletEntropy, dirichletLogDensity, sumOfOthers } from "./dirichletSums.js";
import { Distribution } from "./distribution.js";
import { fromDirichlet } from "./kl/dirichlet.js";
import { check } from "./parameters.js";

/**
 * Dirichlet distribution: of probabilities that add up to 1, the beta distribution's kin for k categories.
 *
 *     log p(x) = Σ (concentration - 1) log x - log B(concentration),  log B(a) = Σ lgamma(a) - lgamma(Σ a)
 *
 * Values need to add up to 1 as far as rounding lets them, and are taken as they are.
 *
 * @param concentration  > 0, along the last axis: the mean is its share of the sum, and the larger the sum, the nearer are draws to that
 * @shape  batch = the parameter's without its last axis; event = [k]
 * @throws CredenceError `domain`: a known number is not > 0 or infinite; `shape`: there is no axis
 * @source Johnson, Kotz and Balakrishnan, Continuous Multivariate Distributions 1 (2000), chapter 49
 */
export class Dirichlet extends Distribution {
  readonly name = "Dirichlet";
  readonly support = simplex;
  readonly reparameterized = true;
  /** @shape [...batch, k] */
  readonly concentration: Tensor;

  constructor(params: { readonly concentration: TensorLike }) {
    const { concentration } = check("Dirichlet", params, { concentration: each(positive, 1) });
    const { shape, rank } = concentration;
    if (rank === 0 || shape[rank - 1] === 0) {
      fail({
        code: "shape",
        given: `Dirichlet: concentration is ${rank === 0 ? "a single number" : "empty"}`,
        allowed: "one number a category along the last axis",
      });
    }
    super({
      batch: shape.slice(0, -1),
      event: shape.slice(-1),
      dtype: concentration.dtype,
      parameters: { concentration },
      parameterAxes: { concentration: 1 },
    });
    this.concentration = concentration;
  }

  override get klRules() {
    return fromDirichlet;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const k = this.eventShape[0] as number;
    const inside = simplex.contains(value);
    // outside, the formula meets the centre
    const at = where(inside.expandDims(-1), value, 1 / k);
    const isNumber = eq(value, value).sum(-1).eq(k);
    const outside = where(isNumber.and(this.total().gt(0)), Number.NEGATIVE_INFINITY, Number.NaN);
    return where(inside, dirichletLogDensity(this.concentration, at), outside);
  }

  /** Gamma draws over their sum, by their logarithms: of tiny concentrations one is 1, where the draws themselves would all be 0. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const full = [...shape, ...this.batchShape, ...this.eventShape];
    return softmax(logStandardGamma(key, full, this.concentration));
  }

  override mean(): Tensor {
    return this.share(this.concentration);
  }

  override variance(): Tensor {
    const others = this.share(sumOfOthers(this.concentration));
    return this.mean().mul(others).div(this.total().add(1).expandDims(-1));
  }

  override skewness(): Tensor {
    const [own, others] = [this.mean(), this.share(sumOfOthers(this.concentration))];
    const n = this.total().expandDims(-1);
    const lean = others.sub(own).div(others.sqrt()).div(own.sqrt());
    return lean.mul(2).mul(n.add(1).sqrt()).div(n.add(2));
  }

  /** NaN where no concentration is above 1. */
  override mode(): Tensor {
    const above = this.concentration.sub(1).maximum(0);
    const sum = above.sum(-1, { keepDims: true });
    return where(sum.gt(0), above.div(where(sum.gt(0), sum, 1)), Number.NaN);
  }

  override entropy(): Tensor {
    return dirichletEntropy(this.concentration);
  }

  private total(): Tensor {
    return this.concentration.sum(-1);
  }

  private share(t: Tensor): Tensor {
    return t.div(this.total().expandDims(-1));
  }
}

import { StickBreaking } from "../bijectors/stickBreaking.js";
import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, where } from "../ops/index.js";
import { simplex } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromLogisticNormal } from "./kl/logisticNormal.js";
import { locationAndScale } from "./locationScale.js";
import { Normal } from "./normal.js";
import { check } from "./parameters.js";

const sticks = new StickBreaking();

/**
 * Logistic-normal distribution: probabilities of k + 1 categories, made of k independent normal numbers by breaking a stick.
 *
 *     log p(y) = Σ log Normal(x; loc, scale) - Σ log y,  x = StickBreaking().inverse(y)
 *
 * PyTorch's, whose numbers are independent; with loc 0 each category has about the same share.
 *
 * @param loc    means of the normal numbers, along the last axis
 * @param scale  their standard deviations, > 0
 * @shape  batch = broadcast(loc, scale) without the last axis; event = [k + 1]
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast, or there is no axis
 * @source Aitchison and Shen, Logistic-normal distributions: some properties and uses (1980); Stan Reference Manual, "Unit simplex"
 */
export class LogisticNormal extends Distribution {
  readonly name = "LogisticNormal";
  readonly support = simplex;
  readonly reparameterized = true;
  /** @shape [...batch, k], as scale */
  readonly loc: Tensor;
  readonly scale: Tensor;
  private readonly base: Normal;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    const checked = check("LogisticNormal", params, locationAndScale);
    const shape = broadcastShapes("LogisticNormal", [checked.loc.shape, checked.scale.shape]);
    const k = shape[shape.length - 1] ?? 0;
    if (k === 0) {
      fail({
        code: "shape",
        given: `LogisticNormal: loc and scale are ${shape.length === 0 ? "single numbers" : "empty"}`,
        allowed: "one number for all but one of the categories, along the last axis",
      });
    }
    const [loc, scale] = [checked.loc.broadcastTo(shape), checked.scale.broadcastTo(shape)];
    super({
      batch: shape.slice(0, -1),
      event: [k + 1],
      dtype: loc.dtype,
      parameters: { loc, scale },
      parameterAxes: { loc: 1, scale: 1 },
    });
    this.loc = loc;
    this.scale = scale;
    this.base = new Normal({ loc, scale });
  }

  override get klRules() {
    return fromLogisticNormal;
  }

  override logProb(y: TensorLike): Tensor {
    const value = this.value("logProb", y);
    const categories = this.eventShape[0] as number;
    const inside = simplex.contains(value).and(value.gt(0).sum(-1).eq(categories));
    // outside, the formula meets the centre
    const at = where(inside.expandDims(-1), value, 1 / categories);
    // the stretch of each piece is its length times the share that is left, and those shares' product is the last length
    const density = this.base.logProb(sticks.inverse(at)).sum(-1).sub(at.log().sum(-1));
    const isNumber = eq(value, value).sum(-1).eq(categories);
    const known = eq(this.scale, this.scale)
      .sum(-1)
      .eq(categories - 1);
    return where(inside, density, where(isNumber.and(known), Number.NEGATIVE_INFINITY, Number.NaN));
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return sticks.forward(this.base.draw(key, shape));
  }
}

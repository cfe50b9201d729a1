import { each, real } from "../distributions/constraints.js";
import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";
import { pickLast } from "./lastAxis.js";

/**
 * The numbers of a vector in another order: y[i] = x[permutation[i]].
 *
 * @param permutation  the numbers 0 to n - 1, each once
 * @throws CredenceError `argument`: it is no permutation; `shape`: a vector of another length
 */
export class Permute extends Bijector {
  readonly name = "Permute";
  readonly domain = each(real, 1);
  readonly codomain = each(real, 1);
  readonly increasing = undefined;
  readonly permutation: readonly number[];

  constructor(permutation: readonly number[]) {
    super({ settings: { permutation: [...permutation] } });
    const sorted = [...permutation].sort((a, b) => a - b);
    if (sorted.length === 0 || sorted.some((position, i) => position !== i)) {
      fail({
        code: "argument",
        given: `Permute: ${showShape(permutation)}`,
        allowed: "the numbers 0 to n - 1, each once",
      });
    }
    this.permutation = permutation;
  }

  override forward(x: TensorLike): Tensor {
    return pickLast(this.vector("forward", x), this.permutation);
  }

  override inverse(y: TensorLike): Tensor {
    const back = this.permutation.map((_, i) => this.permutation.indexOf(i));
    return pickLast(this.vector("inverse", y), back);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return this.vector("forwardLogDet", x).slice(-1, 0, 1).squeeze(-1).mul(0);
  }

  override mapDeviation(deviation: Tensor): Tensor {
    return this.forward(deviation);
  }

  override unmapDeviation(deviation: Tensor): Tensor {
    return this.inverse(deviation);
  }

  private vector(method: string, x: TensorLike): Tensor {
    const t = this.value(method, x, 1);
    const n = this.permutation.length;
    if (t.shape[t.rank - 1] !== n) {
      fail({
        code: "shape",
        given: `Permute.${method}: a tensor of shape ${showShape(t.shape)} for a permutation of ${n}`,
        allowed: `[..., ${n}]`,
      });
    }
    return t;
  }
}

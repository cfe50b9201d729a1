import { each, real } from "../distributions/constraints.js";
import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { type Shape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { concat } from "../tensor/derived.js";
import { Bijector } from "./bijector.js";

export interface CouplingParams {
  /** How many numbers of the vector, from its start, pass unchanged. */
  readonly kept: number;
  /** The map of the others, number by number, that these make. */
  readonly transform: (kept: Tensor) => Bijector;
}

/**
 * Vectors whose first numbers pass unchanged and say how each of the others is mapped. So both directions and the determinant are as
 * cheap as those of the map, whatever network computes its parameters. Several with a `Permute` between them make a flow.
 *
 * @param kept       how many numbers pass
 * @param transform  from the numbers that pass, [..., kept], a bijector of the line onto itself for the others, [..., n - kept]
 * @throws CredenceError `argument`: kept is no whole number of at least 1; `shape`: a vector with no number beyond it
 * @source Dinh, Krueger and Bengio, NICE (2014), section 3.2
 */
export class Coupling extends Bijector {
  readonly name: string = "Coupling";
  readonly domain = each(real, 1);
  readonly codomain = each(real, 1);
  readonly increasing = undefined;
  readonly kept: number;
  private readonly transform: (kept: Tensor) => Bijector;

  constructor({ kept, transform }: CouplingParams) {
    super({ settings: { kept, transform } });
    if (!Number.isInteger(kept) || kept < 1) {
      fail({ code: "argument", given: `Coupling: kept is ${kept}`, allowed: "a whole number of at least 1" });
    }
    this.kept = kept;
    this.transform = transform;
  }

  override forward(x: TensorLike): Tensor {
    const { kept, others, map } = this.parted("forward", x);
    return concat([kept, map.forward(others)], -1);
  }

  override inverse(y: TensorLike): Tensor {
    const { kept, others, map } = this.parted("inverse", y);
    return concat([kept, map.inverse(others)], -1);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const { others, map } = this.parted("forwardLogDet", x);
    return map.forwardLogDet(others).sum(-1);
  }

  override inverseLogDet(y: TensorLike): Tensor {
    const { others, map } = this.parted("inverseLogDet", y);
    return map.inverseLogDet(others).sum(-1);
  }

  private parted(method: string, x: TensorLike): { kept: Tensor; others: Tensor; map: Bijector } {
    const at = this.value(method, x, 1);
    const n = at.shape[at.rank - 1]!;
    if (n <= this.kept) refuse(this.name, method, at.shape, this.kept);
    const kept = at.slice(-1, 0, this.kept);
    return { kept, others: at.slice(-1, this.kept), map: this.transform(kept) };
  }
}

function refuse(name: string, method: string, shape: Shape, kept: number): never {
  return fail({
    code: "shape",
    given: `${name}.${method}: a tensor of shape ${showShape(shape)}, of which ${kept} numbers are kept`,
    allowed: `[..., n] with n > ${kept}`,
  });
}

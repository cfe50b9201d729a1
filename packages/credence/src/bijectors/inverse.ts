import type { Constraint } from "../distributions/constraints.js";
import type { ParameterChange } from "../distributions/distribution.js";
import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";

/**
 * A bijector the other way round.
 *
 * @param bijector  any
 */
export class Inverse extends Bijector {
  readonly name: string;
  readonly domain: Constraint;
  readonly codomain: Constraint;
  readonly increasing: boolean | Tensor | undefined;
  readonly bijector: Bijector;

  constructor(bijector: Bijector) {
    super({ parts: [bijector], batch: bijector.batchShape });
    this.name = `Inverse(${bijector.name})`;
    this.domain = bijector.codomain;
    this.codomain = bijector.domain;
    this.increasing = bijector.increasing;
    this.bijector = bijector;
  }

  override forward(x: TensorLike): Tensor {
    return this.bijector.inverse(x);
  }

  override inverse(y: TensorLike): Tensor {
    return this.bijector.forward(y);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return this.bijector.inverseLogDet(x);
  }

  override inverseLogDet(y: TensorLike): Tensor {
    return this.bijector.forwardLogDet(y);
  }

  override forwardShape(event: Shape): Shape {
    return this.bijector.inverseShape(event);
  }

  override inverseShape(event: Shape): Shape {
    return this.bijector.forwardShape(event);
  }

  override mapDeviation(deviation: Tensor): Tensor | undefined {
    return this.bijector.unmapDeviation(deviation);
  }

  override unmapDeviation(deviation: Tensor): Tensor | undefined {
    return this.bijector.mapDeviation(deviation);
  }

  override domainPoint(event: Shape): Tensor {
    return this.bijector.codomainPoint(event);
  }

  override codomainPoint(event: Shape): Tensor {
    return this.bijector.domainPoint(event);
  }

  override withParameters(change: ParameterChange, batch: Shape): Inverse {
    return new Inverse(this.bijector.withParameters(change, batch));
  }
}

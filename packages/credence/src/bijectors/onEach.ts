import { type Constraint, each } from "../distributions/constraints.js";
import type { ParameterChange } from "../distributions/distribution.js";
import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";
import { sumLast } from "./sumLast.js";

/**
 * A bijector on each number, or event, along further axes, which with it make one event: its log-determinants add up.
 *
 * @param bijector  any
 * @param axes      how many
 * @shape  batch = the bijector's without the last axes
 * @throws CredenceError `argument`: not a whole number of at least 1
 */
export class OnEach extends Bijector {
  readonly name: string;
  readonly domain: Constraint;
  readonly codomain: Constraint;
  readonly increasing = undefined;
  readonly bijector: Bijector;
  readonly axes: number;

  constructor(bijector: Bijector, axes: number) {
    if (!Number.isInteger(axes) || axes < 1) {
      fail({ code: "argument", given: `OnEach: ${axes} axes`, allowed: "a whole number of at least 1" });
    }
    const { batchShape } = bijector;
    super({ parts: [bijector], batch: batchShape.slice(0, Math.max(0, batchShape.length - axes)), settings: { axes } });
    this.name = `OnEach(${bijector.name})`;
    this.domain = each(bijector.domain, axes);
    this.codomain = each(bijector.codomain, axes);
    this.bijector = bijector;
    this.axes = axes;
  }

  override forward(x: TensorLike): Tensor {
    return this.bijector.forward(this.value("forward", x, this.domain.eventRank));
  }

  override inverse(y: TensorLike): Tensor {
    return this.bijector.inverse(this.value("inverse", y, this.codomain.eventRank));
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const at = this.value("forwardLogDet", x, this.domain.eventRank);
    return sumLast(this.bijector.forwardLogDet(at), this.over(at, this.bijector.domain));
  }

  override inverseLogDet(y: TensorLike): Tensor {
    const at = this.value("inverseLogDet", y, this.codomain.eventRank);
    return sumLast(this.bijector.inverseLogDet(at), this.over(at, this.bijector.codomain));
  }

  override forwardShape(event: Shape): Shape {
    return this.bijector.forwardShape(event);
  }

  override inverseShape(event: Shape): Shape {
    return this.bijector.inverseShape(event);
  }

  override mapDeviation(deviation: Tensor): Tensor | undefined {
    return this.bijector.mapDeviation(deviation);
  }

  override unmapDeviation(deviation: Tensor): Tensor | undefined {
    return this.bijector.unmapDeviation(deviation);
  }

  override domainPoint(event: Shape): Tensor {
    return this.bijector.domainPoint(event);
  }

  override codomainPoint(event: Shape): Tensor {
    return this.bijector.codomainPoint(event);
  }

  override withParameters(change: ParameterChange, batch: Shape): OnEach {
    const { bijector, axes } = this;
    const held = bijector.batchShape.slice(Math.max(0, bijector.batchShape.length - axes));
    const own = [...Array.from({ length: axes - held.length }, () => 1), ...held];
    return new OnEach(
      bijector.withParameters((t, own) => change(t, own + axes), [...batch, ...own]),
      axes,
    );
  }

  /** The shape of the axes over which is summed. */
  private over(at: Tensor, { eventRank }: Constraint): Shape {
    return at.shape.slice(at.rank - eventRank - this.axes, at.rank - eventRank);
  }
}

/** The bijector with so many further axes of one event; itself for none. */
export const onAxes = (bijector: Bijector, axes: number): Bijector =>
  axes === 0 ? bijector : new OnEach(bijector, axes);

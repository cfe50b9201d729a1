import type { Constraint } from "../distributions/constraints.js";
import type { ParameterChange } from "../distributions/distribution.js";
import { clampTo } from "../distributions/onSupport.js";
import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { and, maximum, minimum } from "../ops/index.js";
import { Bijector } from "./bijector.js";
import { onAxes } from "./onEach.js";
import { openInterval } from "./openInterval.js";

/**
 * Bijectors one after the other, in the order in which they are applied:
 *
 *     new Chain([first, second]).forward(x) = second.forward(first.forward(x))
 *
 * Maps of numbers among maps of events take each number of an event; their log-determinants are added up over it.
 *
 * @param parts  one at least
 * @shape  batch = that of all parts, without what stands along the axes of an event
 * @throws CredenceError `argument`: no part
 */
export class Chain extends Bijector {
  readonly name: string;
  readonly domain: Constraint;
  readonly codomain: Constraint;
  readonly increasing: boolean | Tensor | undefined;
  /** The parts, each of them a map of the whole event. */
  private readonly steps: readonly Bijector[];

  constructor(parts: readonly Bijector[]) {
    if (parts.length === 0) {
      fail({ code: "argument", given: "Chain: no bijectors", allowed: "at least one", mend: "new Identity()" });
    }
    const steps = onWholeEvents(parts);
    const batch = broadcastShapes(
      "Chain",
      steps.map((step) => step.batchShape),
    );
    super({ parts, batch });
    this.steps = steps;
    this.name = `Chain(${parts.map((part) => part.name).join(", ")})`;
    this.domain = steps[0]!.domain;
    const isScalar = steps.every((step) => step.increasing !== undefined);
    this.increasing = isScalar ? steps.map((step) => step.increasing!).reduce(together) : undefined;
    this.codomain = isScalar ? imageOfLine(steps) : imageOfEvents(steps);
  }

  override forward(x: TensorLike): Tensor {
    return this.steps.reduce((at, step) => step.forward(at), tensor(x));
  }

  override inverse(y: TensorLike): Tensor {
    return this.steps.reduceRight((at, step) => step.inverse(at), tensor(y));
  }

  override inverseFromClosure(y: Tensor): Tensor {
    return this.steps.reduceRight((at, step) => step.inverseFromClosure(at), y);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    let at = tensor(x);
    const terms = this.steps.map((step) => {
      const term = step.forwardLogDet(at);
      at = step.forward(at);
      return term;
    });
    return terms.reduce((sum, term) => sum.add(term));
  }

  override inverseLogDet(y: TensorLike): Tensor {
    let at = tensor(y);
    const terms = [...this.steps].reverse().map((step) => {
      const term = step.inverseLogDet(at);
      at = step.inverse(at);
      return term;
    });
    return terms.reduce((sum, term) => sum.add(term));
  }

  override forwardShape(event: Shape): Shape {
    return this.steps.reduce((shape, step) => step.forwardShape(shape), event);
  }

  override inverseShape(event: Shape): Shape {
    return this.steps.reduceRight((shape, step) => step.inverseShape(shape), event);
  }

  override mapDeviation(deviation: Tensor): Tensor | undefined {
    return this.steps.reduce<Tensor | undefined>((at, step) => at && step.mapDeviation(at), deviation);
  }

  override unmapDeviation(deviation: Tensor): Tensor | undefined {
    return this.steps.reduceRight<Tensor | undefined>((at, step) => at && step.unmapDeviation(at), deviation);
  }

  override domainPoint(event: Shape): Tensor {
    return this.steps[0]!.domainPoint(event);
  }

  override withParameters(change: ParameterChange, batch: Shape): Chain {
    return new Chain(this.steps.map((step) => step.withParameters(change, batch)));
  }
}

/** Each part as a map of the whole event, whose rank is the least that gives every part what it maps. */
function onWholeEvents(parts: readonly Bijector[]): Bijector[] {
  const growth = parts.map(({ domain, codomain }) => codomain.eventRank - domain.eventRank);
  const before = parts.map((_, i) => growth.slice(0, i).reduce((a, b) => a + b, 0));
  const rank = Math.max(...parts.map((part, i) => part.domain.eventRank - before[i]!));
  return parts.map((part, i) => onAxes(part, rank + before[i]! - part.domain.eventRank));
}

/** Of two monotone maps together. */
function together(a: boolean | Tensor, b: boolean | Tensor): boolean | Tensor {
  if (a === true) return b;
  if (b === true) return a;
  if (typeof a === "boolean") return typeof b === "boolean" ? a === b : b.not();
  return typeof b === "boolean" ? a.not() : a.eq(b);
}

/** The interval onto which monotone maps carry the first one's domain. */
function imageOfLine(steps: readonly Bijector[]): Constraint {
  let ends = endsOf(steps[0]!.codomain);
  for (const step of steps.slice(1)) {
    const [lower, upper] = endsOf(step.domain);
    const [a, b] = ends.map((end) => step.forward(clampTo(end, lower, upper))) as [Tensor, Tensor];
    ends = [minimum(a, b), maximum(a, b)];
  }
  return openInterval(...ends);
}

const endsOf = ({ limits, bounds }: Constraint): [Tensor, Tensor] => {
  const [lower, upper] = limits ?? bounds ?? [-Infinity, Infinity];
  return [tensor(lower), tensor(upper)];
};

/** The last one's codomain, less what the domains of the parts before it exclude. */
function imageOfEvents(steps: readonly Bijector[]): Constraint {
  const last = steps[steps.length - 1]!.codomain;
  if (steps.every((step, i) => i === 0 || step.domain.name === steps[i - 1]!.codomain.name)) return last;
  const contains = (y: Tensor): Tensor => {
    let at = y;
    const inside = [...steps].reverse().map((step) => {
      const found = step.codomain.contains(at);
      at = step.inverse(at);
      return found;
    });
    return inside.reduce((a, b) => and(a, b));
  };
  const { bounds: _, limits: __, each: ___, ...rest } = last;
  return { ...rest, contains, firstOutside: (y) => contains(y).data().indexOf(0) };
}

import type { Constraint } from "../distributions/constraints.js";
import type { ParameterChange } from "../distributions/distribution.js";
import { clampTo } from "../distributions/onSupport.js";
import { parametersToJson } from "../distributions/toJson.js";
import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import type { BijectorJson } from "./json.js";

/** @internal What a bijector tells its base. */
export interface BijectorSpec {
  /** The checked parameters, by the names under which the constructor takes them. */
  readonly parameters?: Readonly<Record<string, Tensor>>;
  /** How many trailing axes of a parameter belong to one value of the domain, where that is not 0. */
  readonly parameterAxes?: Readonly<Record<string, number>>;
  /** The bijectors that it is made of. */
  readonly parts?: readonly Bijector[];
  /** The batch of the parts' parameters. */
  readonly batch?: Shape;
  /** What else makes it what it is: numbers and lists for JSON, or functions. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/**
 * A smooth map with a smooth inverse, y = forward(x) and x = inverse(y), with the logarithms of the factors by which it
 * stretches volumes.
 *
 * It maps numbers or events, as `domain.eventRank` says: 0 for numbers one by one, 1 for vectors. Axes in front of an event are a
 * batch, with which the parameters broadcast.
 */
export abstract class Bijector {
  abstract readonly name: string;
  /** Where x may lie. */
  abstract readonly domain: Constraint;
  /** Where y then lies. */
  abstract readonly codomain: Constraint;
  /** Of a map of numbers: does y grow with x? A tensor where that depends on parameters. Undefined for maps of events. */
  abstract readonly increasing: boolean | Tensor | undefined;
  readonly parameters: Readonly<Record<string, Tensor>>;
  /** The batch of the parameters. */
  readonly batchShape: Shape;
  /** @internal */
  readonly parts: readonly Bijector[];
  /** @internal */
  readonly settings: Readonly<Record<string, unknown>>;
  private readonly parameterAxes: Readonly<Record<string, number>>;

  constructor({ parameters = {}, parameterAxes = {}, parts = [], batch = [], settings = {} }: BijectorSpec = {}) {
    this.parameters = parameters;
    this.parameterAxes = parameterAxes;
    this.parts = parts;
    this.settings = settings;
    this.batchShape = broadcastShapes("bijector", [
      batch,
      ...Object.entries(parameters).map(([name, t]) => t.shape.slice(0, t.rank - (parameterAxes[name] ?? 0))),
    ]);
  }

  /** @shape [...batch, ...event], the event of the shape `forwardShape(event)` */
  abstract forward(x: TensorLike): Tensor;

  /** @shape [...batch, ...event], the event of the shape `inverseShape(event)` */
  abstract inverse(y: TensorLike): Tensor;

  /** log |det dy/dx|. @shape x without the axes of an event, broadcast with the batch */
  abstract forwardLogDet(x: TensorLike): Tensor;

  /** log |det dx/dy|. @shape y without the axes of an event, broadcast with the batch */
  inverseLogDet(y: TensorLike): Tensor {
    return this.forwardLogDet(this.inverse(y)).neg();
  }

  /** The shape of an event's image. */
  forwardShape(event: Shape): Shape {
    return event;
  }

  /** The shape of the event with this image. */
  inverseShape(event: Shape): Shape {
    return event;
  }

  /**
   * Standard deviations of y from those of x, where the map is affine: then means and modes are mapped too, and entropies grow by
   * the log-determinant. Undefined elsewhere.
   */
  mapDeviation(_deviation: Tensor): Tensor | undefined {
    return undefined;
  }

  /** As `mapDeviation`, of x from those of y. */
  unmapDeviation(_deviation: Tensor): Tensor | undefined {
    return undefined;
  }

  /** @internal The inverse of y moved to the nearer end of the codomain where it lies outside: of maps of numbers. */
  inverseFromClosure(y: Tensor): Tensor {
    const ends = this.codomain.limits ?? this.codomain.bounds;
    return this.inverse(ends ? clampTo(y, ...ends) : y);
  }

  /** @internal A point of the domain. */
  domainPoint(event: Shape): Tensor {
    return pointIn(this.domain, event) ?? tensor(0).broadcastTo(event);
  }

  /** @internal A point of the codomain. */
  codomainPoint(event: Shape): Tensor {
    return pointIn(this.codomain, event) ?? this.forward(this.domainPoint(this.inverseShape(event)));
  }

  /** @internal The same map with changed parameters, each given broadcast to `batch`. */
  withParameters(change: ParameterChange, batch: Shape): Bijector {
    const entries = Object.entries(this.parameters);
    if (entries.length === 0) return this;
    const changed = entries.map(([name, t]) => {
      const axes = this.parameterAxes[name] ?? 0;
      return [name, change(t.broadcastTo([...batch, ...t.shape.slice(t.rank - axes)]), axes)];
    });
    const Family = this.constructor as new (parameters: Record<string, unknown>) => Bijector;
    return new Family({ ...this.settings, ...Object.fromEntries(changed) });
  }

  /** As plain data, which `bijectorFromJSON` turns back into the same map. @throws CredenceError `missing`: it is made by a function */
  toJSON(): BijectorJson {
    const functions = Object.entries(this.settings).filter(([, value]) => typeof value === "function");
    if (functions.length > 0) {
      fail({
        code: "missing",
        given: `${this.name}.toJSON: its ${functions[0]![0]} is a function`,
        mend: "keep the numbers that the function uses, and make the bijector anew",
      });
    }
    const bijector = this.name.replace(/\(.*/, "");
    const numbers = Object.keys(this.parameters).length > 0 ? parametersToJson(this.parameters) : {};
    const parts = this.parts.length > 0 ? { parts: this.parts.map((part) => part.toJSON()) } : {};
    return { bijector, ...numbers, ...parts, ...this.settings };
  }

  /** An argument as a tensor, which must have the axes of an event. */
  protected value(method: string, x: TensorLike, axes: number): Tensor {
    const t = tensor(x);
    if (t.rank < axes) {
      fail({
        code: "shape",
        given: `${this.name}.${method}: a tensor of shape ${showShape(t.shape)}`,
        allowed: `${axes} axes or more, the last of which are one event's`,
      });
    }
    return t;
  }
}

/** One number within the bounds of a set, everywhere in the shape of an event. */
function pointIn({ bounds }: Constraint, event: Shape): Tensor | undefined {
  if (bounds === undefined) return undefined;
  const [lower, upper] = bounds;
  const inside =
    lower > -Infinity && upper < Infinity ? (lower + upper) / 2 : lower > -Infinity ? lower + 1 : upper - 1;
  return tensor(lower === -Infinity && upper === Infinity ? 0 : inside).broadcastTo(event);
}

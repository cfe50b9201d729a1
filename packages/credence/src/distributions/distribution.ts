import { fail } from "../errors.js";
import type { DType } from "../graph/dtype.js";
import type { TensorLike } from "../graph/literal.js";
import { checkShape, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { key as keyOf } from "../random/key.js";
import type { Constraint } from "./constraints.js";
import { type DistributionJson, parametersToJson } from "./toJson.js";
import { checkValue } from "./values.js";

/** Which draws: of a seed, or of a key made with `key`, `split` or `foldIn`. The same one gives the same draws on every engine. */
export type SampleOptions = { readonly shape?: Shape } & (
  | { readonly seed: number | bigint; readonly key?: undefined }
  | { readonly key: Tensor; readonly seed?: undefined }
);

/** Draws, and the logarithm of the density at each of them. */
export interface Drawn {
  /** @shape [...shape, ...batch, ...event] */
  readonly value: Tensor;
  /** @shape [...shape, ...batch] */
  readonly logProb: Tensor;
}

/** @internal Changes one parameter, of shape [...batch, ...axes], where `axes` says how many trailing axes are not the batch's. */
export type ParameterChange = (parameter: Tensor, axes: number) => Tensor;

/**
 * KL(p || q) of two families. A rule for a distribution made of others gets at their divergences by `kl`.
 *
 * @shape  broadcast(p's batch, q's batch)
 */
// biome-ignore lint/suspicious/noExplicitAny: a rule knows the classes of its two families, the table of rules does not
export type KlRule = (p: any, q: any, kl: (p: Distribution, q: Distribution) => Tensor) => Tensor;

/** @internal What a distribution tells its base. */
export interface DistributionShape {
  readonly batch: Shape;
  readonly event: Shape;
  readonly dtype: DType;
  /** The checked parameters, by the names under which the constructor takes them. Wrappers of other distributions have none. */
  readonly parameters?: Readonly<Record<string, Tensor>>;
  /** How many trailing axes of a parameter are not the batch's, where that is not 0. */
  readonly parameterAxes?: Readonly<Record<string, number>>;
}

/** What to do about a method that a distribution lacks. */
const instead = {
  mean: "average draws: d.sample({ seed: 1, shape: [n] }).mean(0)",
  variance: "take it from draws: d.sample({ seed: 1, shape: [n] })",
  skewness: "take it from draws: d.sample({ seed: 1, shape: [n] })",
  mode: "compare d.logProb over a grid of values",
  entropy: "estimate it: d.logProb(d.sample({ seed: 1, shape: [n] })).mean(0).neg()",
  cdf: "count draws: d.sample({ seed: 1, shape: [n] }).le(x)",
  survival: "count draws: d.sample({ seed: 1, shape: [n] }).gt(x)",
  quantile: "sort draws: d.sample({ seed: 1, shape: [n] })",
} as const;

/**
 * A batch of distributions of one family. Three shapes: `batchShape`, one distribution an element; `eventShape`, of one draw;
 * and the shape asked for in `sample`. Values broadcast against the batch.
 *
 * Outside the support the density is 0 (`logProb` -Infinity) and the distribution function 0 or 1. NaN gives NaN. What a family
 * does not have throws `missing` and says what to do instead.
 */
export abstract class Distribution {
  abstract readonly name: string;
  /** Where the mass lies. */
  abstract readonly support: Constraint;
  /** Do gradients flow through draws to the parameters? */
  abstract readonly reparameterized: boolean;
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  /** Element type of draws. */
  readonly dtype: DType;
  /** As the constructor takes them. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  private readonly parameterAxes: Readonly<Record<string, number>>;

  protected constructor({ batch, event, dtype, parameters = {}, parameterAxes = {} }: DistributionShape) {
    this.batchShape = batch;
    this.eventShape = event;
    this.dtype = dtype;
    this.parameters = parameters;
    this.parameterAxes = parameterAxes;
  }

  /** @internal Formulas of KL(this || q), by the name of q's family; "*" for any. */
  get klRules(): Readonly<Record<string, KlRule>> {
    return {};
  }

  /** @internal The formula of KL(p || this) for p of any family without one of its own. */
  get klToThis(): KlRule | undefined {
    return undefined;
  }

  /** @internal The same law as a member of a wider family, whose formulas then serve it too. */
  get asGeneral(): Distribution | undefined {
    return undefined;
  }

  /** Logarithm of the density, or of the probability where discrete; nats. @shape broadcast(x without event axes, batch) */
  abstract logProb(x: TensorLike): Tensor;

  /** @internal Draws of shape [...shape, ...batch, ...event]. */
  abstract draw(key: Tensor, shape: Shape): Tensor;

  /** @internal The same family with changed parameters, each given broadcast to the batch. */
  withParameters(change: ParameterChange): Distribution {
    const { batchShape, parameterAxes } = this;
    const changed = Object.entries(this.parameters).map(([name, t]) => {
      const axes = parameterAxes[name] ?? 0;
      return [name, change(t.broadcastTo([...batchShape, ...t.shape.slice(t.rank - axes)]), axes)];
    });
    const Family = this.constructor as new (parameters: Record<string, Tensor>) => Distribution;
    return new Family(Object.fromEntries(changed));
  }

  /** The family's name and its parameters, which `fromJSON` turns back into the same distribution. */
  toJSON(): DistributionJson {
    return { distribution: this.name, ...parametersToJson(this.parameters) };
  }

  /** Density, or probability where discrete. @shape as logProb */
  prob(x: TensorLike): Tensor {
    return this.logProb(x).exp();
  }

  /**
   * Random draws.
   *
   * @param options  `seed` (a number) or `key`, and `shape`: how many
   * @shape  [...shape, ...batch, ...event]
   */
  sample(options: SampleOptions): Tensor {
    const { key, shape } = drawing(`${this.name}.sample`, options);
    return this.draw(key, shape);
  }

  /**
   * Random draws with their log densities, which may be had where no function of the draw has them: of a draw that a `Transformed`
   * law rounds to an end of its support, say.
   *
   * @param options  as of `sample`
   */
  sampleAndLogProb(options: SampleOptions): Drawn {
    const { key, shape } = drawing(`${this.name}.sampleAndLogProb`, options);
    return this.drawWithLogProb(key, shape);
  }

  /** @internal Draws as of `draw`, with their log densities. */
  drawWithLogProb(key: Tensor, shape: Shape): Drawn {
    const value = this.draw(key, shape);
    return { value, logProb: this.logProb(value) };
  }

  /** @shape [...batch, ...event], as of variance, stddev, skewness and mode */
  mean(): Tensor {
    return this.missing("mean");
  }

  /** Of each number of the event. */
  variance(): Tensor {
    return this.missing("variance");
  }

  /** Standard deviation: the root of the variance. */
  stddev(): Tensor {
    return this.variance().sqrt();
  }

  /** E[(x - mean)³] / stddev³: 0 where both sides are alike, positive where the longer tail is above. */
  skewness(): Tensor {
    return this.missing("skewness");
  }

  /** Where the density is greatest. */
  mode(): Tensor {
    return this.missing("mode");
  }

  /** -E[log p]; nats. @shape batch */
  entropy(): Tensor {
    return this.missing("entropy");
  }

  /** P(X <= x). @shape as logProb */
  cdf(_x: TensorLike): Tensor {
    return this.missing("cdf");
  }

  /** Logarithm of the cdf. @shape as logProb */
  logCdf(x: TensorLike): Tensor {
    return this.cdf(x).log();
  }

  /** P(X > x), exact where it is small. @shape as logProb */
  survival(_x: TensorLike): Tensor {
    return this.missing("survival");
  }

  /** Logarithm of the survival function. @shape as logProb */
  logSurvival(x: TensorLike): Tensor {
    return this.survival(x).log();
  }

  /** The least x with cdf(x) >= p; NaN outside [0, 1]. @shape broadcast(p, batch) */
  quantile(_p: TensorLike): Tensor {
    return this.missing("quantile");
  }

  protected value(method: string, x: TensorLike): Tensor {
    return checkValue(`${this.name}.${method}`, x, this.batchShape, this.eventShape);
  }

  protected missing(method: keyof typeof instead, mend: string = instead[method]): never {
    return fail({ code: "missing", given: `${this.name}: there is no formula for ${method}`, mend });
  }
}

/** The key and shape that sampling options ask for. */
export function drawing(name: string, options: SampleOptions): { key: Tensor; shape: Shape } {
  const { seed, key, shape = [] } = options;
  checkShape(name, shape);
  if (key !== undefined) return { key, shape };
  if (seed !== undefined) return { key: keyOf(seed), shape };
  return fail({
    code: "argument",
    given: `${name}: neither a seed nor a key`,
    allowed: "{ seed: 42 } or { key: key(42) }, and a shape",
  });
}

import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { split } from "../random/index.js";
import { stack } from "../tensor/derived.js";
import type { Categorical } from "./categorical.js";
import type { Constraint } from "./constraints.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { MixtureSameFamily, pick } from "./mixtureSameFamily.js";
import type { DistributionJson } from "./toJson.js";

/**
 * Laws of any families side by side: one batch whose last axis counts them.
 *
 * @internal
 */
class Alongside extends Distribution {
  readonly name: string;
  readonly support: Constraint;
  readonly reparameterized: boolean;

  constructor(readonly laws: readonly Distribution[]) {
    const [first] = laws as readonly [Distribution];
    const batch = broadcastShapes(
      "Mixture",
      laws.map((d) => d.batchShape),
    );
    const dtype = laws.some((d) => d.dtype === "float64") ? "float64" : first.dtype;
    super({ batch: [...batch, laws.length], event: first.eventShape, dtype });
    this.name = laws.map((d) => d.name).join(", ");
    this.support = anyOf(laws.map((d) => d.support));
    this.reparameterized = laws.every((d) => d.reparameterized);
  }

  override logProb(x: TensorLike): Tensor {
    return this.each("logProb", tensor(x));
  }
  override cdf(x: TensorLike): Tensor {
    return this.each("cdf", tensor(x));
  }
  override survival(x: TensorLike): Tensor {
    return this.each("survival", tensor(x));
  }
  override logCdf(x: TensorLike): Tensor {
    return this.each("logCdf", tensor(x));
  }
  override logSurvival(x: TensorLike): Tensor {
    return this.each("logSurvival", tensor(x));
  }
  override quantile(p: TensorLike): Tensor {
    return this.each("quantile", tensor(p));
  }
  override mean(): Tensor {
    return this.all((d) => d.mean());
  }
  override variance(): Tensor {
    return this.all((d) => d.variance());
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const keys = split(key, this.laws.length) as readonly Tensor[];
    const batch = this.batchShape.slice(0, -1);
    const draws = this.laws.map((d, i) => {
      const lead = [...shape, ...batch.slice(0, batch.length - d.batchShape.length)];
      return d.draw(keys[i] as Tensor, lead).broadcastTo([...shape, ...batch, ...d.eventShape]);
    });
    return stack(draws, -1 - this.eventShape.length);
  }

  override withParameters(change: ParameterChange): Alongside {
    return new Alongside(this.laws.map((d) => d.withParameters(change)));
  }

  /** Of values [..., k or 1, ...event], each law at its own. */
  private each(method: "logProb" | "cdf" | "survival" | "logCdf" | "logSurvival" | "quantile", x: Tensor): Tensor {
    const events = method === "quantile" ? 0 : this.eventShape.length;
    const axis = x.rank - events - 1;
    const results = this.laws.map((d, i) => {
      const own = x.shape[axis] === 1 ? 0 : i;
      return d[method](x.slice(axis, own, own + 1).squeeze(axis));
    });
    const shape = broadcastShapes(
      "Mixture",
      results.map((t) => t.shape),
    );
    return stack(
      results.map((t) => t.broadcastTo(shape)),
      -1,
    );
  }

  private all(moment: (d: Distribution) => Tensor): Tensor {
    const batch = this.batchShape.slice(0, -1);
    const whole = [...batch, ...this.eventShape];
    return stack(
      this.laws.map((d) => moment(d).broadcastTo(whole)),
      -1 - this.eventShape.length,
    );
  }
}

/** Where any of the laws has mass. */
function anyOf(supports: readonly Constraint[]): Constraint {
  const [first] = supports as readonly [Constraint];
  const known = supports.every((s) => s.bounds !== undefined);
  const contains = (x: Tensor): Tensor => supports.map((s) => s.contains(x)).reduce((a, b) => a.or(b));
  return {
    name: "anyOf",
    allowed: [...new Set(supports.map((s) => s.allowed))].join(", or "),
    eventRank: first.eventRank,
    discrete: first.discrete,
    ...(known && {
      bounds: [Math.min(...supports.map((s) => s.bounds![0])), Math.max(...supports.map((s) => s.bounds![1]))] as const,
    }),
    contains,
    firstOutside: (x) => contains(x).data().indexOf(0),
  };
}

/**
 * Mixture of distributions of any families, of one event shape: first one of them is chosen, then it is drawn from. Where all are of one family
 * `MixtureSameFamily` is faster.
 *
 *     new Mixture({ mixture: new Categorical({ probs: [0.9, 0.1] }), components: [new Normal({ loc: 0, scale: 1 }), new Cauchy({ loc: 0, scale: 1 })] })
 *
 * @param mixture     the weights, a Categorical over k
 * @param components  k distributions, all of numbers that are continuous or all of counts; supports may differ
 * @shape  batch = broadcast(mixture's batch, components' batches); event = the components'
 * @throws CredenceError `shape`: not k components, events of other shapes, batches that do not broadcast; `argument`: counts and continuous ones
 * @source McLachlan and Peel, Finite Mixture Models (2000), section 1.4
 */
export class Mixture extends MixtureSameFamily<Alongside> {
  constructor({
    mixture,
    components,
  }: { readonly mixture: Categorical; readonly components: readonly Distribution[] }) {
    const [first] = components;
    const k = mixture.probs.shape[mixture.probs.rank - 1];
    if (first === undefined || components.length !== k) {
      fail({
        code: "shape",
        given: `Mixture: ${components.length} components for ${k} weights`,
        allowed: "as many components as weights",
      });
    }
    const other = components.find((d) => !sameShape(d.eventShape, first.eventShape));
    if (other) {
      fail({
        code: "shape",
        given: `Mixture: events of shapes ${showShape(first.eventShape)} (${first.name}) and ${showShape(other.eventShape)} (${other.name})`,
        allowed: "equal event shapes",
        mend: "new Independent(d, n) makes events of the last n batch axes",
      });
    }
    const mixed = components.find((d) => d.support.discrete !== first.support.discrete);
    if (mixed) {
      fail({
        code: "argument",
        given: `Mixture: ${first.name} and ${mixed.name}: a density and probabilities do not add up`,
        allowed: "components that are all continuous, or all discrete",
        mend: "new Hurdle({ base, gate }) adds a mass at 0 to a continuous law",
      });
    }
    super({ mixture, components: new Alongside(components) });
  }

  override get name(): string {
    return `Mixture(${this.components.name})`;
  }

  /** The components as given. */
  get laws(): readonly Distribution[] {
    return this.components.laws;
  }

  override withParameters(change: ParameterChange): Mixture {
    const batch = (t: Tensor, axes: number): Tensor =>
      t.broadcastTo([...this.batchShape, ...t.shape.slice(t.rank - axes)]);
    return new Mixture({
      mixture: this.mixture.withParameters((t, axes) => change(batch(t, axes), axes)),
      components: this.laws.map((d) => d.withParameters((t, axes) => change(batch(t, axes), axes))),
    });
  }

  override toJSON(): DistributionJson {
    return { distribution: "Mixture", mixture: this.mixture.toJSON(), components: this.laws.map((d) => d.toJSON()) };
  }

  /** @internal All draw, and the chosen draw is taken. */
  protected override drawChosen(key: Tensor, choice: Tensor): { readonly x: Tensor; mean(): Tensor } {
    const axes = this.eventShape.length;
    const lead = choice.shape.slice(0, choice.rank - this.batchShape.length);
    const draws = this.components.draw(key, [
      ...lead,
      ...this.batchShape.slice(0, 1 + this.batchShape.length - this.components.batchShape.length),
    ]);
    return { x: pick(draws, choice, axes), mean: () => pick(this.components.mean(), choice, axes) };
  }
}

import type { Bijector } from "../bijectors/bijector.js";
import { onAxes } from "../bijectors/onEach.js";
import { sameBijector } from "../bijectors/same.js";
import { fail } from "../errors.js";
import { isFloat } from "../graph/dtype.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { and, maximum, minimum, sum, where } from "../ops/index.js";
import type { Constraint } from "./constraints.js";
import { Distribution, type Drawn, type KlRule, type ParameterChange } from "./distribution.js";
import { quantileByRoot } from "./invertCdf.js";
import { clampTo, levelOf } from "./onSupport.js";
import type { DistributionJson } from "./toJson.js";

/**
 * The law of y = bijector.forward(x), for x of a base law:
 *
 *     log p(y) = log base(x) - log |det dy/dx|,  x = bijector.inverse(y)
 *
 *     new Transformed({ base: new Normal({ loc, scale }), bijector: new Tanh() })   // a squashed normal
 *
 * A map of numbers is applied to each number of an event. Draws that a saturating map such as tanh rounds to its ends have their right
 * log density from `sampleAndLogProb`, which keeps x, and from no function of y.
 *
 * Of numbers the distribution function and quantile are there if the base has them. Moments, mode and entropy are there where the
 * map is affine.
 *
 * @param base      a continuous distribution
 * @param bijector  of numbers, or of events as the base has
 * @shape  batch = broadcast(base's batch, bijector's); event = bijector.forwardShape(base's event)
 * @throws CredenceError `argument`: the base is discrete; `domain`: its support lies beyond the bijector's domain; `shape`: it has
 *   events of too few axes, or shapes do not fit
 * @source Papamakarios et al., Normalizing flows for probabilistic modeling and inference (2021), section 2.1
 */
export class Transformed<Base extends Distribution = Distribution> extends Distribution {
  readonly name: string;
  readonly support: Constraint;
  readonly reparameterized: boolean;
  /** With the batch of the whole. */
  readonly base: Base;
  readonly bijector: Bijector;
  /** The bijector as a map of the base's whole events. */
  private readonly map: Bijector;

  constructor({ base, bijector }: { readonly base: Base; readonly bijector: Bijector }) {
    checkFit(base, bijector);
    const map = onAxes(bijector, base.eventShape.length - bijector.domain.eventRank);
    const batch = broadcastShapes("Transformed", [base.batchShape, map.batchShape]);
    const from = [...batch, ...base.eventShape];
    const image = map.forward(tensor(0, { dtype: base.dtype }).broadcastTo(from));
    const event = map.forwardShape(base.eventShape);
    if (!sameShape(image.shape, [...batch, ...event])) {
      fail({
        code: "shape",
        given: `Transformed: ${map.name} makes ${showShape(image.shape)} of a batch and event of shape ${showShape(from)}`,
        allowed: showShape([...batch, ...event]),
        mend: "let the bijector's parameters broadcast to the event",
      });
    }
    super({ batch, event, dtype: image.dtype });
    this.name = `Transformed(${base.name})`;
    this.reparameterized = base.reparameterized;
    this.base = sameShape(batch, base.batchShape) ? base : (broadcastBatch(base, batch) as Base);
    this.bijector = bijector;
    this.map = map;
    this.support = imageOf(base.support, map);
  }

  override get klRules(): Readonly<Record<string, KlRule>> {
    return { Transformed: byBases };
  }

  override logProb(y: TensorLike): Tensor {
    const { map } = this;
    const value = this.value("logProb", y);
    const inside = this.support.contains(value);
    let isInside = inside;
    for (let i = 0; i < this.eventShape.length; i++) isInside = isInside.expandDims(-1);
    // outside, the formula meets a point where it is finite; a number is weak, and takes the type of the others
    const point = map.codomainPoint(this.eventShape);
    const at = where(isInside, value, value.rank > 0 && isFloat(value.dtype) ? point.cast(value.dtype) : point);
    const density = this.base.logProb(map.inverse(at)).add(map.inverseLogDet(at));
    // NaN where the value is, or a parameter
    const isKnown = and(noneNaN(value, this.eventShape.length), density.eq(density));
    return where(inside, density, where(isKnown, Number.NEGATIVE_INFINITY, Number.NaN));
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return this.map.forward(this.base.draw(key, shape));
  }

  override drawWithLogProb(key: Tensor, shape: Shape): Drawn {
    const { value, logProb } = this.base.drawWithLogProb(key, shape);
    return { value: this.map.forward(value), logProb: logProb.sub(this.map.forwardLogDet(value)) };
  }

  override cdf(y: TensorLike): Tensor {
    return this.below("cdf", y, ["cdf", "survival"]);
  }

  override survival(y: TensorLike): Tensor {
    return this.below("survival", y, ["survival", "cdf"]);
  }

  override logCdf(y: TensorLike): Tensor {
    return this.below("logCdf", y, ["logCdf", "logSurvival"]);
  }

  override logSurvival(y: TensorLike): Tensor {
    return this.below("logSurvival", y, ["logSurvival", "logCdf"]);
  }

  override quantile(p: TensorLike): Tensor {
    const { map, base } = this;
    const { increasing } = map;
    if (increasing === undefined) return this.missing("quantile", "ask for draws, or for quantiles of the base");
    const level = levelOf(p);
    const direct = map.forward(base.quantile(level));
    if (increasing === true) return direct;
    // 1 - p is exact where p is not small; elsewhere it is where to look
    const falling = quantileByRoot(this, level, {
      lower: map.forward(base.quantile(1)),
      upper: map.forward(base.quantile(0)),
      guess: map.forward(base.quantile(level.neg().add(1))),
    });
    return increasing === false ? falling : where(increasing, direct, falling);
  }

  override mean(): Tensor {
    this.deviation("mean");
    return this.map.forward(this.base.mean());
  }

  override variance(): Tensor {
    return this.deviation("variance").square();
  }

  override stddev(): Tensor {
    return this.deviation("variance");
  }

  override mode(): Tensor {
    this.deviation("mode");
    return this.map.forward(this.base.mode());
  }

  override skewness(): Tensor {
    this.deviation("skewness");
    const { increasing } = this.map;
    if (increasing === undefined) return this.missing("skewness");
    const own = this.base.skewness();
    return typeof increasing === "boolean" ? (increasing ? own : own.neg()) : where(increasing, own, own.neg());
  }

  override entropy(): Tensor {
    this.deviation("entropy");
    const logDet = this.map.forwardLogDet(this.map.domainPoint(this.base.eventShape));
    return this.base.entropy().add(logDet).broadcastTo(this.batchShape);
  }

  override withParameters(change: ParameterChange): Transformed {
    return new Transformed({
      base: this.base.withParameters(change),
      bijector: this.map.withParameters(change, this.batchShape),
    });
  }

  override toJSON(): DistributionJson {
    return { distribution: "Transformed", base: this.base.toJSON(), bijector: this.bijector.toJSON() };
  }

  /** By the base's function of the same name, or by that of the other tail where y falls as x grows. */
  private below(method: Tail, y: TensorLike, [rising, falling]: readonly [Tail, Tail]): Tensor {
    const { increasing } = this.map;
    if (increasing === undefined) {
      const name = /cdf/i.test(method) ? "cdf" : "survival";
      return this.missing(name, "an event of several numbers has none; ask for draws");
    }
    const x = this.map.inverseFromClosure(this.value(method, y));
    if (increasing === true) return this.base[rising](x);
    if (increasing === false) return this.base[falling](x);
    return where(increasing, this.base[rising](x), this.base[falling](x));
  }

  /** Standard deviations, of which moments, mode and entropy know that the map is affine. */
  private deviation(method: "mean" | "variance" | "mode" | "skewness" | "entropy"): Tensor {
    // of what is affine even a deviation of 1 has an image
    const isAffine = this.map.mapDeviation(tensor(1).broadcastTo(this.base.eventShape)) !== undefined;
    if (!isAffine) return this.missing(method);
    return method === "variance" ? this.map.mapDeviation(this.base.stddev())! : tensor(1);
  }
}

type Tail = "cdf" | "survival" | "logCdf" | "logSurvival";

/** A change of variables leaves a divergence as it is, if it is the same for both. */
const byBases: KlRule = (p: Transformed, q: Transformed, kl) => {
  if (!sameBijector(p.bijector, q.bijector)) {
    fail({
      code: "missing",
      given: `klDivergence(${p.name}, ${q.name}): by ${p.bijector.name} and ${q.bijector.name}, which are not known to be the same map`,
      allowed: "the same bijector, with the same parameters",
      mend: 'estimate it: { method: "monteCarlo", samples: 1e5, seed: 1 }',
    });
  }
  return kl(p.base, q.base);
};

function checkFit(base: Distribution, { name, domain }: Bijector): void {
  if (base.support.discrete) {
    fail({
      code: "argument",
      given: `Transformed: the base, ${base.name}, is discrete`,
      allowed: "a continuous distribution",
      mend: "map draws of it: bijector.forward(base.sample({ seed: 1 }))",
    });
  }
  if (base.eventShape.length < domain.eventRank) {
    fail({
      code: "shape",
      given: `Transformed: ${name} maps events of ${domain.eventRank} axes, and ${base.name} has events of shape ${showShape(base.eventShape)}`,
      allowed: `events of ${domain.eventRank} axes or more`,
      mend: `new Independent(base, ${domain.eventRank - base.eventShape.length}) makes events of batch axes`,
    });
  }
  const [own, wanted] = [base.support.bounds, domain.bounds];
  if (own && wanted && (own[0] < wanted[0] || own[1] > wanted[1])) {
    fail({
      code: "domain",
      given: `Transformed: ${base.name} has mass where ${name} is not defined`,
      allowed: `a support within ${domain.allowed}`,
    });
  }
}

/** The same distribution, a copy for each element of a larger batch. */
const broadcastBatch = (base: Distribution, batch: Shape): Distribution =>
  base.withParameters((t, axes) => t.broadcastTo([...batch, ...t.shape.slice(t.rank - axes)]));

/** Where the map carries a set. */
function imageOf(support: Constraint, map: Bijector): Constraint {
  const { codomain } = map;
  if (support.name === map.domain.name) return codomain;
  const contains = (y: Tensor): Tensor => and(codomain.contains(y), support.contains(map.inverse(y)));
  const firstOutside = (y: Tensor): number => contains(y).data().indexOf(0);
  const { bounds: _, limits: __, each: ___, ...rest } = codomain;
  const image = {
    ...rest,
    name: `image of ${support.name}`,
    allowed: `images of ${support.allowed}`,
    contains,
    firstOutside,
  };
  const [ends, whole] = [support.limits ?? support.bounds, map.domain.limits ?? map.domain.bounds];
  if (map.increasing === undefined || !ends || !whole) return image;
  const [a, b] = ends.map((end) => map.forward(clampTo(tensor(end), ...whole))) as [Tensor, Tensor];
  return { ...image, limits: [minimum(a, b), maximum(a, b)] };
}

/** Is no number of the event NaN? @shape x without its event axes; bool */
function noneNaN(x: Tensor, axes: number): Tensor {
  if (axes === 0) return x.eq(x);
  const own = Array.from({ length: axes }, (_, i) => i - axes);
  return sum(x.ne(x), own).eq(0);
}

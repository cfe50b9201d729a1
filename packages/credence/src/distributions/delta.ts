import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import type { Constraint } from "./constraints.js";
import { atPoint, real } from "./constraints.js";
import { Distribution, type KlRule } from "./distribution.js";
import { levelOf } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/**
 * Point mass: always the same number.
 *
 *     log p(x) = 0 at loc, -Infinity elsewhere
 *
 * The divergence from it to another law is -log q(loc): with a density q its derivative by q's parameters is that of a likelihood,
 * but its value depends on the unit of x. From another law to it the divergence is Infinity, unless that one too is all at loc.
 *
 * @param loc  where the mass is
 * @shape  batch = loc's; event = []
 * @throws CredenceError `domain`: a known loc is not finite
 * @source Dirac, The Principles of Quantum Mechanics (1930), section 15; known elsewhere as the deterministic distribution
 */
export class Delta extends Distribution {
  readonly name = "Delta";
  readonly support: Constraint;
  readonly reparameterized = true;
  readonly loc: Tensor;

  constructor(params: { readonly loc: TensorLike }) {
    const { loc } = check("Delta", params, { loc: real });
    super(scalars("Delta", { loc }));
    this.loc = loc;
    this.support = atPoint(loc);
  }

  override get klRules(): Readonly<Record<string, KlRule>> {
    return { "*": toAny };
  }

  override get klToThis(): KlRule {
    return fromAny;
  }

  override logProb(x: TensorLike): Tensor {
    return this.step("logProb", x, [Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY]);
  }

  override cdf(x: TensorLike): Tensor {
    return this.step("cdf", x, [0, 1, 1]);
  }

  override survival(x: TensorLike): Tensor {
    return this.step("survival", x, [1, 0, 0]);
  }

  override logCdf(x: TensorLike): Tensor {
    return this.step("logCdf", x, [Number.NEGATIVE_INFINITY, 0, 0]);
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.step("logSurvival", x, [0, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  }

  override quantile(p: TensorLike): Tensor {
    return levelOf(p).mul(0).add(this.loc);
  }

  override mean(): Tensor {
    return this.loc;
  }

  override mode(): Tensor {
    return this.loc;
  }

  override variance(): Tensor {
    return this.loc.mul(0);
  }

  override stddev(): Tensor {
    return this.loc.mul(0);
  }

  /** NaN: there is no spread to measure it by. */
  override skewness(): Tensor {
    return this.loc.mul(Number.NaN);
  }

  override entropy(): Tensor {
    return this.loc.mul(0);
  }

  override draw(_key: Tensor, shape: Shape): Tensor {
    return this.loc.broadcastTo([...shape, ...this.batchShape]);
  }

  /** What a function is below, at and above the point. */
  private step(method: string, x: TensorLike, [below, at, above]: readonly [number, number, number]): Tensor {
    const value = this.value(method, x);
    const side = where(value.lt(this.loc), below, where(value.eq(this.loc), at, above));
    return where(value.eq(value).and(this.loc.eq(this.loc)), side, tensor(Number.NaN).cast(this.dtype));
  }
}

const toAny: KlRule = (p: Delta, q: Distribution) => q.logProb(pointFor(p, q)).neg();

const fromAny: KlRule = (p: Distribution, q: Delta) => {
  if (!p.support.discrete) return pointFor(q, p).mul(0).add(Number.POSITIVE_INFINITY);
  const logMass = p.logProb(pointFor(q, p));
  return where(logMass.eq(0), logMass, where(logMass.eq(logMass), Number.POSITIVE_INFINITY, logMass));
};

/** The point for each law of both batches. */
const pointFor = ({ loc }: Delta, { batchShape }: Distribution): Tensor =>
  loc.broadcastTo(broadcastShapes("klDivergence", [loc.shape, batchShape]));

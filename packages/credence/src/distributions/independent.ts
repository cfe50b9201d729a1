import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { type Shape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { sum } from "../ops/index.js";
import { type Constraint, each } from "./constraints.js";
import { Distribution, type Drawn, type KlRule, type ParameterChange } from "./distribution.js";
import { multivariateNormals } from "./kl/multivariateNormal.js";
import type { DistributionJson } from "./toJson.js";

/**
 * Takes the last batch axes of a distribution as one event: its numbers are independent, so the log densities add up.
 *
 *     new Independent(new Normal({ loc: [0, 1, 2], scale: 1 }), 1)   // one distribution of vectors of 3
 *
 * @param base                    any distribution
 * @param reinterpretedBatchRank  how many of its batch axes
 * @shape  batch = base's without these axes; event = [these axes, ...base's event]
 * @throws CredenceError `argument`: more axes than the base's batch has
 */
export class Independent<Base extends Distribution = Distribution> extends Distribution {
  readonly name: string;
  readonly support: Constraint;
  readonly reparameterized: boolean;
  readonly base: Base;
  readonly reinterpretedBatchRank: number;

  constructor(base: Base, reinterpretedBatchRank: number) {
    const { batchShape, eventShape, dtype } = base;
    const kept = batchShape.length - reinterpretedBatchRank;
    if (!Number.isInteger(reinterpretedBatchRank) || reinterpretedBatchRank < 0 || kept < 0) {
      fail({
        code: "argument",
        given: `Independent: ${reinterpretedBatchRank} axes of a batch of shape ${showShape(batchShape)}`,
        allowed: `0 to ${batchShape.length}`,
      });
    }
    super({ batch: batchShape.slice(0, kept), event: [...batchShape.slice(kept), ...eventShape], dtype });
    this.name = `Independent(${base.name})`;
    this.support = each(base.support, reinterpretedBatchRank);
    this.reparameterized = base.reparameterized;
    this.base = base;
    this.reinterpretedBatchRank = reinterpretedBatchRank;
  }

  /** @internal Divergences of independent numbers add up. */
  override get klRules(): Readonly<Record<string, KlRule>> {
    return {
      Independent: (p: Independent, q: Independent, kl) => {
        const rank = Math.min(p.reinterpretedBatchRank, q.reinterpretedBatchRank);
        const inner = (d: Independent): Distribution =>
          d.reinterpretedBatchRank === rank ? d.base : new Independent(d.base, d.reinterpretedBatchRank - rank);
        return sumOfLast(kl(inner(p), inner(q)), rank);
      },
      MultivariateNormal: multivariateNormals,
    };
  }

  override logProb(x: TensorLike): Tensor {
    return this.total(this.base.logProb(this.value("logProb", x)));
  }

  override mean(): Tensor {
    return this.base.mean();
  }

  override variance(): Tensor {
    return this.base.variance();
  }

  override stddev(): Tensor {
    return this.base.stddev();
  }

  override skewness(): Tensor {
    return this.base.skewness();
  }

  override mode(): Tensor {
    return this.base.mode();
  }

  override entropy(): Tensor {
    return this.total(this.base.entropy());
  }

  override cdf(): never {
    return this.missing("cdf", "ask the base for the cdf of each number: d.base.cdf(x)");
  }

  override survival(): never {
    return this.missing("survival", "ask the base for that of each number: d.base.survival(x)");
  }

  override quantile(): never {
    return this.missing("quantile", "ask the base for the quantile of each number: d.base.quantile(p)");
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return this.base.draw(key, shape);
  }

  override drawWithLogProb(key: Tensor, shape: Shape): Drawn {
    const { value, logProb } = this.base.drawWithLogProb(key, shape);
    return { value, logProb: this.total(logProb) };
  }

  override withParameters(change: ParameterChange): Independent {
    const { base, reinterpretedBatchRank: rank } = this;
    return new Independent(
      base.withParameters((parameter, axes) => change(parameter, axes + rank)),
      rank,
    );
  }

  override toJSON(): DistributionJson {
    return {
      distribution: "Independent",
      base: this.base.toJSON(),
      reinterpretedBatchRank: this.reinterpretedBatchRank,
    };
  }

  /** The sum over the axes that became the event's. */
  private total(x: Tensor): Tensor {
    return sumOfLast(x, this.reinterpretedBatchRank);
  }
}

const sumOfLast = (x: Tensor, axes: number): Tensor =>
  axes === 0
    ? x
    : sum(
        x,
        Array.from({ length: axes }, (_, i) => i - axes),
      );

import type { ParameterChange } from "../distributions/distribution.js";
import type { SampleOptions } from "../distributions/index.js";
import { Distribution, type Temperatures } from "../distributions/index.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";

/**
 * The predicted distributions of a table's rows: batch [rows], event [] for one target and [targets] for several.
 *
 * It is the distribution it wraps, but for one thing: a list of levels in `quantile` gives a row of results for each level, while a
 * distribution would match the list against the rows.
 */
export class Prediction extends Distribution {
  readonly name = "Prediction";
  readonly support;
  readonly reparameterized: boolean;
  /** The distribution itself: a mixture of normals, a normal, or a law of the model's family. */
  readonly law: Distribution;

  constructor(law: Distribution) {
    super({ batch: law.batchShape, event: law.eventShape, dtype: law.dtype });
    this.support = law.support;
    this.reparameterized = law.reparameterized;
    this.law = law;
  }

  /**
   * The value that the target stays below with probability p.
   *
   * @param p  one level, or a list of q of them
   * @shape  [rows] for one level, [q, rows] for a list
   * @throws CredenceError `missing`: the model has several targets
   */
  override quantile(p: TensorLike): Tensor {
    const levels = tensor(p);
    return this.law.quantile(levels.rank === 1 ? levels.expandDims(1) : levels);
  }

  override logProb(y: TensorLike): Tensor {
    return this.law.logProb(y);
  }
  override cdf(y: TensorLike): Tensor {
    return this.law.cdf(y);
  }
  override logCdf(y: TensorLike): Tensor {
    return this.law.logCdf(y);
  }
  override survival(y: TensorLike): Tensor {
    return this.law.survival(y);
  }
  override logSurvival(y: TensorLike): Tensor {
    return this.law.logSurvival(y);
  }
  override mean(): Tensor {
    return this.law.mean();
  }
  override variance(): Tensor {
    return this.law.variance();
  }
  override skewness(): Tensor {
    return this.law.skewness();
  }
  override mode(): Tensor {
    return this.law.mode();
  }
  override entropy(): Tensor {
    return this.law.entropy();
  }

  /** Random draws. @param options  `seed` or `key`, `shape`, and for mixtures the temperatures @shape [...shape, rows, ...targets] */
  override sample(options: SampleOptions & Temperatures): Tensor {
    return this.law.sample(options);
  }

  override draw(key: Tensor, shape: readonly number[]): Tensor {
    return this.law.draw(key, shape);
  }

  override withParameters(change: ParameterChange): Prediction {
    return new Prediction(this.law.withParameters(change));
  }
}

import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { type Shape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { argmax, cumsum, where } from "../ops/index.js";
import { isTracing } from "../trace.js";
import { Categorical } from "./categorical.js";
import type { Constraint } from "./constraints.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { levelOf } from "./onSupport.js";
import type { DistributionJson } from "./toJson.js";
import { numbersToJson } from "./toJson.js";

/**
 * The law of a sample: each of its numbers with its share.
 *
 * @param samples  [n] finite numbers, known at the call
 * @param weights  [n] numbers >= 0, not all 0; default: equal ones
 * @shape  batch = []; event = []
 * @throws CredenceError `shape`: not [n] with n at least 1; `domain`: a number that is not finite, a weight below 0, or all 0;
 *   `traced`: inside a compiled function
 * @source van der Vaart, Asymptotic Statistics (1998), section 19.1
 */
export class Empirical extends Distribution {
  readonly name = "Empirical";
  readonly support: Constraint;
  readonly reparameterized = false;
  /** The different numbers of the sample, in order. */
  readonly points: Tensor;
  /** Their shares, which sum to 1. */
  readonly probs: Tensor;
  private readonly choice: Categorical;

  constructor({ samples, weights }: { readonly samples: TensorLike; readonly weights?: TensorLike }) {
    const { points, shares } = collect(tensor(samples), weights === undefined ? undefined : tensor(weights));
    super({ batch: [], event: [], dtype: points.dtype });
    this.points = points;
    this.choice = new Categorical({ probs: shares });
    this.probs = this.choice.probs;
    const contains = (x: Tensor): Tensor => x.expandDims(-1).eq(points).sum(-1).gt(0);
    this.support = {
      name: "points",
      allowed: "the numbers of the sample",
      eventRank: 0,
      discrete: points.data().every((x) => Number.isInteger(x)),
      contains,
      firstOutside: (x) => contains(x).data().indexOf(0),
    };
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const found = where(value.expandDims(-1).eq(this.points), this.probs, 0).sum(-1).log();
    return where(value.eq(value), found, Number.NaN);
  }

  override cdf(x: TensorLike): Tensor {
    return this.upTo(this.value("cdf", x));
  }

  override survival(x: TensorLike): Tensor {
    return this.beyond(this.value("survival", x));
  }

  override logCdf(x: TensorLike): Tensor {
    const value = this.value("logCdf", x);
    const above = this.beyond(value);
    return where(above.lt(0.5), above.neg().log1p(), this.upTo(value).log());
  }

  override logSurvival(x: TensorLike): Tensor {
    const value = this.value("logSurvival", x);
    const below = this.upTo(value);
    return where(below.lt(0.5), below.neg().log1p(), this.beyond(value).log());
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const sums = cumsum(this.probs);
    const total = sums.slice(0, -1).squeeze(0); // 1 but for rounding
    const index = sums.lt(where(level.eq(level), level, 0).mul(total).expandDims(-1)).sum(-1);
    return where(level.eq(level), this.points.gather(index), Number.NaN);
  }

  override mean(): Tensor {
    return this.probs.mul(this.points).sum(-1);
  }

  override variance(): Tensor {
    return this.probs.mul(this.points.sub(this.mean()).square()).sum(-1);
  }

  /** The least of the most frequent numbers. */
  override mode(): Tensor {
    return this.points.gather(argmax(this.probs));
  }

  override entropy(): Tensor {
    return this.choice.entropy();
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return this.points.gather(this.choice.draw(key, shape));
  }

  override withParameters(_change: ParameterChange): Empirical {
    return this; // numbers of a sample are no parameters
  }

  override toJSON(): DistributionJson {
    return { distribution: "Empirical", samples: numbersToJson(this.points), weights: numbersToJson(this.probs) };
  }

  /** Shares of the numbers up to x; near 1 by those beyond. */
  private upTo(x: Tensor): Tensor {
    return this.share(
      x,
      (point, at) => point.le(at),
      (point, at) => point.gt(at),
    );
  }

  private beyond(x: Tensor): Tensor {
    return this.share(
      x,
      (point, at) => point.gt(at),
      (point, at) => point.le(at),
    );
  }

  private share(x: Tensor, counted: Comparison, left: Comparison): Tensor {
    const sum = (is: Comparison): Tensor => where(is(this.points, x.expandDims(-1)), this.probs, 0).sum(-1);
    const rest = sum(left);
    return where(x.eq(x), where(rest.lt(0.5), rest.neg().add(1), sum(counted)), Number.NaN);
  }
}

type Comparison = (point: Tensor, x: Tensor) => Tensor;

/** The sample's different numbers in order, and what each weighs. */
function collect(samples: Tensor, weights: Tensor | undefined): { points: Tensor; shares: Tensor } {
  if (isTracing() && samples.source.kind !== "data") {
    fail({
      code: "traced",
      given: "Empirical: a sample that is not known while a function is compiled",
      mend: "make the distribution outside, and close over it",
    });
  }
  if (samples.rank !== 1 || samples.size === 0 || (weights && (weights.rank !== 1 || weights.size !== samples.size))) {
    fail({
      code: "shape",
      given: `Empirical: samples of shape ${showShape(samples.shape)}${weights ? ` with weights of shape ${showShape(weights.shape)}` : ""}`,
      allowed: "[n] with n at least 1, and weights [n]",
    });
  }
  const numbers = Array.from(samples.data());
  const given = weights ? Array.from(weights.data()) : numbers.map(() => 1);
  const bad = numbers.findIndex(
    (x, i) => !Number.isFinite(x) || !(given[i]! >= 0 && given[i]! < Number.POSITIVE_INFINITY),
  );
  if (bad >= 0 || !given.some((w) => w > 0)) {
    fail({
      code: "domain",
      given:
        bad < 0
          ? "Empirical: all weights are 0"
          : `Empirical: index ${bad} holds ${numbers[bad]} with weight ${given[bad]}`,
      allowed: "finite numbers with finite weights >= 0, not all 0",
    });
  }
  const sums = new Map<number, number>();
  for (const [i, x] of numbers.entries()) sums.set(x + 0, (sums.get(x + 0) ?? 0) + given[i]!); // -0 is 0
  const ordered = [...sums].filter(([, w]) => w > 0).sort(([a], [b]) => a - b);
  const options = samples.dtype === "float32" ? { dtype: "float32" as const } : { dtype: "float64" as const };
  return {
    points: tensor(
      ordered.map(([x]) => x),
      options,
    ),
    shares: tensor(
      ordered.map(([, w]) => w),
      options,
    ),
  };
}

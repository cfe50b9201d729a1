import type { Distribution } from "../distributions/distribution.js";
import { panels } from "../distributions/quadrature.js";
import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { cast, iota, sigmoid, stopGradient, where } from "../ops/index.js";
import { concat } from "../tensor/derived.js";
import { isTracing } from "../trace.js";

/** A mean, and its error: how far a coarser rule is from it, what the outermost tails bring, and what leaves the floats. */
export interface Mean {
  readonly value: Tensor;
  readonly error: Tensor;
}

/**
 * E_p[g(X)] of numbers, for a g that depends on a second law q: by Gauss and Legendre's rule over the logit of p's distribution function, in which
 * tails of any weight are smooth, or by summing up counts. Panels end at quantiles of both laws, so that a narrow q is not missed.
 *
 * @param g  at x of shape [n, ...batch]
 * @shape  broadcast(p's batch, q's batch)
 */
export function expectation(name: string, p: Distribution, q: Distribution, g: (x: Tensor) => Tensor): Mean {
  if (p.eventShape.length > 0) {
    fail({
      code: "missing",
      given: `${name}(${p.name}, ${q.name}): there is no formula for this pair, and quadrature is for numbers`,
      allowed: `numbers; the event of ${p.name} has ${p.eventShape.length} axes`,
    });
  }
  return p.support.discrete ? sumOver(name, p, q, g) : integrate(p, q, g);
}

/** Logits of p's cdf where panels end whatever q is: beyond, less than 1e-16 of the mass above and 1e-34 below, where float64 has more. */
const ENDS = [-80, -40, -20, -10, -6, -3, -1.5, 0, 1.5, 3, 6, 10, 20, 28, 36];
/** Panels beyond count as error too: where an expectation exists next to nothing is left there. */
const OUTER = [-40, 28];
/** Levels of q's quantiles where panels end too. */
const OF_Q = [1e-8, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1 - 1e-4, 1 - 1e-8];

function integrate(p: Distribution, q: Distribution, g: (x: Tensor) => Tensor): Mean {
  const shape = broadcastShapes("expectation", [p.batchShape, q.batchShape]);
  const own = column(ENDS, shape.length).broadcastTo([ENDS.length, ...shape]);
  const x = q.quantile(column(OF_Q, shape.length)).broadcastTo([OF_Q.length, ...shape]);
  const place = p.logCdf(x).sub(p.logSurvival(x)).cast("float64");
  const of = where(place.gt(ENDS[0] as number).and(place.lt(ENDS.at(-1) as number)), place, 0);
  const ends = sorted(concat([own, stopGradient(of)]));
  const n = ends.shape[0] as number;
  const [from, to] = [ends.slice(0, 0, n - 1), ends.slice(0, 1)];
  /** By panels [panels, ...batch], and the mass at quantiles that leave the floats. */
  const over = (rule: ReturnType<typeof panels>): { readonly parts: Tensor; readonly lost: Tensor } => {
    const points = column(rule.points, shape.length + 1);
    const weights = column(rule.weights, shape.length + 1);
    const width = to.sub(from);
    const logit = from.add(width.mul(points)); // [points, panels, ...batch]
    const flat = logit.reshape([logit.size / sizeOf(shape), ...shape]);
    const x = p.quantile(cast(sigmoid(flat), p.dtype));
    const isInside = p.logProb(x).ne(Number.NEGATIVE_INFINITY); // an excluded end is met by rounding
    const values = where(isInside, g(x), 0).cast("float64");
    const mass = sigmoid(flat).mul(sigmoid(flat.neg()));
    const counted = where(mass.mul(values).eq(0), 0, mass.mul(values));
    const sum = (at: Tensor): Tensor => at.reshape(logit.shape).mul(weights).sum(0).mul(width);
    return { parts: sum(counted), lost: sum(where(x.abs().lt(Number.POSITIVE_INFINITY), 0, mass)).sum(0) };
  };
  const { parts: fine, lost } = over(FINE);
  const isOuter = from.lt(OUTER[0] as number).or(from.ge(OUTER[1] as number));
  const error = fine
    .sum(0)
    .sub(over(COARSE).parts.sum(0))
    .abs()
    .add(where(isOuter, fine.abs(), 0).sum(0))
    .add(lost);
  return { value: fine.sum(0).cast(p.dtype), error: error.cast(p.dtype) };
}

const COARSE = panels([0, 1]);
const FINE = panels([0, 0.5, 1]);
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Numbers along a new first axis, before `axes` of length 1. */
const column = (numbers: readonly number[], axes: number): Tensor =>
  tensor(Float64Array.from(numbers), { shape: [numbers.length, ...new Array<number>(axes).fill(1)] });

/** In order along the first axis: each element goes where as many are before it. */
function sorted(x: Tensor): Tensor {
  const n = x.shape[0] as number;
  const order = iota([n]).reshape([n, ...new Array<number>(x.rank - 1).fill(1)]);
  const [mine, other] = [x.expandDims(1), x.expandDims(0)];
  const isBefore = other.lt(mine).or(other.eq(mine).and(order.expandDims(0).lt(order.expandDims(1))));
  const rank = isBefore.sum(1).expandDims(1);
  return where(rank.eq(order.expandDims(0)), mine, 0).sum(0);
}

const MOST_TERMS = 2 ** 20;

function sumOver(name: string, p: Distribution, q: Distribution, g: (x: Tensor) => Tensor): Mean {
  if (isTracing()) {
    fail({
      code: "traced",
      given: `${name}(${p.name}, ${q.name}): a sum over counts inside a compiled function, where its length is not known`,
      mend: "compute it outside, or estimate it from draws",
    });
  }
  const extreme = (level: number, pick: (numbers: readonly number[]) => number): number =>
    pick([...p.quantile(level).data(), ...q.quantile(level).data()].map(Number));
  const low = extreme(1e-18, (all) => Math.min(...all));
  const high = extreme(1 - 2 ** -53, (all) => Math.max(...all)) + 64;
  if (!(high - low < MOST_TERMS)) {
    fail({
      code: "missing",
      given: `${name}(${p.name}, ${q.name}): no formula for this pair, and a sum over counts from ${low} to ${high}`,
      allowed: `up to ${MOST_TERMS} terms`,
      mend: "estimate it from draws",
    });
  }
  const axes = Math.max(p.batchShape.length, q.batchShape.length);
  const n = high - low + 1;
  const k = cast(iota([n]), p.dtype)
    .add(low)
    .reshape([n, ...new Array<number>(axes).fill(1)]);
  const mass = p.prob(k);
  const value = where(mass.eq(0), 0, mass.mul(g(k))).sum(0);
  return { value, error: tensor(0).broadcastTo(value.shape) };
}

import type { Distribution, KlRule } from "../distributions/distribution.js";
import { drawing } from "../distributions/distribution.js";
import { fail } from "../errors.js";
import { fromData } from "../graph/literal.js";
import { broadcastShapes, showShape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { isTracing } from "../trace.js";
import { expectation } from "./expectation.js";
import { commonBatch, familyOf } from "./pairs.js";

export interface KlOptions {
  /**
   * "closedForm" by the pair's formula, "quadrature" of numbers (counts are summed up), "monteCarlo" from draws of p; by default the formula where
   * there is one. A pair without a formula is never estimated silently.
   */
  readonly method?: "auto" | "closedForm" | "quadrature" | "monteCarlo";
  /** Draws of the Monte Carlo estimate. */
  readonly samples?: number;
  readonly seed?: number | bigint;
  /** Your own formulas, which go before the built-in ones. */
  readonly rules?: readonly PairRule[];
  /** false: an infinite divergence is an error that says where, not a number. */
  readonly allowInfinite?: boolean;
  /** true: the answer comes with its method, standard error, and the reason if it is infinite. */
  readonly explain?: boolean;
}

/** A formula for one pair of families. */
export interface PairRule {
  readonly from: string;
  readonly to: string;
  readonly divergence: KlRule;
}

export interface ExplainedDivergence {
  /** @shape broadcast(p's batch, q's batch) */
  readonly value: Tensor;
  readonly method: "closed form" | "support" | "quadrature" | "Monte Carlo";
  /** Of a Monte Carlo estimate. @shape as value */
  readonly standardError?: Tensor;
  /** Of quadrature: how far a coarser rule is away. @shape as value */
  readonly error?: Tensor;
  /** Why it is infinite, where it is. */
  readonly reason?: string;
}

/**
 * Kullback-Leibler divergence of q from p, E_p[log p(x) - log q(x)]; nats. 0 if and only if the two are equal, never below, and
 * infinite where p has mass that q has not.
 *
 *     klDivergence(new Normal({ loc: 0, scale: 1 }), new Normal({ loc: 1, scale: 2 })).item()   // 0.4431471805599453
 *
 * @param p  the distribution that the expectation is over
 * @param q  the one that p is compared with, of the same event shape
 * @shape  broadcast(p's batch, q's batch)
 * @throws CredenceError `missing`: the pair has no formula; `shape`: the events or batches do not fit; `nonFinite`: infinite, and
 *   `allowInfinite` is false
 * @source Kullback and Leibler, On information and sufficiency (1951)
 */
export function klDivergence(
  p: Distribution,
  q: Distribution,
  options: KlOptions & { explain: true },
): ExplainedDivergence;
export function klDivergence(p: Distribution, q: Distribution, options?: KlOptions & { explain?: false }): Tensor;
export function klDivergence(p: Distribution, q: Distribution, options: KlOptions = {}): Tensor | ExplainedDivergence {
  commonBatch("klDivergence", p, q);
  const found =
    options.method === "monteCarlo"
      ? estimate(p, q, options)
      : options.method === "quadrature"
        ? integral(p, q)
        : exact(p, q, options.rules ?? []);
  if (!found) return refuse(p, q);
  if (!options.explain && options.allowInfinite !== false) return found.value;
  const reason = infiniteReason(p, q, found.value);
  if (reason !== undefined && options.allowInfinite === false) {
    fail({
      code: "nonFinite",
      given: `klDivergence(${p.name}, ${q.name}): ${reason}`,
      allowed: "finite divergences, since allowInfinite is false",
      mend: "give q mass wherever p has some",
    });
  }
  if (!options.explain) return found.value;
  return reason === undefined ? found : { ...found, reason };
}

function exact(p: Distribution, q: Distribution, own: readonly PairRule[]): ExplainedDivergence | undefined {
  const inner = (a: Distribution, b: Distribution): Tensor => klDivergence(a, b, { rules: own });
  for (const from of [p, p.asGeneral]) {
    for (const to of [q, q.asGeneral]) {
      if (!from || !to) continue;
      const rule =
        own.find((r) => r.from === familyOf(from) && r.to === familyOf(to))?.divergence ??
        from.klRules[familyOf(to)] ??
        from.klRules["*"] ??
        to.klToThis;
      if (rule) return { value: rule(from, to, inner), method: "closed form" };
    }
  }
  if (isCertain(p, q)) return settled(p, q);
  if (!escapes(p, q)) return undefined;
  const shape = broadcastShapes("klDivergence", [p.batchShape, q.batchShape]);
  const dtype = p.dtype === "float32" && q.dtype === "float32" ? "float32" : "float64";
  const all = new Float64Array(sizeOf(shape)).fill(Number.POSITIVE_INFINITY);
  return { value: fromData(dtype === "float32" ? new Float32Array(all) : all, shape, dtype), method: "support" };
}

/** Does p, whatever its parameters, have mass where q has none? */
function escapes(p: Distribution, q: Distribution): boolean {
  const [a, b] = [p.support, q.support];
  if (a.bounds === undefined || b.bounds === undefined) return false;
  return a.bounds[0] < b.bounds[0] || a.bounds[1] > b.bounds[1] || a.discrete !== b.discrete;
}

/** Smooth densities on all numbers, whose mass falls fast enough for the logarithm of any density in `SLOW`. */
const SMOOTH = new Set(["Normal", "Logistic", "Gumbel", "Cauchy", "StudentT"]);
/** Densities whose logarithm falls as slowly as that of x: its mean is finite under any of `SMOOTH`. */
const SLOW = new Set(["Cauchy", "StudentT"]);

/** Pairs without a closed form whose quadrature is: no corner, and no tail that might make it infinite. */
const isCertain = (p: Distribution, q: Distribution): boolean => SMOOTH.has(familyOf(p)) && SLOW.has(familyOf(q));

/** By quadrature; NaN where it has not settled, as where quantiles of p leave the floats. */
function settled(p: Distribution, q: Distribution): ExplainedDivergence {
  const { value, error } = expectation("klDivergence", p, q, (x) => p.logProb(x).sub(q.logProb(x)));
  const isSettled = error.le(value.abs().add(1).mul(SETTLED));
  // rounding may leave a hair below 0
  return { value: where(isSettled, where(value.lt(0), 0, value), Number.NaN), error, method: "quadrature" };
}

/** More than this much of the value, or of 1, is an integral that has not settled: most of all one that is infinite. */
const SETTLED = 1e-6;

/** E_p[log p - log q] by quadrature; refused where it does not settle. */
function integral(p: Distribution, q: Distribution): ExplainedDivergence {
  const { value, error } = expectation("klDivergence", p, q, (x) => p.logProb(x).sub(q.logProb(x)));
  if (!isTracing()) {
    const off = error.gt(value.abs().add(1).mul(SETTLED)).and(value.lt(Number.POSITIVE_INFINITY));
    const at = off.data().indexOf(1);
    if (at >= 0) {
      fail({
        code: "nonFinite",
        given: `klDivergence(${p.name}, ${q.name}): quadrature does not settle at index ${at}; it may be infinite there`,
        allowed: `integrals known to ${SETTLED}`,
        mend: "look at q's tails: q must not fall faster than p's mass; or estimate it from draws",
      });
    }
  }
  return { value, error, method: "quadrature" };
}

/** The mean of log p - log q over draws of p. */
function estimate(p: Distribution, q: Distribution, options: KlOptions): ExplainedDivergence {
  const { samples = 10_000, seed } = options;
  if (!Number.isInteger(samples) || samples < 2) {
    fail({ code: "argument", given: `klDivergence: samples is ${samples}`, allowed: "a whole number of at least 2" });
  }
  if (seed === undefined) {
    fail({
      code: "argument",
      given: "klDivergence: a Monte Carlo estimate without a seed",
      mend: 'give { method: "monteCarlo", samples: 1e5, seed: 1 }',
    });
  }
  const { key } = drawing("klDivergence", { seed });
  const shape = broadcastShapes("klDivergence", [p.batchShape, q.batchShape]);
  const missing = shape.length - p.batchShape.length;
  const x = p.draw(key, [samples, ...shape.slice(0, missing)]);
  const logRatio = p.logProb(x).sub(q.logProb(x));
  const value = logRatio.mean(0);
  const variance = logRatio
    .sub(value)
    .square()
    .sum(0)
    .div(samples - 1);
  return { value, method: "Monte Carlo", standardError: variance.div(samples).sqrt() };
}

/** In words, where the first infinite divergence lies and why; undefined where none is, or the numbers are not known. */
function infiniteReason(p: Distribution, q: Distribution, value: Tensor): string | undefined {
  if (isTracing()) return undefined;
  const at = value.data().indexOf(Number.POSITIVE_INFINITY);
  if (at < 0) return undefined;
  const place = value.rank === 0 ? "" : ` at index ${at} of shape ${showShape(value.shape)}`;
  const cause = escapes(p, q)
    ? `p's support, ${p.support.allowed}, reaches beyond q's, ${q.support.allowed}`
    : "p has mass where q has none, or tails that q's density falls below too fast";
  return `infinite${place}: ${cause}`;
}

function refuse(p: Distribution, q: Distribution): never {
  const known = Object.keys(p.klRules).filter((name) => name !== "*");
  return fail({
    code: "missing",
    given: `klDivergence(${p.name}, ${q.name}): there is no formula for this pair`,
    allowed: known.length > 0 ? `from ${familyOf(p)} to ${known.join(", ")}` : `no formula starts from ${familyOf(p)}`,
    mend: 'integrate it: { method: "quadrature" }; estimate it: { method: "monteCarlo", samples: 1e5, seed: 1 }; or give your own: { rules: [{ from, to, divergence }] }',
  });
}

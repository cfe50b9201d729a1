import type { Chance } from "../distributions/chance.js";
import type { Distribution } from "../distributions/distribution.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { cholesky, choleskySolve, diagonalMatrix } from "../linalg/index.js";
import { expm1, where } from "../ops/index.js";
import { familyOf } from "./pairs.js";

/**
 * The law whose density is proportional to p(x)^alpha q(x)^(1 - alpha). Two of one exponential family have it in the family: its natural
 * parameters are mixed as the exponents are.
 */
export interface Between {
  readonly law: Distribution;
  /** false where that product has no finite integral; then `law` is p. */
  readonly isProper: Tensor;
}

type Parameters = Readonly<Record<string, Tensor>>;
type Path = (p: Parameters, q: Parameters, alpha: number) => Parameters & { readonly isProper: Tensor };

const mix = (a: Tensor, b: Tensor, alpha: number): Tensor => a.mul(alpha).add(b.mul(1 - alpha));

/** Families whose natural parameters are their parameters, up to constants: all must stay > 0. */
const linear =
  (...names: readonly string[]): Path =>
  (p, q, alpha) => {
    const mixed = names.map((name) => mix(p[name] as Tensor, q[name] as Tensor, alpha));
    const isProper = mixed.map((t) => t.gt(0)).reduce((a, b) => a.and(b));
    const kept = names.map((name, i) => [name, where(isProper, mixed[i] as Tensor, p[name] as Tensor)]);
    return { ...(Object.fromEntries(kept) as Parameters), isProper };
  };

/** Precisions are mixed, and means by their precisions. In units of p's scale, so that no square leaves the floats. */
const gaussian: Path = (p, q, alpha) => {
  const ratio = (p.scale as Tensor).div(q.scale as Tensor).square();
  const precision = ratio.mul(1 - alpha).add(alpha);
  const isProper = precision.gt(0);
  const safe = where(isProper, precision, 1);
  const share = ratio.mul(1 - alpha).div(safe);
  const scale = (p.scale as Tensor).div(safe.sqrt());
  if (p.loc === undefined) return { scale, isProper };
  return { loc: p.loc.add((q.loc as Tensor).sub(p.loc).mul(share)), scale, isProper };
};

/** a log x + (1 - a) log y of probabilities, nothing where one of them is. */
function mixLogs(x: Tensor, y: Tensor, alpha: number): Tensor {
  const nowhere = Number.NEGATIVE_INFINITY;
  const isNowhere = x.eq(nowhere).or(y.eq(nowhere));
  return where(isNowhere, nowhere, mix(where(isNowhere, 0, x), where(isNowhere, 0, y), alpha));
}

/** Does p have mass where q has none, so that a negative power of q is infinite? */
const escapes = (p: Tensor, q: Tensor, alpha: number): Tensor =>
  p.gt(Number.NEGATIVE_INFINITY).and(q.eq(Number.NEGATIVE_INFINITY)).and(tensor(alpha).gt(1));

/** Logarithms of probabilities; nothing is where p has none, and for alpha < 1 where q has none. */
const weights: Path = (p, q, alpha) => {
  const [a, b] = [p.logProbs as Tensor, q.logProbs as Tensor];
  const both = mixLogs(a, b, alpha);
  const isProper = both
    .max(-1)
    .gt(Number.NEGATIVE_INFINITY)
    .and(escapes(a, b, alpha).sum(-1).eq(0));
  return { logits: where(isProper.expandDims(-1), both, a), isProper };
};

/** Weights of both outcomes, as of categories. */
const chances: Path = (p, q, alpha) => {
  const [of, to] = [p.chance as unknown as Chance, q.chance as unknown as Chance];
  const success = mixLogs(of.logSuccess, to.logSuccess, alpha);
  const failure = mixLogs(of.logFailure, to.logFailure, alpha);
  const escaped = escapes(of.logSuccess, to.logSuccess, alpha).or(escapes(of.logFailure, to.logFailure, alpha));
  const isProper = success.maximum(failure).gt(Number.NEGATIVE_INFINITY).and(escaped.not());
  const logits = where(isProper, success, 0).sub(where(isProper, failure, 0));
  return { probs: where(isProper, logits.sigmoid(), of.success), isProper };
};

/** Of failures one after the other: the chance of one more is mixed in logarithms. */
const runs: Path = (p, q, alpha) => {
  const [of, to] = [p.chance as unknown as Chance, q.chance as unknown as Chance];
  const more = mixLogs(of.logFailure, to.logFailure, alpha);
  const isProper = more.lt(0).and(escapes(of.logFailure, to.logFailure, alpha).not());
  return { probs: where(isProper, expm1(where(isProper, more, -1)).neg(), of.success), isProper };
};

const rates: Path = (p, q, alpha) => {
  const [a, b] = [(p.rate as Tensor).log(), (q.rate as Tensor).log()];
  const isProper = escapes(a, b, alpha).not();
  return { rate: where(isProper, mixLogs(a, b, alpha).exp(), p.rate as Tensor), isProper };
};

/** As `gaussian`, of vectors. Below order 1 the mixed precision is always one. */
const gaussianVectors: Path = (p, q, alpha) => {
  const [ofP, ofQ] = [precisionOf(p), precisionOf(q)];
  const precisionMatrix = mix(ofP, ofQ, alpha);
  const pull = ofQ.matmul((q.loc as Tensor).sub(p.loc as Tensor).expandDims(-1)).mul(1 - alpha);
  const shift = choleskySolve(cholesky(precisionMatrix), pull).squeeze(-1);
  return { loc: (p.loc as Tensor).add(shift), precisionMatrix, isProper: tensor(1).gt(0) };
};

function precisionOf(p: Parameters): Tensor {
  const factor = p.scaleTril as Tensor;
  const n = factor.shape[factor.rank - 1] as number;
  return choleskySolve(factor, diagonalMatrix(tensor(new Float64Array(n).fill(1)).cast(factor.dtype)));
}

const paths: Readonly<Record<string, Path>> = {
  Normal: gaussian,
  LogNormal: gaussian,
  LogitNormal: gaussian,
  HalfNormal: gaussian,
  Exponential: linear("rate"),
  Gamma: linear("concentration", "rate"),
  InverseGamma: linear("concentration", "rate"),
  Beta: linear("concentration1", "concentration0"),
  Categorical: weights,
  Dirichlet: linear("concentration"),
  Bernoulli: chances,
  Geometric: runs,
  Poisson: rates,
  MultivariateNormal: gaussianVectors,
};

/** The law between two of one family; undefined for pairs without. */
export function between(p: Distribution, q: Distribution, alpha: number): Between | undefined {
  const path = paths[familyOf(p)];
  if (path === undefined || familyOf(p) !== familyOf(q)) return undefined;
  if (path === gaussianVectors && alpha > 1) return undefined; // the mixed precision may be none
  const { isProper, ...parameters } = path(p as unknown as Parameters, q as unknown as Parameters, alpha);
  const Family = p.constructor as new (parameters: Record<string, TensorLike>) => Distribution;
  return { law: new Family(parameters), isProper };
}

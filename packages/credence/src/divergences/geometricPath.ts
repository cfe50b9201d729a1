import type { Distribution } from "../distributions/distribution.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
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

/** Logarithms of probabilities; nothing is where p has none, and for alpha < 1 where q has none. */
const weights: Path = (p, q, alpha) => {
  const [a, b] = [p.logProbs as Tensor, q.logProbs as Tensor];
  const nowhere = Number.NEGATIVE_INFINITY;
  const isNowhere = a.eq(nowhere).or(b.eq(nowhere));
  const both = where(isNowhere, nowhere, mix(where(isNowhere, 0, a), where(isNowhere, 0, b), alpha));
  const escapes = alpha > 1 ? a.gt(nowhere).and(b.eq(nowhere)).sum(-1).gt(0) : tensor(0).gt(0);
  const isProper = both.max(-1).gt(nowhere).and(escapes.not());
  return { logits: where(isProper.expandDims(-1), both, a), isProper };
};

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
};

/** The law between two of one family; undefined for pairs without. */
export function between(p: Distribution, q: Distribution, alpha: number): Between | undefined {
  const path = paths[familyOf(p)];
  if (path === undefined || familyOf(p) !== familyOf(q)) return undefined;
  const { isProper, ...parameters } = path(p as unknown as Parameters, q as unknown as Parameters, alpha);
  const Family = p.constructor as new (parameters: Record<string, TensorLike>) => Distribution;
  return { law: new Family(parameters), isProper };
}

import { whileLoop } from "../autodiff/whileLoop.js";
import type { Distribution } from "../distributions/distribution.js";
import { MixtureSameFamily } from "../distributions/mixtureSameFamily.js";
import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { klDivergence } from "./klDivergence.js";
import { commonBatch } from "./pairs.js";

export interface KlBounds {
  /** Between the two, not a bound itself: near for components that are far apart. @shape broadcast(p's batch, q's batch) */
  readonly approximation: Tensor;
  /** Never below the divergence. */
  readonly upper: Tensor;
}

/** Steps of the upper bound's descent; each lowers it, and it has settled to 1e-6 after far fewer. */
const MOST_STEPS = 200;

/**
 * KL(p || q) of two mixtures from the divergences of their components, without draws: the variational approximation and the variational upper
 * bound.
 *
 * @param p  a MixtureSameFamily of k components
 * @param q  one of l; `klDivergence` has a formula for a component of p and one of q
 * @throws CredenceError `argument`: no mixture; `missing`: the components' pair has no formula; `shape`
 * @source Hershey and Olsen, Approximating the Kullback Leibler divergence between Gaussian mixture models (2007), equations 18 and 23-27
 */
export function klBounds(p: Distribution, q: Distribution): KlBounds {
  commonBatch("klBounds", p, q);
  const [from, to] = [mixtureOf(p), mixtureOf(q)];
  const own = crossed(from.components, from.components);
  const apart = crossed(from.components, to.components); // [..., k, l]
  const [a, b] = [from.mixture.logProbs, to.mixture.logProbs];
  const likeness = a.expandDims(-2).sub(own).logSumExp().sub(b.expandDims(-2).sub(apart).logSumExp());
  const weights = from.mixture.probs;
  const approximation = where(weights.eq(0), 0, weights.mul(likeness)).sum(-1);
  return { approximation, upper: upperBound(a, b, apart) };
}

function mixtureOf(d: Distribution): MixtureSameFamily {
  if (d instanceof MixtureSameFamily) return d;
  return fail({
    code: "argument",
    given: `klBounds: ${d.name} is no mixture`,
    allowed: "two MixtureSameFamily",
    mend: "for one that is not a mixture give a mixture of one component",
  });
}

/** KL of each component of p from each of q. @shape [..., k, l] */
function crossed(p: Distribution, q: Distribution): Tensor {
  const spread = (d: Distribution, at: number): Distribution =>
    d.withParameters((t, axes) => t.expandDims(t.rank - axes + at));
  return klDivergence(spread(p, 0), spread(q, -1));
}

/**
 * Both mixtures as k l pieces, phi of p's weights and psi of q's: KL(phi || psi) + Σ phi KL(p_i || q_j) is never below the divergence. In turn the
 * best psi for phi, then the best phi for psi.
 */
function upperBound(a: Tensor, b: Tensor, apart: Tensor): Tensor {
  const [rows, columns] = [a.expandDims(-1), b.expandDims(-2)];
  const start = rows.add(columns).add(apart.mul(0)); // log phi
  const bound = (phi: Tensor): { psi: Tensor; value: Tensor } => {
    const psi = columns.add(phi).sub(safe(phi.logSumExp(-2, { keepDims: true })));
    const share = phi.exp();
    const value = where(share.eq(0), 0, share.mul(phi.sub(safe(psi)).add(apart))).sum([-1, -2]);
    return { psi, value };
  };
  const done = whileLoop(
    ({ step }) => step.lt(MOST_STEPS),
    ({ phi, step }) => {
      const pull = bound(phi).psi.sub(apart);
      return { phi: rows.add(pull).sub(safe(pull.logSumExp(-1, { keepDims: true }))), step: step.add(1) };
    },
    { phi: start, step: tensor(0, { dtype: "int32" }) },
    { limit: MOST_STEPS },
  );
  return bound(done.phi).value;
}

/** Logarithms of weights of 0 next to each other: -Infinity less -Infinity is to be -Infinity. */
const safe = (t: Tensor): Tensor => where(t.eq(Number.NEGATIVE_INFINITY), 0, t);

import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import {
  bd0,
  digammaDifference,
  div,
  lgamma,
  log1pmx,
  stirlingError,
  stirlingErrorSlope,
  where,
  xlogy,
} from "../ops/index.js";

/**
 * Log density and entropy of Dirichlet distributions, which the beta distribution's entropy is as well. Both are sums over the
 * components and a term of the total n. In the terms of concentrations from 2 on, Stirling's formula for n and for them has been
 * written out, so that what is large in both has cancelled.
 *
 * @source Loader, Fast and accurate computation of binomial probabilities (2000), for the arrangement
 */

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** From here on by Stirling's formula. */
const LARGE = 2;

/** Below this total nothing cancels. */
const FEW = 16;

/** The logarithm of a density of 0. */
const NONE = Number.NEGATIVE_INFINITY;

/** For each number the sum of the others along the last axis, which for one that outweighs them all is no difference. */
export function sumOfOthers(a: Tensor, t: Tensor = a): Tensor {
  const isMost = a.gt(a.sum(-1, { keepDims: true }).mul(0.5));
  const rest = where(isMost, 0, t).sum(-1, { keepDims: true });
  return where(isMost, rest, t.sum(-1, { keepDims: true }).sub(t));
}

/** Σ (a - 1) log x - log B(a) over the last axis, for x >= 0. @shape broadcast(a, x) without the last axis */
export function dirichletLogDensity(a: Tensor, x: Tensor): Tensor {
  const total = a.sum(-1, { keepDims: true });
  const shares = where(total.lt(FEW), direct(a, x), stirling(a, x, total));
  // where one x is 0 the density is, even if another lets it grow without bound
  const isNone = shares.eq(NONE);
  const sum = where(isNone, 0, shares).sum(-1);
  const n = total.squeeze(-1);
  const ofTotal = where(
    n.lt(FEW),
    lgamma(n.minimum(FEW)),
    totalTerm(n)
      .neg()
      .add(n.mul(x.sum(-1).sub(1))),
  );
  return where(isNone.sum(-1).gt(0), NONE, sum.add(ofTotal));
}

const direct = (a: Tensor, x: Tensor): Tensor => xlogy(a.sub(1), x).sub(lgamma(a));

function stirling(a: Tensor, x: Tensor, total: Tensor): Tensor {
  const isLarge = a.ge(LARGE);
  const [large, small] = [where(isLarge, a, LARGE), where(isLarge, 1, a)];
  const isInside = x.gt(0);
  const inside = where(isInside, x, 0.5);
  const ofLarge = large
    .log()
    .mul(0.5)
    .sub(HALF_LOG_TWO_PI)
    .sub(stirlingError(large))
    .sub(bd0(large, total.mul(inside)))
    .sub(inside.log());
  const ofSmall = xlogy(small.sub(1), x).add(small.mul(total.log())).sub(total.mul(x)).sub(lgamma(small));
  return where(isLarge, where(isInside, ofLarge, NONE), ofSmall);
}

/** log(n) / 2 - log(2π) / 2 - what Stirling's formula leaves over. */
const totalTerm = (n: Tensor): Tensor => n.log().mul(0.5).sub(HALF_LOG_TWO_PI).sub(stirlingError(n));

/** log B(a) + Σ (a - 1) (digamma(n) - digamma(a)) over the last axis. @shape a without the last axis */
export function dirichletEntropy(a: Tensor): Tensor {
  const total = a.sum(-1, { keepDims: true });
  const isLarge = a.ge(LARGE);
  const [large, small] = [where(isLarge, a, LARGE), where(isLarge, 1, a)];
  const n = where(isLarge, total, 2 * LARGE);
  const rest = div(0.5, large).sub(div(0.5, n)).add(stirlingErrorSlope(n)).sub(stirlingErrorSlope(large));
  const ofLarge = large
    .log()
    .mul(0.5)
    .sub(n.log())
    .add(HALF_LOG_TWO_PI)
    .add(stirlingError(large))
    .add(large.sub(1).mul(rest));
  const ofSmall = lgamma(small)
    .add(small.mul(total.log().neg().add(1)))
    .add(small.sub(1).mul(digammaDifference(small, total.sub(small))));
  const usual = where(isLarge, ofLarge, ofSmall)
    .sum(-1)
    .add(totalTerm(total.squeeze(-1)));
  return a.shape[a.rank - 1] === 2 ? nearFlat(a, usual) : usual;
}

/** Coefficients (-1)^k (k + 1) / (k + 2) (ζ(k + 2) - 1) of the entropy's series about (1, 1). */
const SERIES = [
  0.3224670334241132, -0.1347046021063962, 0.06174242528335364, -0.029542204114695943, 0.014452551653707617,
  -0.007156523470219566, 0.003567686673201297, -0.001785238067628635, 0.0008951176150362768, -0.00044926236738133143,
  0.0002255793405323776, -0.00011327385930322075, 5.687326826879734e-5, -2.8549020553219128e-5, 1.432711819561113e-5,
  -7.187950718023306e-6, 3.605221416944293e-6, -1.8077804683142579e-6, 9.062639321791563e-7, -4.542218921788633e-7,
  2.2761184351283604e-7, -1.1403645092334103e-7, 5.7124514507457e-8, -2.8611363374066188e-8, 1.4328418104197154e-8,
  -7.174759501323006e-9, 3.5922863810460123e-9,
];

/** How far from 1 two concentrations may be for the series. */
const FLAT = 0.25;

/**
 * About (1, 1) the entropy is of second order: with e and f the excesses over 1 it is G(e + f) - G(e) - E(e) - G(f) - E(f), where
 * E(e) = log(1 + e) - e / (1 + e) and G(e) = ∫ t trigamma(2 + t) dt from 0 to e.
 */
function nearFlat(a: Tensor, usual: Tensor): Tensor {
  const isFlat = a.sub(1).abs().le(FLAT).sum(-1).eq(2);
  const excess = where(isFlat.expandDims(-1), a.sub(1), 0);
  const own = log1pmx(excess)
    .add(excess.square().div(excess.add(1)))
    .add(trigammaIntegral(excess));
  return where(isFlat, trigammaIntegral(excess.sum(-1)).sub(own.sum(-1)), usual);
}

function trigammaIntegral(e: Tensor): Tensor {
  let sum = tensor(SERIES[SERIES.length - 1] as number);
  for (let k = SERIES.length - 2; k >= 0; k--) sum = sum.mul(e).add(SERIES[k] as number);
  return e.square().mul(sum);
}

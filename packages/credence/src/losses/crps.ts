import type { Distribution } from "../distributions/distribution.js";
import type { GammaLaw } from "../distributions/gammaLaw.js";
import type { MixtureSameFamily } from "../distributions/mixtureSameFamily.js";
import type { Normal } from "../distributions/normal.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { erf, exp, lbeta, logStudentT, studentTail, where } from "../ops/index.js";
import { byQuadrature } from "./crpsByQuadrature.js";
import { type LossOptions, reduce } from "./reduction.js";

/** CRPS at y by a formula; `law` is of the class that the table names. */
// biome-ignore lint/suspicious/noExplicitAny: a formula knows the class of its family, the table does not
type Formula = (law: any, y: Tensor) => Tensor;

interface Located {
  readonly loc: Tensor;
  readonly scale: Tensor;
}
const standardize = ({ loc, scale }: Located, y: Tensor): Tensor => y.sub(loc).div(scale);

/** E|X| of a normal with this mean and scale. */
function distance(mean: Tensor, scale: Tensor): Tensor {
  const z = mean.div(scale);
  const density = exp(z.mul(z.mul(-0.5))).mul(Math.sqrt(2 / Math.PI));
  return scale.mul(density).add(mean.mul(erf(z.mul(Math.SQRT1_2))));
}

/** @source Jordan, Krüger and Lerch, Evaluating probabilistic forecasts with scoringRules (2019), appendix A */
const formulas: Readonly<Record<string, Formula>> = {
  Normal: (law: Normal, y) => distance(y.sub(law.loc), law.scale).sub(law.scale.div(Math.sqrt(Math.PI))),
  Laplace: (law: Located, y) => {
    const size = standardize(law, y).abs();
    return law.scale.mul(size.add(size.neg().exp()).sub(0.75));
  },
  Logistic: (law: Located, y) => {
    const z = standardize(law, y);
    return law.scale.mul(z.add(z.neg().softplus().mul(2)).sub(1));
  },
  Exponential: (law: { readonly rate: Tensor }, y) => {
    const survived = y.maximum(0).mul(law.rate).neg().exp();
    return y.abs().sub(tensor(2).sub(survived.mul(2)).sub(0.5).div(law.rate));
  },
  Gamma: gamma,
  Chi2: gamma,
  StudentT: studentT,
  MixtureSameFamily: normalMixture,
};

/** Nearer to a df of 1 than this, 0 / 0 takes too many digits. */
const NEAR_ONE = 2 ** -20;

/**
 * |z| (1 - 2 P(Z > |z|)) + (2 p(z) (df + z²) - c) / (df - 1) in units of the scale, c = 2 √df B(1/2, df - 1/2) / B(1/2, df / 2)². Infinite for
 * df <= 1/2, where F² has no integral. Around df = 1 the second term is the mean of those on either side.
 *
 * @source Jordan, Krüger and Lerch (2019), appendix A
 */
function studentT(law: Located & { readonly df: Tensor }, y: Tensor): Tensor {
  const exists = law.df.gt(0.5);
  const df = where(exists, law.df, 2);
  const z = standardize(law, y);
  const wide = df.cast("float64"); // in float32 the quotient would lose all its digits about 1
  const step = where(wide.sub(1).abs().lt(NEAR_ONE), 2 * NEAR_ONE, 0);
  const excess = (at: Tensor): Tensor => {
    const density = logStudentT(at, z).exp().mul(z.div(at.sqrt()).square().add(1));
    const spread = lbeta(0.5, at.sub(0.5))
      .sub(lbeta(0.5, at.mul(0.5)).mul(2))
      .exp();
    return at.mul(density).sub(at.sqrt().mul(spread)).mul(2).div(at.sub(1));
  };
  const mean = excess(wide.add(step))
    .add(excess(wide.sub(step)))
    .mul(0.5)
    .cast(df.dtype);
  const size = z.abs();
  const score = law.scale.mul(size.mul(studentTail(df, size).mul(-2).add(1)).add(mean));
  return where(exists, score, where(law.df.le(0.5), Number.POSITIVE_INFINITY, Number.NaN));
}

/**
 * (y - m) (F(y) - S(y)) + 2 y p(y) / rate - 1 / (rate B(1/2, a)), m the mean, of which no term is larger than the law is wide. The formula of the
 * source has F of concentration a + 1 as well, which is F(y) - y p(y) / a.
 *
 * @source Scheuerer and Möller, Probabilistic wind speed forecasting on a grid based on ensemble model output statistics (2015), appendix
 */
function gamma(law: GammaLaw, y: Tensor): Tensor {
  const { concentration, rate } = law;
  const isInside = y.gt(0);
  const at = where(isInside, y, law.mean());
  const mass = where(isInside, at.mul(law.prob(at)), 0);
  const side = law.cdf(y).sub(law.survival(y));
  const half = exp(lbeta(concentration, 0.5).neg());
  return y.sub(law.mean()).mul(side).add(mass.mul(2).sub(half).div(rate));
}

/** Σ w_i A(y - μ_i, σ_i) - Σ Σ w_i w_j A(μ_i - μ_j, √(σ_i² + σ_j²)) / 2, with A(m, s) = E|N(m, s²)|. @source Grimit et al. (2006), eq. 5 */
function normalMixture(law: MixtureSameFamily<Normal>, y: Tensor): Tensor {
  const weights = law.mixture.probs;
  const { loc, scale } = law.components;
  const [a, b] = [loc.expandDims(-1), loc.expandDims(-2)];
  const variance = scale.square();
  const joint = variance.expandDims(-1).add(variance.expandDims(-2)).sqrt();
  const pairs = weights.expandDims(-1).mul(weights.expandDims(-2));
  const toTarget = weights.mul(distance(y.expandDims(-1).sub(loc), scale)).sum(-1);
  return toTarget.sub(
    pairs
      .mul(distance(a.sub(b), joint))
      .sum([-2, -1])
      .mul(0.5),
  );
}

/**
 * Continuous ranked probability score, ∫ (F(x) - 1{x >= y})² dx, in units of y: the distance of a forecast from what came. Smaller is
 * better; of a point forecast it is the absolute error.
 *
 * By formula for the normal, Student's t, Laplace, logistic, exponential and gamma distribution and mixtures of normals; of other continuous laws by
 * quadrature between their quantiles. Of draws: `energyScore`.
 *
 * @param d  the forecast
 * @param y  what came
 * @shape  a scalar; broadcast(y, batch) with `reduction: "none"`
 * @throws CredenceError `missing`: the law has no quantiles; `shape`: they do not broadcast
 * @source Matheson and Winkler, Scoring rules for continuous probability distributions (1976)
 */
export function crps(d: Distribution, y: TensorLike, { reduction }: LossOptions = {}): Tensor {
  const target = tensor(y);
  const shape = broadcastShapes("losses.crps", [target.shape, d.batchShape]);
  const at = target.broadcastTo(shape);
  const formula = d.name === "MixtureSameFamily(Normal)" ? formulas.MixtureSameFamily : formulas[d.name];
  return reduce("crps", formula ? formula(d, at) : byQuadrature(d, at), reduction);
}

import { AsymmetricLaplace } from "./asymmetricLaplace.js";
import { Bernoulli } from "./bernoulli.js";
import { Beta } from "./beta.js";
import { BetaBinomial } from "./betaBinomial.js";
import { Binomial } from "./binomial.js";
import { BivariateNormal } from "./bivariateNormal.js";
import { Categorical } from "./categorical.js";
import { Cauchy } from "./cauchy.js";
import { Chi2 } from "./chi2.js";
import { ContinuousBernoulli } from "./continuousBernoulli.js";
import { Delta } from "./delta.js";
import { Dirichlet } from "./dirichlet.js";
import { DirichletMultinomial } from "./dirichletMultinomial.js";
import { Exponential } from "./exponential.js";
import { FisherSnedecor } from "./fisherSnedecor.js";
import { Gamma } from "./gamma.js";
import { GeneralizedExtremeValue } from "./generalizedExtremeValue.js";
import { GeneralizedNormal } from "./generalizedNormal.js";
import { GeneralizedPareto } from "./generalizedPareto.js";
import { Geometric } from "./geometric.js";
import { Gumbel } from "./gumbel.js";
import { HalfCauchy } from "./halfCauchy.js";
import { HalfNormal } from "./halfNormal.js";
import { Hypergeometric } from "./hypergeometric.js";
import { InverseGamma } from "./inverseGamma.js";
import { InverseGaussian } from "./inverseGaussian.js";
import { Kumaraswamy } from "./kumaraswamy.js";
import { Laplace } from "./laplace.js";
import { Logistic } from "./logistic.js";
import { LogisticNormal } from "./logisticNormal.js";
import { LogitNormal } from "./logitNormal.js";
import { LogLogistic } from "./logLogistic.js";
import { LogNormal } from "./logNormal.js";
import { LowRankMultivariateNormal } from "./lowRankMultivariateNormal.js";
import { Moyal } from "./moyal.js";
import { Multinomial } from "./multinomial.js";
import { MultivariateNormal } from "./multivariateNormal.js";
import { MultivariateStudentT } from "./multivariateStudentT.js";
import { NegativeBinomial } from "./negativeBinomial.js";
import { Normal } from "./normal.js";
import { OneHotCategorical, OneHotCategoricalStraightThrough } from "./oneHotCategorical.js";
import { Pareto } from "./pareto.js";
import { Poisson } from "./poisson.js";
import { RelaxedBernoulli } from "./relaxedBernoulli.js";
import { RelaxedOneHotCategorical } from "./relaxedOneHotCategorical.js";
import { Skellam } from "./skellam.js";
import { SkewNormal } from "./skewNormal.js";
import { StudentT } from "./studentT.js";
import { Triangular } from "./triangular.js";
import { TruncatedNormal } from "./truncatedNormal.js";
import { Uniform } from "./uniform.js";
import { VonMises } from "./vonMises.js";
import { VonMisesFisher } from "./vonMisesFisher.js";
import { Weibull } from "./weibull.js";
import { Wishart } from "./wishart.js";

/** The families whose constructor takes parameters by name: what `fromJSON` can make without further knowledge. */
export const families = {
  AsymmetricLaplace,
  Beta,
  Bernoulli,
  Geometric,
  Poisson,
  BetaBinomial,
  Binomial,
  BivariateNormal,
  Categorical,
  Cauchy,
  Chi2,
  Dirichlet,
  ContinuousBernoulli,
  Delta,
  DirichletMultinomial,
  Exponential,
  FisherSnedecor,
  Gamma,
  GeneralizedExtremeValue,
  GeneralizedNormal,
  GeneralizedPareto,
  Gumbel,
  HalfCauchy,
  HalfNormal,
  Hypergeometric,
  InverseGamma,
  InverseGaussian,
  Kumaraswamy,
  Laplace,
  LogLogistic,
  LogNormal,
  LowRankMultivariateNormal,
  Logistic,
  LogisticNormal,
  LogitNormal,
  Moyal,
  Multinomial,
  MultivariateNormal,
  MultivariateStudentT,
  NegativeBinomial,
  Normal,
  OneHotCategorical,
  OneHotCategoricalStraightThrough,
  Pareto,
  Skellam,
  StudentT,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
  SkewNormal,
  Triangular,
  TruncatedNormal,
  Uniform,
  VonMises,
  VonMisesFisher,
  Weibull,
  Wishart,
} as const;

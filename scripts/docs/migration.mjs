// What the names of other libraries are called here: docs/migration.md.

/**
 * Ours, then torch.distributions, TFP's tfd, scipy.stats; "" where there is none. Parameters stand where they differ from ours.
 * NGBoost names its distributions as torch does, and takes them from scipy.stats.
 */
const DISTRIBUTIONS = [
  ["AsymmetricLaplace", "", "", "laplace_asymmetric(kappa)"],
  ["Bernoulli", "Bernoulli", "Bernoulli", "bernoulli"],
  ["Beta", "Beta", "Beta", "beta(a, b)"],
  ["BetaBinomial", "", "BetaBinomial", "betabinom(n, a, b)"],
  ["Binomial", "Binomial", "Binomial", "binom(n, p)"],
  ["BivariateNormal", "", "", ""],
  ["Categorical", "Categorical", "Categorical", "rv_discrete"],
  ["Cauchy", "Cauchy", "Cauchy", "cauchy"],
  ["Censored", "", "", ""],
  ["Chi2", "Chi2", "Chi2", "chi2"],
  ["ContinuousBernoulli", "ContinuousBernoulli", "ContinuousBernoulli", ""],
  ["Delta", "", "Deterministic", ""],
  ["Dirichlet", "Dirichlet", "Dirichlet", "dirichlet"],
  ["DirichletMultinomial", "", "DirichletMultinomial", "dirichlet_multinomial"],
  ["Discretized", "", "QuantizedDistribution", ""],
  ["DiscretizedLogisticMixture", "", "PixelCNN", ""],
  ["Empirical", "", "Empirical", "rv_histogram"],
  ["Exponential", "Exponential", "Exponential", "expon(scale=1 / rate)"],
  ["FisherSnedecor", "FisherSnedecor", "", "f"],
  ["Gamma", "Gamma", "Gamma", "gamma(a, scale=1 / rate)"],
  ["GeneralizedExtremeValue", "", "GeneralizedExtremeValue", "genextreme(c=-concentration)"],
  ["GeneralizedNormal", "", "GeneralizedNormal", "gennorm(beta=power)"],
  ["GeneralizedPareto", "GeneralizedPareto", "GeneralizedPareto", "genpareto(c)"],
  ["Geometric", "Geometric", "Geometric", "geom, which starts at 1"],
  ["Gumbel", "Gumbel", "Gumbel", "gumbel_r"],
  ["HalfCauchy", "HalfCauchy", "HalfCauchy", "halfcauchy"],
  ["HalfNormal", "HalfNormal", "HalfNormal", "halfnorm"],
  ["Hurdle", "", "", ""],
  ["Hypergeometric", "", "", "hypergeom(M, n, N)"],
  ["Independent", "Independent", "Independent", ""],
  ["InverseGamma", "InverseGamma", "InverseGamma (rate: scale)", "invgamma(a, scale=rate)"],
  ["InverseGaussian", "", "InverseGaussian", "invgauss(loc / concentration, scale=concentration)"],
  ["Kumaraswamy", "Kumaraswamy", "Kumaraswamy", ""],
  ["LKJCholesky", "LKJCholesky (dimension: dim)", "CholeskyLKJ", ""],
  ["Laplace", "Laplace", "Laplace", "laplace"],
  ["LogLogistic", "", "LogLogistic", "fisk(c=1 / scale, scale=exp(loc))"],
  ["LogNormal", "LogNormal", "LogNormal", "lognorm(s=scale, scale=exp(loc))"],
  ["Logistic", "", "Logistic", "logistic"],
  ["LogitNormal", "LogisticNormal, of vectors", "LogitNormal", ""],
  ["LowRankMultivariateNormal", "LowRankMultivariateNormal", "MultivariateNormalDiagPlusLowRank", ""],
  ["Mixture", "", "Mixture", ""],
  ["MixtureSameFamily", "MixtureSameFamily", "MixtureSameFamily", ""],
  ["Moyal", "", "Moyal", "moyal"],
  ["Multinomial", "Multinomial", "Multinomial", "multinomial"],
  ["MultivariateNormal", "MultivariateNormal", "MultivariateNormalTriL, ...FullCovariance", "multivariate_normal"],
  ["MultivariateNormalDiag", "Independent(Normal)", "MultivariateNormalDiag", ""],
  ["MultivariateStudentT", "", "MultivariateStudentTLinearOperator", "multivariate_t"],
  ["NegativeBinomial", "NegativeBinomial", "NegativeBinomial", "nbinom(n, p=1 - probs)"],
  ["Normal", "Normal", "Normal", "norm"],
  ["OneHotCategorical", "OneHotCategorical", "OneHotCategorical", ""],
  ["OneHotCategoricalStraightThrough", "OneHotCategoricalStraightThrough", "", ""],
  ["Pareto", "Pareto", "Pareto (alpha: concentration)", "pareto(b=alpha)"],
  ["Poisson", "Poisson", "Poisson", "poisson(mu)"],
  ["RelaxedBernoulli", "RelaxedBernoulli", "RelaxedBernoulli", ""],
  ["RelaxedOneHotCategorical", "RelaxedOneHotCategorical", "RelaxedOneHotCategorical", ""],
  ["Skellam", "", "Skellam", "skellam(mu1, mu2)"],
  ["SkewNormal", "", "", "skewnorm(a=shape)"],
  ["StudentT", "StudentT", "StudentT", "t"],
  ["Transformed", "TransformedDistribution", "TransformedDistribution", ""],
  ["Triangular", "", "Triangular", "triang"],
  ["Truncated", "", "", ""],
  ["TruncatedNormal", "", "TruncatedNormal", "truncnorm, whose limits are in standard deviations"],
  ["Uniform", "Uniform", "Uniform", "uniform(low, high - low)"],
  ["VonMises", "VonMises", "VonMises", "vonmises(kappa)"],
  ["VonMisesFisher", "", "VonMisesFisher", "vonmises_fisher"],
  ["Weibull", "Weibull", "Weibull", "weibull_min(c=concentration)"],
  ["Wishart", "Wishart", "WishartTriL", "wishart"],
  ["ZeroInflated", "", "Inflated", ""],
];

const METHODS = [
  ["d.logProb(x)", "log_prob", "log_prob", "logpdf, logpmf"],
  ["d.prob(x)", "", "prob", "pdf, pmf"],
  ["d.sample({ seed: 1, shape: [100] })", "rsample((100,)), sample", "sample(100, seed=1)", "rvs(100, random_state=1)"],
  ["d.cdf(x)", "cdf", "cdf", "cdf"],
  ["d.logCdf(x)", "", "log_cdf", "logcdf"],
  ["d.survival(x)", "", "survival_function", "sf"],
  ["d.logSurvival(x)", "", "log_survival_function", "logsf"],
  ["d.quantile(p)", "icdf", "quantile", "ppf"],
  ["d.mean(), d.variance(), d.stddev()", "mean, variance, stddev", "mean, variance, stddev", "mean, var, std"],
  ["d.mode()", "mode", "mode", ""],
  ["d.entropy()", "entropy", "entropy", "entropy"],
  ["d.batchShape, d.eventShape", "batch_shape, event_shape", "batch_shape, event_shape", ""],
];

/** Ours as a path from the package, then PyTorch, Keras and TensorFlow. */
const FUNCTIONS = [
  ["klDivergence", "distributions.kl_divergence", "tfd.kl_divergence"],
  ["losses.gaussianNll", "nn.functional.gaussian_nll_loss", ""],
  ["losses.poissonNll", "nn.functional.poisson_nll_loss", "tf.nn.log_poisson_loss"],
  ["losses.klDiv", "nn.functional.kl_div", ""],
  ["losses.crossEntropy", "nn.functional.cross_entropy", "tf.nn.sparse_softmax_cross_entropy_with_logits"],
  ["losses.nll", "nn.functional.nll_loss", ""],
  ["losses.binaryCrossEntropy", "nn.functional.binary_cross_entropy", ""],
  [
    "losses.binaryCrossEntropyWithLogits",
    "nn.functional.binary_cross_entropy_with_logits",
    "tf.nn.sigmoid_cross_entropy_with_logits",
  ],
  ["losses.keras.klDivergence", "", "keras.losses.KLDivergence"],
  ["losses.keras.poisson", "", "keras.losses.Poisson"],
  ["losses.keras.binaryCrossEntropy", "", "keras.losses.BinaryCrossentropy"],
  ["losses.keras.binaryFocalCrossEntropy", "", "keras.losses.BinaryFocalCrossentropy"],
  ["losses.keras.categoricalCrossEntropy", "", "keras.losses.CategoricalCrossentropy"],
  ["losses.keras.categoricalFocalCrossEntropy", "", "keras.losses.CategoricalFocalCrossentropy"],
  ["losses.keras.sparseCategoricalCrossEntropy", "", "keras.losses.SparseCategoricalCrossentropy"],
  ["losses.negativeLogLikelihood", "-d.log_prob(y).mean()", "-d.log_prob(y)"],
  ["losses.pinball", "", "tfa.losses.PinballLoss"],
  ["losses.crps", "", ""],
  ["special.lgamma", "lgamma", "tf.math.lgamma"],
  ["special.digamma", "special.digamma", "tf.math.digamma"],
  ["special.polygamma", "special.polygamma", "tf.math.polygamma"],
  ["special.gammainc", "special.gammainc", "tf.math.igamma"],
  ["special.gammaincc", "special.gammaincc", "tf.math.igammac"],
  ["special.betainc", "", "tf.math.betainc"],
  ["special.lbeta", "", "tf.math.lbeta"],
  ["special.erfcx", "special.erfcx", "tfp.math.erfcx"],
  ["special.ndtr", "special.ndtr", "tf.math.special: ndtr"],
  ["special.logNdtr", "special.log_ndtr", "tfp: log_ndtr"],
  ["special.ndtri", "special.ndtri", "tf.math.ndtri"],
  ["special.xlogy", "special.xlogy", "tf.math.xlogy"],
  ["special.xlog1py", "special.xlog1py", "tf.math.xlog1py"],
  ["special.i0e", "special.i0e", "tf.math.bessel_i0e"],
  ["special.zeta", "special.zeta", "tf.math.zeta"],
  ["grad", "autograd.grad", "tf.GradientTape"],
  ["compile", "compile", "tf.function"],
  ["nn.dense", "nn.Linear", "keras.layers.Dense"],
  ["nn.mixtureDensity", "", "tfp.layers.MixtureNormal"],
  ["nn.normalHead", "", "tfp.layers.IndependentNormal"],
  ["nn.familyHead", "", "tfp.layers.DistributionLambda"],
  ["nn.train", "", "keras.Model.fit"],
];

const code = (text) => (text === "" ? "" : `\`${text}\``);
/** A name, and what there is to say about it, after a comma or in parentheses. */
const foreign = (text) => {
  const [, name, more] = /^([\w.]+(?:\((?:[^()]|\([^()]*\))*\))?)(.*)$/.exec(text) ?? ["", text, ""];
  return `${code(name)}${more}`;
};
const row = (cells) => `| ${cells.join(" | ")} |`;
const table = (heads, rows) => [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n");

const at = (library, path) => path.split(".").reduce((value, key) => value?.[key], library);

/** @param library  all entry points, as loadLibrary gives them @returns the page, and the names that it leaves out as they are not there */
export function renderMigration(library) {
  const isThere = ([name]) => at(library, name) !== undefined;
  const isMissing = (entry) => !isThere(entry);
  const families = DISTRIBUTIONS.filter(([name]) => library.distributions[name] !== undefined);
  const missing = [
    ...DISTRIBUTIONS.filter(([name]) => library.distributions[name] === undefined),
    ...FUNCTIONS.filter(isMissing),
  ].map(([name]) => name);
  const text = `# Coming from PyTorch, TensorFlow Probability, Keras or SciPy

Names are in camel case: \`total_count\` is \`totalCount\`. Parameters go by name, in one object, and are called as in torch.distributions unless
the table says otherwise. Numbers alone make float64; a Float32Array stays float32. Nothing is random without a seed or a key.

## Distributions

${table(
  ["credence", "torch.distributions", "tfp.distributions", "scipy.stats"],
  families.map(([name, ...others]) => [`[\`${name}\`](distributions/${name}.md)`, ...others.map(foreign)]),
)}

NGBoost's \`Normal\`, \`LogNormal\`, \`Exponential\`, \`Poisson\`, \`Laplace\`, \`Cauchy\` and \`T\` are families of \`credence fit\`: \`--family log-normal\`.

## Methods

${table(
  ["credence", "torch", "TFP", "SciPy"],
  METHODS.map(([ours, ...others]) => [
    code(ours),
    ...others.map((names) =>
      names
        .split(/, (?![^(]*\))/)
        .map(code)
        .join(", "),
    ),
  ]),
)}

\`sample\` carries gradients wherever there are any, as torch's \`rsample\`. To stop them: \`stopGradient(d.sample({ seed: 1 }))\`.

## Functions

${table(
  ["credence", "PyTorch: torch.", "TensorFlow, TFP, Keras"],
  FUNCTIONS.filter(isThere).map(([ours, ...others]) => [code(ours), ...others.map(code)]),
)}

The first word says where a function comes from: \`losses\` and \`special\` are exported by \`credence\` itself, \`nn\` stands for \`credence/nn\`.
Where a loss of PyTorch or Keras is at fault, ours is right, and \`compat\` brings theirs back; see [library.md](library.md).

Written by \`npm run docs\` from \`scripts/docs/migration.mjs\`; edit that.
`;
  return { text, missing };
}

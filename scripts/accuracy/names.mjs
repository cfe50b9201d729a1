// How the library calls what the references name. They are spelled as in Python; most names follow by rule, the rest stands here.
export const camel = (name) => name.replace(/_+(\w)/g, (_, letter) => letter.toUpperCase());

/** Functions of `special` whose name does not follow. */
export const SPECIAL = {
  logaddexp: "logAddExp",
  betaincinv: "betaincInv",
  gammaincinv: "gammaincInv",
  gammainccinv: "gammainccInv",
  lambertw0: "lambertW",
};

export const METHODS = { sf: "survival", log_sf: "logSurvival", icdf: "quantile" };

/** Parameters whose name does not follow. */
export const PARAMETERS = { a: "concentration1", b: "concentration0", covariance: "covarianceMatrix" };

/** Arguments that are no parameters: the value or level of a method. Several make a vector. */
export const VALUES = new Set(["x", "y", "q", "k"]);

const mixtureOf =
  (component, names = {}) =>
  (make, { logits, ...parameters }) =>
    make("MixtureSameFamily", {
      mixture: make("Categorical", { logits }),
      components: make(
        component,
        Object.fromEntries(Object.entries(parameters).map(([name, value]) => [names[name] ?? name, value])),
      ),
    });
const renamed = (name) => (make, parameters) => make(name, parameters);
const LOCATED = { locs: "loc", scales: "scale" };

/** Laws that are not a class of their name with parameters of theirs. */
export const LAWS = {
  BernoulliLogits: renamed("Bernoulli"),
  CategoricalLogits: renamed("Categorical"),
  MixtureNormal: mixtureOf("Normal", LOCATED),
  MixtureLaplace: mixtureOf("Laplace", LOCATED),
  MixtureBivariateNormal: mixtureOf("BivariateNormal"),
  ZeroInflatedPoisson: (make, { gate, rate }) => make("ZeroInflated", { base: make("Poisson", { rate }), gate }),
};

/** Losses of `losses`; arguments keep their order, but weights are options. */
export const LOSSES = {
  binary_cross_entropy: "binaryCrossEntropy",
  binary_cross_entropy_with_logits: "binaryCrossEntropyWithLogits",
  cross_entropy: "crossEntropy",
  gaussian_nll_loss: "gaussianNll",
  kl_div: "klDiv",
  nll_loss: "nll",
  poisson_nll_loss: "poissonNll",
  vae_kl_standard: "klToStandardNormal",
  vae_kl_diag_prior: "klToNormal",
};

/** References that are asked for like others: those, and the names that their arguments have there, in the same order. */
export const ALIASES = {
  "extreme/bce_with_logits": ["losses/binary_cross_entropy_with_logits", "input", "target"],
  "extreme/beta_log_prob": ["dist/Beta.log_prob", "a", "b", "x"],
  "extreme/binomial_log_prob": ["dist/Binomial.log_prob", "total_count", "probs", "x"],
  "extreme/bivariate_normal_log_prob": ["dist/BivariateNormal.log_prob", "mux", "muy", "sx", "sy", "rho", "x", "y"],
  "extreme/discretized_logistic_mixture_log_prob": [
    "dist/DiscretizedLogisticMixture.log_prob",
    ...["logits", "locs", "log_scales", "k"],
  ],
  "extreme/entropy_categorical_logits": ["dist/CategoricalLogits.entropy", "logits"],
  "extreme/gamma_log_prob": ["dist/Gamma.log_prob", "concentration", "rate", "x"],
  "extreme/graves_nll": [
    "losses/graves_nll",
    ...["pi_hat", "mu1", "mu2", "s1", "s2", "rho_hat", "e_hat", "x1", "x2", "pen"],
  ],
  "extreme/kl_bernoulli": ["kl/Bernoulli_Bernoulli", "p.probs", "q.probs"],
  "extreme/kl_categorical": ["kl/Categorical_Categorical", "p.probs", "q.probs"],
  "extreme/kl_normal": ["kl/Normal_Normal", "p.loc", "p.scale", "q.loc", "q.scale"],
  "extreme/log_softmax": ["dist/CategoricalLogits.log_prob", "logits", "x"],
  "extreme/mixture_normal_log_prob": ["dist/MixtureNormal.log_prob", "logits", "locs", "scales", "x"],
  "extreme/negative_binomial_log_prob": ["dist/NegativeBinomial.log_prob", "total_count", "probs", "x"],
  "extreme/normal_log_prob": ["dist/Normal.log_prob", "loc", "scale", "x"],
  "extreme/poisson_log_prob": ["dist/Poisson.log_prob", "rate", "x"],
  "extreme/student_t_log_prob": ["dist/StudentT.log_prob", "df", "loc", "scale", "x"],
  "extreme/truncated_normal_icdf": ["dist/TruncatedNormal.icdf", "loc", "scale", "low", "high", "q"],
  "extreme/truncated_normal_log_prob": ["dist/TruncatedNormal.log_prob", "loc", "scale", "low", "high", "x"],
  "extreme/vae_kl": ["losses/vae_kl_standard", "mu", "logvar"],
  "extreme/von_mises_log_prob": ["dist/VonMises.log_prob", "loc", "concentration", "x"],
  "kl/MVNDiag_MVNDiag": ["losses/vae_kl_diag_prior", "mu", "logvar", "prior_mu", "prior_logvar"],
  "kl/MVNDiag_StandardNormal": ["losses/vae_kl_standard", "mu", "logvar"],
};

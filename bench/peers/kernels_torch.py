"""PyTorch: the kernels, one a program. Inputs are made, and distributions normalised, before the clock runs."""
import sys

import torch
import torch.distributions as D
import torch.nn.functional as F

from rounds import serve_kernel
from torch_version import VERSION

torch.manual_seed(0)
torch.set_num_threads(1)
N, SIDE = 1_000_000, 1024
_, name = sys.argv[2].split(".", 1)
name, tag = name.rsplit(".", 1)
torch.set_default_dtype({"f32": torch.float32, "f64": torch.float64}[tag])

x, y = torch.randn(N), torch.randn(N)
variance = torch.rand(N) + 0.1
rate = torch.rand(N) * 20 + 0.1
large_rate = torch.rand(N) * 1000 + 100
count = torch.poisson(rate)
logits = torch.randn(N // 100, 100)
square = torch.randn(SIDE, SIDE), torch.randn(SIDE, SIDE)
# where one result goes, run after run: memory that is asked for anew costs more than e^x
column, product = torch.empty(N), torch.empty(SIDE, SIDE)


def categorical(weights):
    return D.Categorical(logits=weights, validate_args=False)


def with_gradient(loss_of, *inputs):
    """Value and gradients; gradients of the last run go first, so that none are added up."""
    leaves = [t.clone().requires_grad_() for t in inputs]

    def run():
        for leaf in leaves:
            leaf.grad = None
        loss = loss_of(*leaves)
        loss.backward()
        return loss.detach()

    return run


def gaussian_nll(mean, spread):
    return F.gaussian_nll_loss(mean, y, spread, full=True)


def poisson_nll(rates):
    return F.poisson_nll_loss(rates, count, log_input=False, full=True)


def gamma_mean(concentration, inverse_scale):
    return D.Gamma(concentration, inverse_scale, validate_args=False).rsample().mean()


def divergence(p, q):
    return D.kl_divergence(categorical(p), categorical(q)).mean()


def student_t(df, loc, scale):
    return D.StudentT(df, loc, scale, validate_args=False).log_prob(y).sum()


def betas():
    return D.Beta(torch.rand(N) * 20 + 0.1, torch.rand(N) * 20 + 0.1, validate_args=False)


beta_pair = betas(), betas()
inverse_scale = torch.rand(N) * 20 + 0.1
gammas = D.Gamma(rate, inverse_scale, validate_args=False)
p, q = categorical(logits), categorical(-logits)
ten, thousand = categorical(torch.randn(10)), categorical(torch.randn(1000))
kernels = {
    "gaussian_nll.forward": lambda: gaussian_nll(x, variance),
    "gaussian_nll.grad": with_gradient(gaussian_nll, x, variance),
    "poisson_nll.forward": lambda: poisson_nll(rate),
    "poisson_nll.grad": with_gradient(poisson_nll, rate),
    "kl_categorical.forward": lambda: D.kl_divergence(p, q),
    "kl_categorical.grad": with_gradient(divergence, logits, -logits),
    "exp": lambda: torch.exp(x, out=column),
    "log": lambda: torch.log(rate, out=column),
    "tanh": lambda: torch.tanh(x, out=column),
    "erf": lambda: torch.erf(x, out=column),
    "lgamma": lambda: torch.lgamma(rate, out=column),
    "digamma": lambda: torch.digamma(rate, out=column),
    "gammainc": lambda: torch.special.gammainc(rate, inverse_scale, out=column),
    "gamma_log_prob": lambda: gammas.log_prob(variance),
    "sample_normal": lambda: torch.randn(N, out=column),
    "sample_gamma": gammas.sample,
    "sample_gamma.grad": with_gradient(gamma_mean, rate, inverse_scale),
    "student_t_log_prob.grad": with_gradient(student_t, rate, x, variance),
    "kl_beta": lambda: D.kl_divergence(*beta_pair),
    "sample_beta": beta_pair[0].sample,
    "sample_poisson": lambda: torch.poisson(rate),
    "sample_poisson_large": lambda: torch.poisson(large_rate),
    "sample_categorical": lambda: ten.sample((N,)),
    "sample_categorical_many": lambda: thousand.sample((N,)),
    "matmul": lambda: torch.matmul(*square, out=product),
}
serve_kernel("PyTorch", VERSION, SIDE * SIDE if name == "matmul" else N, kernels[name])

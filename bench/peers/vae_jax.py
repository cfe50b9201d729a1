"""JAX: training of the dense variational autoencoder of 203,744 parameters (224-256-128-64-32-16 | 16+16 | 16-16-32-64-128-256-224),
Bernoulli likelihood, batch 32, Adam; a step is one jitted function."""
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import adam_jax as adam
from rounds import serve_training

N, B = 3974, 32
WIDTHS = {
    "encoder": [224, 256, 128, 64, 32, 16],
    "mean": [16, 16],
    "log_variance": [16, 16],
    "decoder": [16, 16, 32, 64, 128, 256, 224],
}
rng = np.random.default_rng(0)
data = jnp.asarray((rng.random((N, 224)) > 0.5).astype(np.float32))


def minus_evidence_bound(nets, x, key):
    h = adam.apply(nets["encoder"], x)
    mean, log_variance = (adam.apply(nets[name], h, last=True) for name in ("mean", "log_variance"))
    code = mean + jnp.exp(0.5 * log_variance) * jax.random.normal(key, mean.shape)
    logits = adam.apply(nets["decoder"], code, last=True)
    reconstruction = (jax.nn.softplus(logits) - logits * x).sum()
    divergence = -0.5 * (1 + log_variance - mean * mean - jnp.exp(log_variance)).sum()
    return (reconstruction + divergence) / B


@partial(jax.jit, donate_argnums=0)
def step(state, rows, key, number):
    nets, moments = state
    noise = jax.random.fold_in(key, number)
    loss, gradients = jax.value_and_grad(minus_evidence_bound)(nets, data[rows], noise)
    return adam.update(nets, gradients, moments), loss


weights, noise = jax.random.split(jax.random.key(0))
keys = iter(jax.random.split(weights, sum(len(widths) - 1 for widths in WIDTHS.values())))
nets = {
    name: [adam.dense(next(keys), *sizes) for sizes in zip(widths, widths[1:])] for name, widths in WIDTHS.items()
}
assert sum(leaf.size for leaf in jax.tree.leaves(nets)) == 203744
state = nets, adam.start(nets)
number = 0


def epoch():
    global state, number
    order, total, steps = rng.permutation(N), 0.0, 0
    for i in range(0, N - B + 1, B):
        state, loss = step(state, order[i:i + B], noise, number)
        number += 1
        total += float(loss)
        steps += 1
    return total / steps, steps


serve_training("JAX", jax.__version__, epoch)

"""JAX: training of the spiral mixture density network (1-128-128-60, 20 components, batch 128, Adam); a step is one jitted function."""
import math
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import adam_jax as adam
from rounds import serve_training
from spiral import spiral

H, K, B = 128, 20, 128
rng = np.random.default_rng(0)
x, y = (jnp.asarray(column) for column in spiral(rng))
N = len(x)


def negative_log_likelihood(layers, batch, target):
    out = adam.apply(layers, batch, last=True)
    loc, raw, logits = out[:, :K], out[:, K:2 * K], out[:, 2 * K:]
    scale = jax.nn.elu(raw) + 1 + 1e-7
    log_prob = -0.5 * ((target - loc) / scale) ** 2 - jnp.log(scale) - 0.5 * math.log(2 * math.pi)
    return -jax.nn.logsumexp(jax.nn.log_softmax(logits) + log_prob, -1).mean()


@partial(jax.jit, donate_argnums=0)
def step(state, rows):
    layers, moments = state
    loss, gradients = jax.value_and_grad(negative_log_likelihood)(layers, x[rows], y[rows])
    return adam.update(layers, gradients, moments), loss


keys = jax.random.split(jax.random.key(0), 3)
layers = [adam.dense(key, *sizes) for key, sizes in zip(keys, [(1, H), (H, H), (H, 3 * K)])]
state = layers, adam.start(layers)


def epoch():
    global state
    order, total, steps = rng.permutation(N), 0.0, 0
    for i in range(0, N - B + 1, B):
        state, loss = step(state, order[i:i + B])
        total += float(loss)
        steps += 1
    return total / steps, steps


serve_training("JAX", jax.__version__, epoch)

"""JAX: Adam as a pure function of trees, and Glorot's weights; nothing beside JAX has to be installed."""
import jax
import jax.numpy as jnp

RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-7


def start(parameters):
    first, second = (jax.tree.map(jnp.zeros_like, parameters) for _ in range(2))
    return first, second, jnp.float32(0)


def update(parameters, gradients, moments):
    first, second, count = moments
    count = count + 1
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradients)
    c1, c2 = 1 - BETA1**count, 1 - BETA2**count
    next_parameters = jax.tree.map(
        lambda p, m, v: p - RATE * (m / c1) / (jnp.sqrt(v / c2) + EPSILON), parameters, first, second
    )
    return next_parameters, (first, second, count)


def dense(key, inputs, outputs):
    bound = (6 / (inputs + outputs)) ** 0.5
    return jax.random.uniform(key, (inputs, outputs), minval=-bound, maxval=bound), jnp.zeros(outputs)


def apply(layers, x, last=False):
    """Rectified layers; `last`: the last one is linear."""
    for i, (weight, bias) in enumerate(layers):
        x = x @ weight + bias
        if not last or i < len(layers) - 1:
            x = jnp.maximum(x, 0)
    return x

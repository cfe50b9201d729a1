"""Keras: training of the spiral mixture density network (1-128-128-60, 20 components, batch 128, Adam) by `fit`."""
import math

import numpy as np

from keras_backend import VERSION, keras
from rounds import serve_training
from spiral import spiral

H, K, B = 128, 20, 128
rng = np.random.default_rng(0)
x, y = spiral(rng)
STEPS = len(x) // B
ops = keras.ops

net = keras.Sequential([keras.Input((1,)), *(keras.layers.Dense(H, "relu") for _ in range(2)), keras.layers.Dense(3 * K)])


def negative_log_likelihood(target, out):
    loc, raw, logits = out[:, :K], out[:, K:2 * K], out[:, 2 * K:]
    scale = ops.elu(raw) + 1 + 1e-7
    log_prob = -0.5 * ((target - loc) / scale) ** 2 - ops.log(scale) - 0.5 * math.log(2 * math.pi)
    return -ops.logsumexp(ops.log_softmax(logits) + log_prob, -1)


net.compile(optimizer=keras.optimizers.Adam(1e-3, epsilon=1e-7), loss=negative_log_likelihood)


def epoch():
    order = rng.permutation(len(x))[: STEPS * B]
    history = net.fit(x[order], y[order], batch_size=B, epochs=1, shuffle=False, verbose=0)
    return history.history["loss"][0], STEPS


serve_training("Keras", VERSION, epoch)

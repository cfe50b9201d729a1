"""Keras: training of the dense variational autoencoder of 203,744 parameters (224-256-128-64-32-16 | 16+16 | 16-16-32-64-128-256-224),
Bernoulli likelihood, batch 32, Adam, by `fit`."""
import numpy as np

from keras_backend import VERSION, keras
from rounds import serve_training

N, B = 3974, 32
STEPS = N // B
rng = np.random.default_rng(0)
data = (rng.random((N, 224)) > 0.5).astype(np.float32)
ops = keras.ops


def dense(*widths):
    return [keras.layers.Dense(width, "relu") for width in widths]


class Autoencoder(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = keras.Sequential(dense(256, 128, 64, 32, 16))
        self.mean, self.log_variance = keras.layers.Dense(16), keras.layers.Dense(16)
        self.decoder = keras.Sequential([*dense(16, 32, 64, 128, 256), keras.layers.Dense(224)])
        self.draws = keras.random.SeedGenerator(0)

    def call(self, x):
        h = self.encoder(x)
        mean, log_variance = self.mean(h), self.log_variance(h)
        self.add_loss(-0.5 * ops.sum(1 + log_variance - mean * mean - ops.exp(log_variance)) / B)
        noise = keras.random.normal(ops.shape(mean), seed=self.draws)
        return self.decoder(mean + ops.exp(0.5 * log_variance) * noise)


def reconstruction(x, logits):
    return ops.sum(ops.softplus(logits) - logits * x, -1)


net = Autoencoder()
net.compile(optimizer=keras.optimizers.Adam(1e-3, epsilon=1e-7), loss=reconstruction)
net(data[:B])
assert sum(np.prod(w.shape) for w in net.trainable_weights) == 203744


def epoch():
    order = rng.permutation(N)[: STEPS * B]
    batch = data[order]
    history = net.fit(batch, batch, batch_size=B, epochs=1, shuffle=False, verbose=0)
    return history.history["loss"][0], STEPS


serve_training("Keras", VERSION, epoch)

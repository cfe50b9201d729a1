"""Keras on JAX where that is installed, else on what `KERAS_BACKEND` or Keras's own settings say; and its version with the backend's name."""
import importlib.util
import os

if "KERAS_BACKEND" not in os.environ and importlib.util.find_spec("jax"):
    os.environ["KERAS_BACKEND"] = "jax"

import keras

VERSION = f"{keras.__version__} on {keras.backend.backend()}"

"""The spiral's points, by the law of data.mjs, for peers that have NumPy."""
import numpy as np


def spiral(rng, n=8500):
    """Columns x and y, each of shape [n, 1], scaled to [0, 5]."""
    angle = rng.uniform(0, 4 * np.pi, n)
    points = np.stack([angle * np.cos(angle), angle * np.sin(angle)], 1) + 0.2 * rng.standard_normal((n, 2))
    points = (5 * (points - points.min()) / (points.max() - points.min())).astype(np.float32)
    return points[:, :1], points[:, 1:]

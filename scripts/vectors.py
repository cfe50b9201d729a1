"""Writes the reference values of the tests of vectors and matrices: wasserstein, wishart, lkjCholesky and vonMisesFisher.

    python3 scripts/vectors.py        needs mpmath; seconds

Numbers are doubles, answers 20 digits of 60. Wasserstein distances come from the singular values of the product of the factors,
densities of Wishart and LKJ laws from their textbook formulas, and von Mises and Fisher's normaliser and moments from Bessel
functions.
"""

import json
import random
from pathlib import Path

from mpmath import mp, mpf

mp.dps = 60
random.seed(5)
TARGET = Path(__file__).parent.parent / "packages/credence/test/distributions/vectors.json"


def digits(x):
    return mp.nstr(x, 20)


def factor(n, spread):
    def number(i, j):
        x = random.gauss(0, 1) * 10 ** random.uniform(-spread, spread)
        return 0.0 if j > i else abs(x) + 10**-spread if i == j else x

    return [[number(i, j) for j in range(n)] for i in range(n)]


def vector(n):
    return [random.gauss(0, 1) for _ in range(n)]


def wasserstein(n, spread):
    (a, p), (b, q) = ((vector(n), factor(n, spread)) for _ in range(2))
    left, right = mp.matrix(p), mp.matrix(q)
    values = mp.svd_r(right.T * left, compute_uv=False)
    squares = sum(x * x for x in left) + sum(x * x for x in right) - 2 * sum(values)
    total = sum((mpf(x) - mpf(y)) ** 2 for x, y in zip(a, b)) + squares
    return {"p": [a, p], "q": [b, q], "distance": digits(mp.sqrt(total))}


def log_multigamma(p, a):
    return p * (p - 1) * mp.log(mp.pi) / 4 + sum(mp.loggamma(a - mpf(i) / 2) for i in range(p))


def multi_digamma(p, a):
    return sum(mp.digamma(a - mpf(i) / 2) for i in range(p))


def log_det(matrix):
    return 2 * sum(mp.log(mp.cholesky(matrix)[i, i]) for i in range(matrix.rows))


def wishart(p, df, spread):
    scale, other, root = factor(p, spread), factor(p, spread), factor(p, 0.3)
    df, other_df = mpf(df), mpf(df) * (1 + mpf(random.random()) / 3)
    v, w, r = mp.matrix(scale), mp.matrix(other), mp.matrix(root)
    x = v * r * r.T * v.T * df
    exact = mp.matrix([[float(x[i, j]) for j in range(p)] for i in range(p)])
    sigma = v * v.T
    log_prob = (
        (df - p - 1) * log_det(exact) / 2
        - sum((mp.inverse(sigma) * exact)[i, i] for i in range(p)) / 2
        - df * p * mp.log(2) / 2
        - df * log_det(sigma) / 2
        - log_multigamma(p, df / 2)
    )
    entropy = (
        (p + 1) * log_det(sigma) / 2
        + mpf(p * (p + 1)) * mp.log(2) / 2
        + log_multigamma(p, df / 2)
        - (df - p - 1) * multi_digamma(p, df / 2) / 2
        + df * p / 2
    )
    other_df = mpf(float(other_df))
    ratio = mp.inverse(w * w.T) * sigma
    divergence = (
        df * (sum(ratio[i, i] for i in range(p)) - p) / 2
        - other_df * (log_det(sigma) - log_det(w * w.T)) / 2
        + log_multigamma(p, other_df / 2)
        - log_multigamma(p, df / 2)
        + (df - other_df) * multi_digamma(p, df / 2) / 2
    )
    return {
        "df": float(df),
        "scaleTril": scale,
        "x": [[float(exact[i, j]) for j in range(p)] for i in range(p)],
        "logProb": digits(log_prob),
        "entropy": digits(entropy),
        "q": {"df": float(other_df), "scaleTril": other},
        "divergence": digits(divergence),
    }


def lkj(n, eta):
    eta = mpf(eta)
    rows = [[random.gauss(0, 1) for _ in range(i)] + [abs(random.gauss(0, 1)) + 0.1] for i in range(n)]
    l = []
    for row in rows:
        size = mp.sqrt(sum(mpf(x) ** 2 for x in row))
        l.append([float(mpf(x) / size) for x in row] + [0.0] * (n - len(row)))
    alpha = eta + mpf(n - 1) / 2
    norm = sum(mpf(i) / 2 * mp.log(mp.pi) + mp.loggamma(alpha - mpf(i) / 2) - mp.loggamma(alpha) for i in range(1, n))
    powers = [mpf(n - i - 1) + 2 * eta - 2 for i in range(n)]
    log_prob = sum(powers[i] * mp.log(mpf(l[i][i])) for i in range(1, n)) - norm
    means = [(mp.digamma(alpha - mpf(i) / 2) - mp.digamma(alpha)) / 2 for i in range(n)]
    entropy = norm - sum(powers[i] * means[i] for i in range(1, n))
    return {"concentration": float(eta), "l": l, "logProb": digits(log_prob), "entropy": digits(entropy)}


def fisher(d, kappa):
    k, order = mpf(kappa), mpf(d) / 2 - 1
    area = mp.log(2) + mpf(d) / 2 * mp.log(mp.pi) - mp.loggamma(mpf(d) / 2)
    if k == 0:
        return {"d": d, "concentration": 0, "atMode": digits(-area), "length": "0", "slope": digits(1 / mpf(d)), "entropy": digits(area)}
    with mp.workdps(60 + 2 * int(mp.log10(k) if k > 1 else 0) + 2 * int(-mp.log10(k) if k < 1 else 0)):
        bessel = mp.besseli(order, k)
        length = mp.besseli(order + 1, k) / bessel
        constant = order * mp.log(k) - mpf(d) / 2 * mp.log(2 * mp.pi) - mp.log(bessel)
        slope = 1 - length**2 - (d - 1) * length / k
        return {
            "d": d,
            "concentration": kappa,
            "atMode": digits(constant + k),
            "length": digits(length),
            "slope": digits(slope),
            "entropy": digits(-constant - k * length),
        }


SPREADS = [(1, 0), (2, 0), (2, 1), (3, 0), (3, 1), (4, 2), (5, 1)]
KAPPAS = [0, 1e-30, 1e-3, 0.1, 1.0, 7.5, 30.0, 100.0, 1e3, 1e5, 1e10]
answers = {
    "wasserstein": [wasserstein(n, s) for n, s in SPREADS],
    "wishart": [wishart(p, df, s) for p, df, s in [(1, 0.5, 0), (2, 1.5, 0), (2, 7, 1), (3, 20.25, 1), (4, 3.01, 0), (3, 1e6, 1), (2, 1e12, 0)]],
    "lkj": [lkj(n, eta) for n, eta in [(2, 1), (2, 0.3), (3, 1), (3, 5.5), (5, 0.01), (6, 1000)]],
    "fisher": [fisher(d, k) for d in (2, 3, 4, 5, 10, 51, 300) for k in KAPPAS],
}
TARGET.write_text(json.dumps(answers, indent=1).replace("\n    ", " ") + "\n")

"""Writes the reference values of test/ops/incomplete.test.ts: incomplete gamma and beta functions and slopes.

    python3 scripts/incomplete.py [NAME ...] && npm run fix        needs mpmath; some minutes (less with gmpy2)

Rows of incompleteGamma.json are [a, x, P, Q, log P, log Q, dP/da, dP/dx], those of incompleteBeta.json [a, b, x, I, 1 - I, log I,
log(1 - I), dI/da, dI/db, dI/dx]. Arguments are exact in the precision. All values come from 60 digits and more: lower functions by series
of positive terms, or by continued fractions where those are slow, Q by Legendre's, and for large shapes near x by the uniform expansion, whose coefficients
scripts/uniform.py has as fractions. Derivatives by shapes are central differences in extra digits.

The points: both neighbours of every place where the code changes its formula, and random ones, ordinary and from 1e-30 to 1e30.
"""

import json
import math
import random
import struct
import sys
from pathlib import Path

from mpmath import mp, mpf

from uniform import series

FOLDER = Path(__file__).parent.parent / "packages/credence/test/ops/references"
SINGLE, DOUBLE = "float32", "float64"
DIGITS = 60
UNIFORM = [[mpf(c.numerator) / c.denominator for c in row] for row in series(60)]


def rounded(x, precision):
    return struct.unpack("f", struct.pack("f", x))[0] if precision == SINGLE else float(x)


def around(x, precision):
    step = 2.0 ** (math.frexp(x)[1] - (23 if precision == SINGLE else 52))
    return [rounded(x + d * step, precision) for d in (-1, 0, 1)]


def uniform_tail(size, exponent, sign, skew):
    """The tail beyond x, away from the mean, for size z²/2 = exponent."""
    z = sign * mp.sqrt(2 * exponent / size)
    f = [mp.polyval(row[::-1], skew) for row in UNIFORM]
    beta = f + [mpf(0)] * 2
    for k in reversed(range(len(f))):
        beta[k] = f[k] + (k + 1) * beta[k + 2] / size
    rest = sum(b * z**k for k, b in enumerate(beta[1:-2])) / beta[0]
    return mp.erfc(mp.sqrt(exponent)) / 2 + sign * mp.exp(-exponent) / mp.sqrt(2 * mp.pi * size) * rest


def deviance(mu):
    """mu - log(1 + mu)."""
    if abs(mu) > mpf(10) ** -12:
        return mu - mp.log1p(mu)
    return sum((-1) ** k * mu**k / k for k in range(2, 8))


def poisson_mass(a, x):
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))


def gamma_tails(a, x):
    """P and Q. Digits are added for what a large a takes away, and for a small Q of a small a."""
    with mp.workdps(DIGITS + 10 + int(abs(mp.log10(a)))):
        a, x = mpf(a), mpf(x)
        if a > 10**6 and abs(x - a) < a / 2:
            mu = (x - a) / a
            tail = uniform_tail(a, a * deviance(mu), 1 if mu > 0 else -1, 1)
            return (1 - tail, tail) if x > a else (tail, 1 - tail)
        mass = poisson_mass(a, x)
        if x < a + 1 or x < 2:
            term = total = mpf(1)
            n = 0
            while term > mp.eps * total / 10**5:
                n += 1
                term *= x / (a + n)
                total += term
            return mass * total, 1 - mass * total
        b = x + 1 - a
        c, d = mpf(10) ** 300, 1 / b
        h, n, delta = d, 0, mpf(0)
        while abs(delta - 1) > mp.eps * 10:
            n += 1
            b += 2
            d = 1 / (b - n * (n - a) * d)
            c = b - n * (n - a) / c
            delta = c * d
            h *= delta
        return 1 - mass * a * h, mass * a * h


def central(f, at, h):
    with mp.workdps(DIGITS + 40):
        return (f(mpf(at) + h) - f(mpf(at) - h)) / (2 * h)


def logarithm(x, partner):
    return -mp.inf if x == 0 else mp.log(x) if x < 0.5 else mp.log1p(-partner)


def gamma_row(a, x):
    p, q = gamma_tails(a, x)
    side = 0 if x < a else 1
    h = mpf(10) ** -18 * mpf(a) if a < 10**4 else mpf(10) ** -16 * mp.sqrt(a)
    slope = central(lambda t: gamma_tails(t, x)[side], a, h) * (1 - 2 * side)
    return [a, x, p, q, logarithm(p, q), logarithm(q, p), slope, poisson_mass(mpf(a), mpf(x)) * a / x]


def gamma_points(precision, rng):
    least = 6 if precision == SINGLE else 15
    for a in (1e-6, 0.3, 0.999):
        yield from ((a, x) for x in around(1.5, precision))
    yield from ((a, x) for a in around(1, precision) for x in (0.4, 1.2, 1.5, 2))
    yield from ((a, x) for a in around(2.5, precision) for x in (0.7, 2.5, 6))
    yield from ((a, x * a) for a in around(least, precision) for x in (0.36, 0.99, 1, 1.3, 2.1))
    yield from ((a, x * a) for a in (least, 40, 1e4) for x in (0.3472, 0.3473, 2.1879, 2.188))  # |z| = 0.9
    yield from ((a, a) for a in (0.5, 3, 64, 1e5, 1e10, 1e30))
    for _ in range(60):
        a = rng.choice([rng.uniform(0.01, 30), 10 ** rng.uniform(-3, 5)])
        yield a, rng.choice([a + rng.gauss(0, 3) * math.sqrt(a), a * 10 ** rng.uniform(-1, 1), rng.uniform(0, 3)])
    for _ in range(40):
        a = 10 ** rng.uniform(-30, 30)
        x = a + rng.gauss(0, 3) * math.sqrt(a) if a > 1e6 else 10 ** rng.uniform(-30, 3)
        yield a, x


def beta_tails(a, b, x):
    """I and 1 - I: on the side of x the series of positive terms, or for large shapes the uniform expansion."""
    with mp.workdps(DIGITS + 10 + int(sum(abs(mp.log10(v)) for v in (a, b, x)))):
        a, b, x = mpf(a), mpf(b), mpf(x)
        n, y = a + b, 1 - x
        gap = x * b - y * a
        size, exponent = a * b / n, a * deviance(gap / a) + b * deviance(-gap / b)
        p, q, z = (b, a, y) if gap > 0 else (a, b, x)
        if size > 10**4 and exponent < size / 8:
            tail = uniform_tail(size, exponent, 1 if gap > 0 else -1, (b - a) / n)
        else:
            power = mp.exp(p * mp.log(z) + q * mp.log(1 - z) - log_beta(p, q))
            tail = power * (beta_series(p, n, z) if z < 0.9 and n < 10**3 else beta_fraction(p, q, z, abs(gap)))
        return (1 - tail, tail) if gap > 0 else (tail, 1 - tail)


def beta_series(p, n, z):
    term = total = mpf(1)
    k = 0
    while term > mp.eps * total / 10**8:
        term *= (n + k) * z / (p + 1 + k)
        total += term
        k += 1
    return total / p


def beta_fraction(p, q, z, gap):
    """Didonato and Morris (1992), equation 9, by Lentz's method."""
    b = p * (gap + 1) / (p + 1)
    h, c, d, delta, k = 1 / b, mpf(10) ** 300, 1 / b, mpf(0), 0
    while abs(delta - 1) > mp.eps * 10:
        k += 1
        s = p + 2 * k - 1
        w = k * (q - k) * z
        numerator = (p + k - 1) * (p + q + k - 1) * z * w / s**2
        b = k + w / s + (p + k) / (s + 2) * (gap + 1 + k * (2 - z))
        d = 1 / (b + numerator * d)
        c = b + numerator / c
        delta = c * d
        h *= delta
    return h


def log_beta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def beta_row(a, b, x):
    lower, upper = beta_tails(a, b, x)
    side = 0 if lower < upper else 1
    slopes = []
    for i in (0, 1):
        shapes = [a, b]

        def moved(t):
            shapes[i] = t
            return beta_tails(*shapes, x)[side]

        at = (a, b)[i]
        h = mpf(10) ** -18 * mpf(at) if at < 10**4 else mpf(10) ** -16 * mp.sqrt(at)
        slopes.append(central(moved, at, h) * (1 - 2 * side))
    with mp.workdps(120):
        density = mp.exp((mpf(a) - 1) * mp.log(x) + (mpf(b) - 1) * mp.log1p(-mpf(x)) - log_beta(mpf(a), mpf(b)))
    return [a, b, x, lower, upper, logarithm(lower, upper), logarithm(upper, lower), *slopes, density]


def beta_points(precision, rng):
    least = 12 if precision == SINGLE else 30  # of two equal shapes
    for a in around(1, precision):
        yield from ((a, b, x) for b in (0.2, 1, 3) for x in (0.2, 0.5, 0.51, 0.7))
    yield from ((s, b, x) for s in (1e-8, 0.4, 1.2) for b in (0.3, 40) for x in (1e-3, 0.036, 0.038, 0.3, 0.9))
    yield from ((b, s, 1 - x) for s in (1e-8, 0.4, 1.2) for b in (0.3, 40) for x in (2**-10, 0.0361328125, 0.25, 0.875))
    yield from ((a, a, x) for a in around(least, precision) for x in (0.3, 0.5, 0.55))
    for _ in range(70):
        a, b = (rng.choice([rng.uniform(0.05, 30), 10 ** rng.uniform(-3, 4)]) for _ in range(2))
        spread = math.sqrt(a * b / (a + b + 1)) / (a + b)
        yield a, b, rng.choice([a / (a + b) + rng.gauss(0, 2) * spread, rng.random(), 10 ** rng.uniform(-6, 0)])
    for _ in range(30):
        a, b = 10 ** rng.uniform(-30, 30), 10 ** rng.uniform(-30, 30)
        if min(a, b) > 10**4:
            yield a, b, a / (a + b) * (1 + rng.gauss(0, 2) / math.sqrt(a))
        else:
            yield a, b, rng.choice([min(1, (a + rng.random()) / (a + b)), rng.random()])


def spell(x):
    x = float(x) if abs(x) > mpf(10) ** -330 else 0.0
    if math.isinf(x):
        return '"inf"' if x > 0 else '"-inf"'
    return str(int(x)) if x == int(x) and abs(x) < 2**53 else repr(x).replace("e-0", "e-").replace("e+", "e")


def write(name, points, row):
    blocks = []
    for precision in (SINGLE, DOUBLE):
        rng = random.Random(name)
        exact = [tuple(rounded(v, precision) for v in p) for p in points(precision, rng)]
        kept = [p for p in dict.fromkeys(exact) if all(v > 0 for v in p) and (len(p) == 2 or p[2] < 1)]
        lines = ",\n".join(f"    [{', '.join(spell(v) for v in row(*p))}]" for p in kept)
        blocks.append(f'  "{precision}": [\n{lines}\n  ]')
    (FOLDER / f"{name}.json").write_text("{\n" + ",\n".join(blocks) + "\n}\n")


TABLES = {"incompleteGamma": (gamma_points, gamma_row), "incompleteBeta": (beta_points, beta_row)}


def main(names):
    mp.dps = DIGITS
    for name in names or TABLES:
        write(name, *TABLES[name])


main(sys.argv[1:])

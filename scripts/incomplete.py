"""Writes the reference values of test/ops/incomplete.test.ts: the incomplete gamma functions and their slopes.

    python3 scripts/incomplete.py [NAME ...] && npm run fix        needs mpmath; some minutes (less with gmpy2)

Rows of incompleteGamma.json are [a, x, P, Q, log P, log Q, dP/da, dP/dx]. Arguments are exact in the precision. All values
come from 60 digits and more: P by its series of positive terms, Q by Legendre's continued fraction, and for a above a million
near x both by the uniform expansion, whose coefficients scripts/uniform.py has as fractions. dP/da is a central difference in extra
digits.

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
UNIFORM = [mpf(f.numerator) / f.denominator for f in (sum(row) for row in series(60))]


def rounded(x, precision):
    return struct.unpack("f", struct.pack("f", x))[0] if precision == SINGLE else float(x)


def around(x, precision):
    step = 2.0 ** (math.frexp(x)[1] - (23 if precision == SINGLE else 52))
    return [rounded(x + d * step, precision) for d in (-1, 0, 1)]


def uniform_tail(a, x):
    """The tail beyond x, away from a."""
    mu = (x - a) / a
    if abs(mu) > mpf(10) ** -12:
        phi = mu - mp.log1p(mu)
    else:
        phi = sum((-1) ** k * mu**k / k for k in range(2, 8))
    z = mp.sign(mu) * mp.sqrt(2 * phi)
    beta = [mpf(0)] * (len(UNIFORM) + 2)
    for k in reversed(range(len(UNIFORM))):
        beta[k] = UNIFORM[k] + (k + 1) * beta[k + 2] / a
    rest = sum(b * z**k for k, b in enumerate(beta[1:-2])) / beta[0]
    sign = 1 if mu > 0 else -1
    return mp.erfc(mp.sqrt(a * phi)) / 2 + sign * mp.exp(-a * phi) / mp.sqrt(2 * mp.pi * a) * rest


def poisson_mass(a, x):
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1))


def gamma_tails(a, x):
    """P and Q. Digits are added for what a large a takes away, and for a small Q of a small a."""
    with mp.workdps(DIGITS + 10 + int(abs(mp.log10(a)))):
        a, x = mpf(a), mpf(x)
        if a > 10**6 and abs(x - a) < a / 2:
            tail = uniform_tail(a, x)
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
        kept = [p for p in dict.fromkeys(exact) if all(v > 0 for v in p)]
        lines = ",\n".join(f"    [{', '.join(spell(v) for v in row(*p))}]" for p in kept)
        blocks.append(f'  "{precision}": [\n{lines}\n  ]')
    (FOLDER / f"{name}.json").write_text("{\n" + ",\n".join(blocks) + "\n}\n")


TABLES = {"incompleteGamma": (gamma_points, gamma_row)}


def main(names):
    mp.dps = DIGITS
    for name in names or TABLES:
        write(name, *TABLES[name])


main(sys.argv[1:])

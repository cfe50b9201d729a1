"""Computes the table of packages/credence/src/ops/functions/gammaSlope.ts and the references of its test, in 60 digits.

    python3 scripts/gammaSlope.py                   prints the table; needs mpmath; half a minute
    python3 scripts/gammaSlope.py references        writes packages/credence/test/random/gammaSlopes.json; some seconds

D(a, x) = -(dP(a, x) / da) / (x dP(a, x) / dx) satisfies (a - x) D + x dD/dx = digamma(a) - log x, since the derivative of x dP/dx by x
is (a - x) dP/dx and that of dP/da is (log x - digamma(a)) dP/dx. With w = log(x / a) and digamma(a) - log a = c_1 / a + c_2 / a² + ...
it has the expansion D = (d_0(w) + d_1(w) / a + d_2(w) / a² + ...) / a, where

    d_0 = w / (e^w - 1),   d_k = (d_(k-1)' - c_k) / (e^w - 1).

All are analytic for |w| < 2π: printed are polynomials through them at Chebyshev's points of the range.
"""

import json
import sys
from pathlib import Path

import mpmath as mp

mp.mp.dps = 60
TERMS = 140
RANGE = (mp.mpf(-3), mp.mpf("1.1"))
SIZES = {"float32": (6, 5, 2.0**-26), "float64": (16, 10, 2.0**-56)}  # least a, last k, error of a D


def over_expm1(series):
    """Divides a power series without a constant by e^w - 1."""
    above = series[1:] + [mp.mpf(0)]
    below = [1 / mp.factorial(i + 1) for i in range(TERMS)]
    out = []
    for i in range(TERMS):
        out.append(above[i] - mp.fsum(out[j] * below[i - j] for j in range(i)))
    return out


def coefficient(k):
    """c_k."""
    if k == 1:
        return -mp.mpf(1) / 2
    return -mp.bernoulli(k) / k if k % 2 == 0 else mp.mpf(0)


def expansion(last):
    d = [over_expm1([mp.mpf(0), mp.mpf(1)] + [mp.mpf(0)] * (TERMS - 2))]
    for k in range(1, last + 1):
        slope = [(i + 1) * d[-1][i + 1] for i in range(TERMS - 1)] + [mp.mpf(0)]
        slope[0] -= coefficient(k)
        d.append(over_expm1(slope))
    return d


def through(f, degree):
    """The polynomial of a degree through f at Chebyshev's points, by powers of w."""
    low, high = RANGE
    points = [
        (low + high) / 2 + (high - low) / 2 * mp.cos(mp.pi * (2 * i + 1) / (2 * degree + 2)) for i in range(degree + 1)
    ]
    matrix = mp.matrix([[p**j for j in range(degree + 1)] for p in points])
    return list(mp.lu_solve(matrix, mp.matrix([f(p) for p in points])))


def slope(a, y):
    """D(a, e^y): below a by the series P = x^a e^-x / Γ(a + 1) Σ x^n / (a + 1)_n, above from the upper tail."""
    x = mp.exp(y)
    if x < a + 1:
        total, derivative, term, harmonic, n = mp.mpf(0), mp.mpf(0), mp.mpf(1), mp.mpf(0), 0
        while n < 5 or term * max(1, harmonic) > mp.mpf(10) ** -75:
            total += term
            derivative -= term * harmonic
            n += 1
            term *= x / (a + n)
            harmonic += 1 / (a + n)
        return (total * (mp.psi(0, a + 1) - y) - derivative) / a
    upper = lambda b: mp.gammainc(b, x)  # noqa: E731
    return (mp.diff(upper, a) - mp.psi(0, a) * upper(a)) / mp.exp(a * y - x)


def references():
    rows = []
    for a in (1e-30, 1e-10, 1e-3, 0.05, 0.5, 1, 2.5, 4, 6, 13, 16, 30, 100, 1000, 1e5):
        wide = max(a, 1) ** 0.5
        points = [a + 0.1 * wide, a + 2.6, a + 6 * wide] if a < 1e5 else [a]
        if a < 1:
            logs = [-3 / a, -0.3 / a]
        else:
            logs = []
            points += [max(a * 0.01, a - 9 * wide), max(a * 0.06, a - 3 * wide), a]
        logs += [float(mp.log(x)) for x in points]
        rows += [[a, y, float(slope(mp.mpf(a), mp.mpf(y)))] for y in sorted(logs)]
    source = "scripts/gammaSlope.py references: [a, y, D(a, e^y)], mpmath of 60 digits"
    text = ",\n".join("    " + json.dumps(row) for row in rows)
    path = Path(__file__).parent.parent / "packages/credence/test/random/gammaSlopes.json"
    path.write_text(f'{{\n  "source": "{source}",\n  "rows": [\n{text}\n  ]\n}}\n')


def main():
    for precision, (least, last, error) in SIZES.items():
        print(f"  {precision}: [")
        for k, series in list(enumerate(expansion(last)))[1:]:
            f = lambda w: mp.polyval(series[::-1], w)  # noqa: B023, E731
            grid = [RANGE[0] + (RANGE[1] - RANGE[0]) * i / 300 for i in range(301)]
            for degree in range(40):
                row = through(f, degree)
                if max(abs(mp.polyval(row[::-1], w) - f(w)) for w in grid) < error * least**k:
                    break
            print(f"    {[float(c) for c in row]},")
        print("  ],")


if __name__ == "__main__":
    references() if "references" in sys.argv else main()

"""Computes the table of packages/credence/src/ops/functions/uniform.ts, in exact arithmetic.

    python3 scripts/uniform.py                      needs nothing but Python; a second

For 0 <= x0 <= 1 and c = 1 - 2 x0 let z²/2 = (log(1 - x0 + x0 e^s) - x0 s) / (x0 (1 - x0)), with z of the sign of s. It
is s²/2 + c s³/6 + ..., and at c = 1, the limit x0 = 0, e^s - 1 - s. Printed are the coefficients of ds/dz = 1 + f1 z +
f2 z² + ...: f_k is a polynomial in c, of the parity of k, of which each row has the coefficients in c².

With u = (t - x0) / (x0 (1 - x0)), where t is the logistic function of s that is x0 at 0, u u' = z (1 + c u - v u²) for v = x0
(1 - x0), and ds/dz = z / u. Both are solved for power series.
"""

from fractions import Fraction

REACH = 0.9  # the table serves |z| up to here
TERMS = {"float32": 12, "float64": 28}
NEGLIGIBLE = {"float32": 2.0**-30, "float64": 2.0**-60}


def add(a, b, factor=1):
    n = max(len(a), len(b))
    return [(a[i] if i < len(a) else 0) + factor * (b[i] if i < len(b) else 0) for i in range(n)]


def mul(a, b):
    out = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] += x * y
    return out


def series(count):
    """f_0 to f_count, as lists of coefficients in c."""
    zero, one = [Fraction(0)], [Fraction(1)]
    c, v = [Fraction(0), Fraction(1)], [Fraction(1, 4), Fraction(0), Fraction(-1, 4)]
    u, square = [zero, one], [zero, zero, one]  # u and u² by powers of z
    for k in range(3, count + 3):
        both = add(mul(c, u[k - 2]), mul(v, square[k - 2]), -1)
        square.append([2 * x / k for x in both])
        rest = square[k]
        for i in range(2, k - 1):
            rest = add(rest, mul(u[i], u[k - i]), -1)
        u.append([x / 2 for x in rest])
    f = [one]
    for k in range(1, count + 1):
        total = zero
        for i in range(k):
            total = add(total, mul(f[i], u[k - i + 1]), -1)
        f.append(total)
    return f


def main():
    for precision, count in TERMS.items():
        print(f"  {precision}: [")
        for k, f in list(enumerate(series(count)))[1:]:
            row = [float(x) for x in f[k % 2 :: 2]]
            while len(row) > 1 and abs(row[-1]) * REACH ** (k - 1) < NEGLIGIBLE[precision]:
                row.pop()
            print(f"    [{', '.join(repr(x).replace('e-0', 'e-') for x in row)}],")
        print("  ],")


if __name__ == "__main__":
    main()

"""Computes every coefficient table in packages/credence/src/ops.

    python3 scripts/minimax.py [NAME ...]        needs mpmath; all tables take some minutes (seconds with gmpy2)

Prints each table as TypeScript, with the largest weighted error of the ideal fit and of the one with rounded
coefficients as powers of two. Half an ulp is 2^-24 to 2^-25 of a float32 value and 2^-53 to 2^-54 of a float64 one.

Polynomials are minimax fits by the Remez exchange on a Chebyshev grid (Remes 1934; Cheney, Introduction to
Approximation Theory, chapter 3). Their leading coefficients are rounded one at a time and the rest fitted again, so
that later coefficients make up for what rounding did to earlier ones. Rational functions are fitted by iterated
linear least squares (Sanathanan and Koerner 1963) with Lawson's weights (1961), which comes within a small factor
of the minimax error.
"""

import struct
import sys

from mpmath import mp, mpf

mp.dps = 60
SINGLE, DOUBLE = "float32", "float64"


def grid(low, high, count):
    low, high = mpf(low), mpf(high)
    return [(low + high) / 2 - (high - low) / 2 * mp.cos(mp.pi * i / (count - 1)) for i in range(count)]


def rounded(x, precision):
    x = float(x)
    return mpf(struct.unpack("f", struct.pack("f", x))[0] if precision == SINGLE else x)


def horner(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def alternation(errors, count):
    """Indices of `count` errors of alternating sign and large size; None where there are not as many."""
    found = []
    for i, e in enumerate(errors):
        if not found or (e > 0) != (errors[found[-1]] > 0):
            found.append(i)
        elif abs(e) > abs(errors[found[-1]]):
            found[-1] = i
    while len(found) > count:
        size = [abs(errors[i]) for i in found]
        if len(found) == count + 1:
            found.pop(0 if size[0] < size[-1] else -1)
            continue
        j = min(range(len(found) - 1), key=lambda j: max(size[j], size[j + 1]))
        del found[j : j + 2]
    return found if len(found) == count else None


def remez(xs, fs, ws, count):
    """The polynomial of `count` coefficients with the least max w |f - p| on the points, and that error."""
    reference = [round((len(xs) - 1) * i / count) for i in range(count + 1)]
    best = None
    for _ in range(20):
        rows, right = mp.matrix(count + 1, count + 1), mp.matrix(count + 1, 1)
        for row, i in enumerate(reference):
            for j in range(count):
                rows[row, j] = xs[i] ** j
            rows[row, count] = (-1) ** row / ws[i]
            right[row] = fs[i]
        solution = mp.lu_solve(rows, right)
        coefficients = [solution[j] for j in range(count)]
        errors = [(f - horner(coefficients, x)) * w for x, f, w in zip(xs, fs, ws)]
        worst = max(abs(e) for e in errors)
        if best is None or worst < best[1]:
            best = coefficients, worst
        reference = alternation(errors, count + 1)
        if reference is None or worst <= abs(solution[count]) * mpf("1.05"):
            break
    return best


def weighty(xs, ws, share):
    """The points whose weight counts: where it vanishes the fit is free, and the equations become singular."""
    top = max(ws)
    return [i for i in range(len(xs)) if ws[i] > top * share]


def polynomial(f, weight, low, high, count, precision, careful):
    """Minimax coefficients, the first `careful` of which are rounded in turn; the ideal and the rounded error."""
    xs = grid(low, high, 20 * count + 1)
    ws = [mpf(weight(x)) for x in xs]
    kept = weighty(xs, ws, mpf("1e-9"))
    xs, ws = [xs[i] for i in kept], [ws[i] for i in kept]
    fs = [f(x) for x in xs]
    check = list(zip(xs, fs, ws))
    rest, ideal = remez(xs, fs, ws, count)
    done = []
    while len(rest) > 1 and len(done) < careful:
        done.append(rounded(rest[0], precision))
        fs = [(y - done[-1]) / x for y, x in zip(fs, xs)]
        ws = [w * abs(x) for w, x in zip(ws, xs)]
        kept = weighty(xs, ws, mpf("1e-25"))
        xs, fs, ws = [xs[i] for i in kept], [fs[i] for i in kept], [ws[i] for i in kept]
        rest, _ = remez(xs, fs, ws, len(rest) - 1)
    done += [rounded(c, precision) for c in rest]
    return done, ideal, max(abs((y - horner(done, x)) * w) for x, y, w in check)


def rational(f, weight, low, high, counts, precision):
    """Numerator (counts[0] coefficients) and denominator (1 and counts[1] more) by iterated least squares."""
    top, bottom = counts
    size = top + bottom
    xs = grid(low, high, 10 * size + 11)
    fs = [f(x) for x in xs]
    ws = [mpf(weight(x)) for x in xs]
    below, emphasis, best = [mpf(1)] * len(xs), [mpf(1)] * len(xs), None
    for step in range(18):
        normal, right = mp.matrix(size, size), mp.matrix(size, 1)
        for x, y, w, q, l in zip(xs, fs, ws, below, emphasis):
            s = w / q * mp.sqrt(l)
            row = [s * x**j for j in range(top)] + [-s * y * x**j for j in range(1, bottom + 1)]
            for i in range(size):
                right[i] += row[i] * s * y
                for j in range(size):
                    normal[i, j] += row[i] * row[j]
        solution = mp.lu_solve(normal, right)
        p, q = list(solution[:top]), [mpf(1)] + list(solution[top:])
        below = [horner(q, x) for x in xs]
        errors = [abs((y - horner(p, x) / b) * w) for x, y, w, b in zip(xs, fs, ws, below)]
        worst = max(errors)
        if min(below) > 0 and (best is None or worst < best[2]):
            best = p, q, worst
        if step >= 9:  # the fit has settled: weigh the points by their errors to level them
            emphasis = [l * e / worst for l, e in zip(emphasis, errors)]
            mean = sum(emphasis) / len(emphasis)
            emphasis = [l / mean for l in emphasis]
    p, q = ([rounded(c, precision) for c in side] for side in best[:2])
    error = max(abs((y - horner(p, x) / horner(q, x)) * w) for x, y, w in zip(xs, fs, ws))
    return (p, q), best[2], error


# The functions to fit. Near 0 the definitions cancel, so there the first terms of the series stand in.
TINY = mpf("1e-12")
LN2, ROOT2, ROOT_PI = mp.log(2), mp.sqrt(2), mp.sqrt(mp.pi)


def exp_quadratic(r):
    return (mp.expm1(r) - r) / r**2 if abs(r) > TINY else mpf(1) / 2 + r / 6


def log_cubic(z):
    s = mp.sqrt(z)
    return ((mp.log1p(s) - mp.log1p(-s)) / s - 2) / z if z > TINY else mpf(2) / 3 + 2 * z / 5


def tanh_cubic(z):
    x = mp.sqrt(z)
    return (mp.tanh(x) / x - 1) / z if z > TINY else -mpf(1) / 3 + 2 * z / 15


def atan_cubic(z):
    x = mp.sqrt(z)
    return (mp.atan(x) / x - 1) / z if z > TINY else -mpf(1) / 3 + z / 5


def sin_cubic(z):
    x = mp.sqrt(z)
    return (mp.sin(x) / x - 1) / z if z > TINY else -mpf(1) / 6 + z / 120


def cos_quartic(z):
    return (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2 if z > TINY else mpf(1) / 24 - z / 720


def eighth_turn(z):
    y = mp.sqrt(z)
    return mp.sin(mp.pi * y / 4) / y if z > TINY else mp.pi / 4 * (1 - mp.pi**2 / 96 * z)


def erf_linear(z):
    x = mp.sqrt(z)
    return mp.erf(x) / x - 1 if z > TINY else 2 / ROOT_PI * (1 - z / 3) - 1


def ndtr_linear(z):
    x = mp.sqrt(z)
    return mp.erf(x / ROOT2) / 2 / x if z > TINY else (1 - z / 6) / mp.sqrt(2 * mp.pi)


def erfcx(x):
    if x < 10000:
        return mp.exp(x * x) * mp.erfc(x)
    z = 1 / (2 * x * x)
    return (1 - z + 3 * z**2 - 15 * z**3 + 105 * z**4 - 945 * z**5) / (x * ROOT_PI)


def mills(x):
    return erfcx(x / ROOT2) / 2


def tail(f, shift, pole, limit):
    """(x + shift) f(x) by t = (x - pole) / (x + pole), and `limit` at infinity."""
    pole, shift = mpf(pole), mpf(shift)

    def g(t):
        if t > 1 - mpf("1e-40"):
            return limit
        x = pole * (1 + t) / (1 - t)
        return (x + shift) * f(x)

    return g


def tail_fit(f, shift, limit, start, pole, count, precision):
    g = tail(f, shift, pole, limit)
    t = (mpf(start) - mpf(pole)) / (mpf(start) + mpf(pole))
    return polynomial(g, lambda t: 1 / g(t), t, 1, count, precision, 3)


def quantile_centre(v):
    """(z / q - √(2π)) / q², where z is the quantile of 1/2 + q and v = 0.180625 - q²."""
    q2 = mpf("0.180625") - v
    return (quantile_ratio(q2) - mp.sqrt(2 * mp.pi)) / q2


def quantile_ratio(q2):
    q = mp.sqrt(q2)
    return ROOT2 * mp.erfinv(2 * q) / q


def upper_quantile(log_p):
    """z > 0 with upper tail e^log_p, by Newton's method on the logarithm."""
    z = mp.sqrt(-2 * log_p - mp.log(-4 * mp.pi * log_p)) if log_p < -3 else mpf(1.5)
    for _ in range(60):
        p = mp.erfc(z / ROOT2) / 2
        step = (mp.log(p) - log_p) * p * mp.sqrt(2 * mp.pi) * mp.exp(z * z / 2)
        z += step
        if abs(step) < z * mpf(2) ** -150:
            break
    return z


def quantile_tail(start):
    """z - (r - 3/4) for the upper tail p, where r = sqrt(-2 log p) = start + x."""
    start = mpf(start)
    return lambda x: upper_quantile(-((start + x) ** 2) / 2) - (start + x - mpf("0.75"))


def quantile_tail_fit(start, end, counts, precision):
    f, start = quantile_tail(start), mpf(start)
    return rational(f, lambda x: 1 / (f(x) + start + x - mpf("0.75")), 0, mpf(end) - start, counts, precision)


def quantile_centre_fit(counts, precision):
    square = lambda v: mpf("0.180625") - v
    weight = lambda v: square(v) / quantile_ratio(square(v))
    return rational(quantile_centre, weight, 0, mpf("0.180624"), counts, precision)


def lgamma_linear(y):
    """lgamma(2 + y) / y."""
    return mp.loggamma(2 + y) / y if abs(y) > TINY else mp.psi(0, 2) + y * mp.psi(1, 2) / 2


def stirling(u):
    """x times what Stirling's formula leaves of lgamma(x), in u = 1 / x²; DLMF 5.11.1."""
    if u < mpf("1e-14"):
        return mpf(1) / 12 - u / 360 + u**2 / 1260
    x = 1 / mp.sqrt(u)
    return x * (mp.loggamma(x) - (x - mpf(1) / 2) * mp.log(x) + x - mp.log(2 * mp.pi) / 2)


def from_one(f):
    """f for all x >= 1, where it goes to 1/12, as a function of v = 7/16 - (13/8) / (x + 13/16)."""

    def g(v):
        inverse = (mpf(7) / 16 - v) * 8 / 13
        return f(1 / inverse - mpf(13) / 16) if inverse > mpf("1e-12") else mpf(1) / 12

    return lambda p, n: relative(g, mpf(7) / 16 - mpf(26) / 29, mpf(7) / 16, n, p)


def digamma_slope(v):
    """digamma(3/2 + v) over the distance from its root."""
    x = v + mpf(3) / 2
    d = x - DIGAMMA_ROOT
    return mp.psi(0, x) / d if abs(d) > TINY else mp.psi(1, DIGAMMA_ROOT) + d * mp.psi(2, DIGAMMA_ROOT) / 2


def digamma_tail(u):
    """(log(x) - 1 / (2x) - digamma(x)) x² in u = 1 / x²; DLMF 5.11.2."""
    if u < mpf("1e-14"):
        return mpf(1) / 12 - u / 120 + u**2 / 252
    x = 1 / mp.sqrt(u)
    return (mp.log(x) - 1 / (2 * x) - mp.psi(0, x)) / u


def trigamma_tail(u):
    """(trigamma(x) - 1 / x - 1 / (2 x²)) x³ in u = 1 / x²; DLMF 5.15.8."""
    if u < mpf("1e-14"):
        return mpf(1) / 6 - u / 30 + u**2 / 42
    x = 1 / mp.sqrt(u)
    return (mp.psi(1, x) - 1 / x - u / 2) / u * x


def scaled_bessel(order, x):
    """e^-x I(x); for large x by its asymptotic series, DLMF 10.40.1."""
    if x < 1000:
        return mp.besseli(order, x) * mp.exp(-x)
    term, total = mpf(1), mpf(1)
    for k in range(1, 15):
        term *= -(4 * order**2 - (2 * k - 1) ** 2) / (8 * k * x)
        total += term
    return total / mp.sqrt(2 * mp.pi * x)


def bessel_near(order):
    """(I(x) (2 / x)^order - 1) / a in a = x² / 4."""
    return lambda a: (mp.besseli(order, 2 * mp.sqrt(a)) / mp.sqrt(a) ** order - 1) / a


def bessel_far(f, start):
    """f of x = 2 start / (1 + t) from the start on."""
    return lambda p, n: relative(lambda t: f(2 * start[p] / max(1 + t, mpf("1e-25"))), -1, 1, n, p)


def bessel_deficit(x):
    """(1 - I1(x) / I0(x)) x: the two scaled functions cancel."""
    with mp.workdps(60 + int(mp.log10(x + 1))):
        return x * (1 - scaled_bessel(1, x) / scaled_bessel(0, x))


def lambert_ratio(v):
    """W(x) / x = e^-W(x) in v = √(2 (e x + 1)) - 3/2."""
    p = v + mpf(3) / 2
    return mp.exp(-mp.lambertw((p * p / 2 - 1) / mp.e).real) if p > mpf("1e-10") else mp.exp(1 - p)


def lambert_start(t):
    """W(x) / (log(x) + 2) in t = (log(x) - 8) / (log(x) + 8)."""
    logarithm = 8 * (1 + t) / (1 - t)
    return mp.lambertw(mp.exp(logarithm)).real / (logarithm + 2)


def lambert_start_fit(p, n):
    places = (mpf("0.25"), LARGEST_LOG[p])
    return relative(lambert_start, *((x - 8) / (x + 8) for x in places), n, p)


def legendre(n, reach, precision):
    """Positive nodes and weights of Gauss and Legendre's rule of n points, with its error for the integral in Owen's T."""
    nodes, weights = [], []
    for i in range(n // 2):
        x = mp.cos(mp.pi * (i + mpf(3) / 4) / (n + mpf(1) / 2))  # Abramowitz and Stegun 22.16.6
        for _ in range(8):
            slope = n * (x * mp.legendre(n, x) - mp.legendre(n - 1, x)) / (x * x - 1)
            x -= mp.legendre(n, x) / slope
        nodes.append(x)
        weights.append(2 / ((1 - x * x) * slope**2))
    f = lambda x: mp.exp(-((reach * x) ** 2) / 2) / (1 + x * x)
    exact = mp.quad(f, [mpf(i) / 8 for i in range(9)])

    def error(nodes, weights):
        pairs = [((1 + s * x) / 2, w / 2) for x, w in zip(nodes, weights) for s in (-1, 1)]
        return abs(sum(w * f(x) for x, w in pairs) / exact - 1)

    short = tuple([rounded(x, precision) for x in xs] for xs in (nodes, weights))
    return short, error(nodes, weights), error(*short)


def atanh_cubic(z):
    """(atanh(s) / s - 1) / s² in z = s²."""
    s = mp.sqrt(z)
    return (mp.atanh(s) / s - 1) / z if z > mpf("1e-12") else mpf(1) / 3 + z / 5


def lgamma_slope(x):
    """lgamma(1 + x) / x."""
    return mp.loggamma(1 + x) / x if x > mpf("1e-20") else -mp.euler


def sin_pi(z):
    """sin(πr) / (πr) in z = r²."""
    angle = mp.pi * mp.sqrt(z)
    return mp.sin(angle) / angle if z > TINY else 1 - mp.pi**2 * z / 6


def cot_pi(z):
    """(1 / r - π cot(πr)) / r in z = r²."""
    r = mp.sqrt(z)
    return (1 / r - mp.pi * mp.cot(mp.pi * r)) / r if z > mpf("1e-20") else mp.pi**2 / 3 + mp.pi**4 / 45 * z


def csc_square_pi(z):
    """π² / sin²(πr) - 1 / r² in z = r²."""
    angle = mp.pi * mp.sqrt(z)
    return mp.pi**2 / mp.sin(angle) ** 2 - 1 / z if z > mpf("1e-20") else mp.pi**2 / 3 + mp.pi**4 / 15 * z


DIGAMMA_ROOT = mp.findroot(lambda x: mp.psi(0, x), 1.4616)


def relative(f, low, high, count, precision, careful=99):
    return polynomial(f, lambda x: 1 / f(x), low, high, count, precision, careful)


ONE = lambda x: mpf(1)
SAME = lambda x: abs(x)
HALF, NEAR_ZERO = mpf(1) / 2, mpf("1e-9")
R = LN2 / 2 * mpf("1.01")
LOG_Z = mpf("0.02947")  # ((√2 - 1) / (√2 + 1))² and a little
ANGLE = {SINGLE: mpf("0.84"), DOUBLE: mp.pi / 4 * mpf("1.001")}  # π/4 and what rounding the quotient adds
FAR = {SINGLE: 4, DOUBLE: 6}  # erf rounds to 1 from here on
# Poles near the ones of fastest convergence, at which the leading coefficient happens to lie very near a float.
ERFCX_POLE = {SINGLE: "3.2265625", DOUBLE: "3.31640625"}
MILLS_POLE = {SINGLE: "3.947265625", DOUBLE: "4.98046875"}

LARGEST_LOG = {SINGLE: 89, DOUBLE: 710}
BESSEL_START, DEFICIT_START = {SINGLE: 8, DOUBLE: 8}, {SINGLE: 4, DOUBLE: 8}

TABLES = {
    "exp": lambda p, n: polynomial(exp_quadratic, lambda r: r * r / mp.exp(r), -R, R, n, p, 99),
    "expm1": lambda p, n: polynomial(exp_quadratic, SAME, -R, R, n, p, 99),
    "log": lambda p, n: polynomial(log_cubic, lambda z: z / 2, 0, LOG_Z, n, p, 99),
    "log wide": lambda p, n: polynomial(log_cubic, lambda z: z / 2, 0, mpf("0.0401"), n, p, 99),
    "tanh": lambda p, n: polynomial(tanh_cubic, SAME, 0, mpf("0.64"), n, p, 99),
    "atan": lambda p, n: polynomial(atan_cubic, SAME, 0, mpf(7) / 16 * mpf(7) / 16, n, p, 99),
    "sin": lambda p, n: polynomial(sin_cubic, SAME, 0, ANGLE[p] ** 2, n, p, 99),
    "cos": lambda p, n: polynomial(cos_quartic, lambda z: z * z, 0, ANGLE[p] ** 2, n, p, 99),
    "radius": lambda p, n: polynomial(lambda z: 2 * log_cubic(z), lambda z: z / 4, 0, mpf("0.11112"), n, p, 99),
    "eighth turn": lambda p, n: polynomial(eighth_turn, lambda z: 1 / eighth_turn(z), mpf("1e-6"), 1, n, p, 99),
    "erf": lambda p, n: polynomial(erf_linear, ONE, mpf("1e-6"), 1, n, p, 99),
    "erf far": lambda p, n: polynomial(lambda x: mp.log(mp.erfc(x)), mp.erfc, 1, FAR[p], n, p, 99),
    "erfcx": lambda p, n: tail_fit(erfcx, "0.5", 1 / ROOT_PI, "0.5", ERFCX_POLE[p], n, p),
    "mills": lambda p, n: tail_fit(mills, "0.75", 1 / mp.sqrt(2 * mp.pi), "0.7", MILLS_POLE[p], n, p),
    "ndtr": lambda p, n: polynomial(ndtr_linear, ONE, mpf("1e-7"), mpf("0.5"), n, p, 3),
    "quantile centre": lambda p, n: quantile_centre_fit(n, p),
    "quantile near tail": lambda p, n: quantile_tail_fit("2.25", {SINGLE: "14.5", DOUBLE: "7.1"}[p], n, p),
    "quantile far tail": lambda p, n: quantile_tail_fit("7", "38.7", n, p),
    "lgamma": lambda p, n: relative(lgamma_linear, mpf("-0.6"), HALF, n, p),
    "stirling": lambda p, n: polynomial(stirling, mp.sqrt, NEAR_ZERO, 1 / mpf("6.25"), n, p, 99),
    "digamma": lambda p, n: relative(digamma_slope, -HALF, HALF, n, p),
    "digamma tail": lambda p, n: polynomial(digamma_tail, lambda u: u / mpf("0.42"), NEAR_ZERO, HALF**2, n, p, 99),
    "trigamma": lambda p, n: relative(lambda v: mp.psi(1, mpf(3) / 2 + v), -HALF, HALF, n, p),
    "trigamma tail": lambda p, n: polynomial(trigamma_tail, SAME, NEAR_ZERO, HALF**2, n, p, 99),
    "stirling from 1": from_one(lambda x: stirling(1 / x**2)),
    "digamma from 1": from_one(lambda x: digamma_tail(1 / x**2)),
    "i0": lambda p, n: relative(bessel_near(0), NEAR_ZERO, 16, n, p),
    "i1": lambda p, n: relative(bessel_near(1), NEAR_ZERO, 16, n, p),
    "i0 far": bessel_far(lambda x: mp.sqrt(x) * scaled_bessel(0, x), BESSEL_START),
    "i1 far": bessel_far(lambda x: mp.sqrt(x) * scaled_bessel(1, x), BESSEL_START),
    "bessel deficit": lambda p, n: relative(lambda x: mp.hyp1f1(HALF, 2, 2 * x), NEAR_ZERO, 4, n, p),
    "bessel deficit from 4": lambda p, n: relative(lambda x: mp.hyp1f1(HALF, 2, 2 * x + 8), NEAR_ZERO, 4, n, p),
    "bessel deficit far": bessel_far(bessel_deficit, DEFICIT_START),
    "lambert": lambda p, n: relative(lambert_ratio, -mpf(3) / 2, mpf(3) / 2, n, p),
    "lambert start": lambert_start_fit,
    "legendre": lambda p, n: legendre(n, {SINGLE: 6, DOUBLE: 9}[p], p),
    "atanh": lambda p, n: polynomial(atanh_cubic, mp.sqrt, NEAR_ZERO, HALF**2, n, p, 99),
    "lgamma slope": lambda p, n: rational(lgamma_slope, ONE, 0, mpf("2.5"), n, p),
    "sin pi": lambda p, n: relative(sin_pi, NEAR_ZERO, HALF**2, n, p),
    "cot pi": lambda p, n: relative(cot_pi, NEAR_ZERO, HALF**2, n, p),
    "csc square pi": lambda p, n: relative(csc_square_pi, NEAR_ZERO, HALF**2, n, p),
}

# Coefficients in float32 and float64; for rational functions those above and those below, less the leading 1.
COUNTS = {
    "exp": (5, 10),
    "expm1": (6, 11),
    "log": (3, 7),
    "log wide": (3, 8),
    "tanh": (6, 13),
    "atan": (5, 11),
    "sin": (3, 6),
    "cos": (3, 6),
    "radius": (3, 9),
    "eighth turn": (4, 7),
    "erf": (7, 13),
    "erf far": (7, 20),
    "erfcx": (11, 24),
    "mills": (12, 23),
    "ndtr": (5, 9),
    "quantile centre": ((4, 4), (8, 7)),
    "quantile near tail": ((5, 4), (8, 7)),
    "quantile far tail": (None, (8, 7)),
    "lgamma": (10, 19),
    "stirling": (4, 12),
    "digamma": (11, 22),
    "digamma tail": (5, 16),
    "trigamma": (12, 24),
    "trigamma tail": (5, 17),
    "stirling from 1": (9, 19),
    "digamma from 1": (9, 21),
    "i0": (10, 15),
    "i1": (10, 15),
    "i0 far": (7, 25),
    "i1 far": (7, 25),
    "bessel deficit": (16, 24),
    "bessel deficit from 4": (None, 25),
    "bessel deficit far": (14, 28),
    "lambert": (15, 32),
    "lambert start": (6, 11),
    "legendre": (12, 24),
    "atanh": (6, 13),
    "lgamma slope": ((4, 4), (9, 8)),
    "sin pi": (6, 9),
    "cot pi": (8, 15),
    "csc square pi": (9, 16),
}


def main(names):
    for name in names or TABLES:
        for precision, count in zip((SINGLE, DOUBLE), COUNTS[name]):
            if count is None:
                continue
            coefficients, ideal, error = TABLES[name](precision, count)
            bits = [float(mp.log(e, 2)) for e in (ideal, error)]
            print(f"// {name}, {precision}: error 2^{bits[0]:.1f}, rounded 2^{bits[1]:.1f}")
            sides = coefficients if isinstance(coefficients, tuple) else (coefficients,)
            for side in sides:
                print(f"[{', '.join(repr(float(c)) for c in side)}],", flush=True)


main(sys.argv[1:])

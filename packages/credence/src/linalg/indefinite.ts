import { fail } from "../errors.js";
import { showShape, stridesOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";

/** Where a factorisation stopped: what is left of the diagonal at `row` of the matrix that begins at `start`. */
interface BadPivot {
  readonly start: number;
  readonly row: number;
  readonly pivot: number;
}

/** The first pivot that is not a finite number > 0, if there is one. */
function badPivot(matrix: Tensor, factor: Tensor): BadPivot | undefined {
  const n = matrix.shape[matrix.rank - 1] as number;
  const [a, l] = [matrix.data(), factor.data() as Float64Array];
  for (let start = 0; start < l.length; start += n * n) {
    for (let row = 0; row < n; row++) {
      const at = start + row * n;
      if (l[at + row]! > 0) continue;
      const explained = l.subarray(at, at + row).reduce((sum, x) => sum + x * x, 0);
      return { start, row, pivot: a[at + row]! - explained };
    }
  }
  return undefined;
}

/**
 * Refuses matrices without a Cholesky factor.
 *
 * @param what    such as "MultivariateNormal: covarianceMatrix"
 * @param factor  holds NaN on the diagonal where the factorisation stopped
 * @throws CredenceError `domain`, with the pivot at which it stopped
 */
export function refuseIndefinite(what: string, matrix: Tensor, factor: Tensor): void {
  const bad = badPivot(matrix, factor);
  if (bad === undefined) return;
  const { shape, rank, dtype } = matrix;
  const outer = shape.slice(0, -2);
  const place = stridesOf(outer).map((s, axis) => Math.floor(bad.start / (shape[rank - 1]! ** 2 * s)) % outer[axis]!);
  const where = outer.length === 0 ? "" : ` at index ${showShape(place)}`;
  const jitter = dtype === "float32" ? "1e-6" : "1e-12";
  fail({
    code: "domain",
    given: `${what} of shape ${showShape(shape)}${where} is not positive definite: the leading minor of order ${bad.row + 1} has the pivot ${bad.pivot}`,
    allowed: "symmetric matrices whose pivots are all > 0",
    mend: `add a little to the diagonal, such as ${jitter} times its greatest number${dtype === "float32" ? "; or compute in float64" : ""}`,
  });
}

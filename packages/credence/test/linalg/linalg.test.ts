import { compile, grad, linalg, scan, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import type { FloatType } from "../../src/graph/dtype.js";
import { fromData } from "../../src/graph/literal.js";
import { sizeOf } from "../../src/graph/shape.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { expectGradient, expectSecondGradient } from "../support/finiteDifference.js";
import { numbersOf } from "../support/numbers.js";
import { refusal } from "../support/refused.js";

const random = (shape: readonly number[], dtype: FloatType = "float64", seed = 1): Tensor =>
  fromData(numbersOf(dtype, sizeOf(shape), seed, 0), shape, dtype);

const turned = (x: Tensor): Tensor => x.transpose([...x.shape.slice(2).map((_, i) => i), x.rank - 1, x.rank - 2]);

/** G Gᵀ + n: positive definite. */
function definite(shape: readonly number[], dtype: FloatType = "float64"): Tensor {
  const n = shape[shape.length - 1]!;
  const g = random(shape, dtype);
  return g.matmul(turned(g)).add(linalg.diagonalMatrix(tensor(new Float64Array(n).fill(n)).cast(dtype)));
}

/** A lower triangular matrix with a diagonal away from 0. */
const lower = (shape: readonly number[], dtype: FloatType = "float64"): Tensor =>
  linalg.tril(random(shape, dtype, 3)).add(
    linalg.diagonalMatrix(
      random(shape.slice(0, -1), dtype, 4)
        .abs()
        .add(shape[shape.length - 1]!),
    ),
  );

const greatest = (x: Tensor): number => x.abs().max().item();

describe("cholesky", () => {
  test("of a matrix whose factor is known", () => {
    // Golub and Van Loan, section 4.2.3
    const factor = linalg.cholesky([
      [2, -2],
      [-2, 5],
    ]);
    expectSameBits(factor.data(), [Math.SQRT2, 0, -2 / Math.SQRT2, Math.sqrt(5 - (2 / Math.SQRT2) ** 2)]);
  });

  test.each([[[1, 1]], [[5, 5]], [[2, 3, 3]], [[2, 1, 4, 4]], [[64, 64]], [[0, 3, 3]], [[2, 0, 0]]])(
    "of shape %j gives the matrix back, with the interpreter's bits",
    (shape) => {
      for (const dtype of ["float64", "float32"] as const) {
        const a = definite(shape, dtype);
        const factor = withEngine("interpreter", () => {
          const l = linalg.cholesky(a);
          l.data();
          return l;
        });
        expect(factor.dtype).toBe(dtype);
        expectSameBits(compile(linalg.cholesky)(a).data(), factor.data(), dtype);
        if (a.size === 0) continue;
        // Higham, Accuracy and Stability (2002), theorem 10.3: |A - L Lᵀ| <= (n + 1) u times a diagonal entry
        const u = dtype === "float32" ? 2 ** -24 : 2 ** -53;
        const n = shape[shape.length - 1]!;
        const error = greatest(
          factor
            .cast("float64")
            .matmul(turned(factor.cast("float64")))
            .sub(a),
        );
        expect(error).toBeLessThan(2 * (n + 1) * u * greatest(a));
      }
    },
  );

  test("compiled, is NaN from the pivot on that is not > 0, and never plausible", () => {
    const compiled = compile(linalg.cholesky);
    const found = [
      [
        [1, 2, 0],
        [2, 4, 0],
        [0, 0, 1],
      ],
      [
        [1, 2, 0],
        [2, 1, 0],
        [0, 0, 1],
      ],
      [
        [1, 0, 0],
        [0, Number.POSITIVE_INFINITY, 0],
        [0, 0, 1],
      ],
    ].map((a) => linalg.diagonal(compiled(tensor(a))).toArray());
    for (const diagonal of found) expect(diagonal).toEqual([1, Number.NaN, expect.any(Number)]);
  });

  test("an indefinite matrix is refused with its place, pivot and mend", () => {
    const bad = [
      [1, 2],
      [2, 3.5],
    ];
    const batch = tensor([
      [
        [
          [1, 0],
          [0, 1],
        ],
        bad,
      ],
    ] as number[][][][]).cast("float32");
    expect(refusal(() => linalg.cholesky(batch))).toMatchInlineSnapshot(`
      "cholesky: a matrix of shape [1, 2, 2, 2] at index [0, 1] is not positive definite: the leading minor of order 2 has the pivot -0.5.
        allowed: symmetric matrices whose pivots are all > 0
        mend:    add a little to the diagonal, such as 1e-6 times its greatest number; or compute in float64"
    `);
    expect(refusal(() => linalg.cholesky(bad))).toMatchInlineSnapshot(`
      "cholesky: a matrix of shape [2, 2] is not positive definite: the leading minor of order 2 has the pivot -0.5.
        allowed: symmetric matrices whose pivots are all > 0
        mend:    add a little to the diagonal, such as 1e-12 times its greatest number"
    `);
  });

  test("gradients, first and second, are symmetric and right", () => {
    const a = definite([2, 3, 3]);
    expectGradient(([x]) => linalg.cholesky(x!), [a]);
    expectSecondGradient(([x]) => linalg.cholesky(x!), [definite([2, 2])]);
    const g = grad((x: Tensor) =>
      linalg
        .cholesky(x)
        .mul(random([2, 3, 3], "float64", 9))
        .sum(),
    )(a);
    expectSameBits(g.data(), turned(g).data());
  });

  test("the gradient of log det A is its inverse", () => {
    const a = definite([4, 4]);
    const found = grad((x: Tensor) => linalg.choleskyLogDeterminant(linalg.cholesky(x)))(a);
    const identity = linalg.diagonalMatrix([1, 1, 1, 1]);
    expect(greatest(found.matmul(a).sub(identity))).toBeLessThan(1e-14);
  });
});

describe("triangularSolve", () => {
  const forms = [true, false].flatMap((low) => [true, false].map((transposed) => ({ lower: low, transposed })));

  test.each(forms)("%o, with the interpreter's bits on each engine", (form) => {
    for (const [n, m, batch] of [
      [1, 1, []],
      [3, 1, [2]],
      [4, 7, []],
      [17, 6, [3]],
      [2, 9, [2, 2]],
      [3, 0, []],
    ] as const) {
      for (const dtype of ["float64", "float32"] as const) {
        const l = lower([...batch, n, n], dtype);
        const t = form.lower ? l : turned(l);
        // what lies in the other triangle must not matter
        const noisy = t.add((form.lower ? linalg.triu : linalg.tril)(random(t.shape, dtype, 8)).mul(t.eq(0)));
        const b = random([...batch, n, m], dtype, 6);
        const x = withEngine("interpreter", () => {
          const solution = linalg.triangularSolve(noisy, b, form);
          solution.data();
          return solution;
        });
        const compiled = compile((p: Tensor, q: Tensor) => linalg.triangularSolve(p, q, form));
        expectSameBits(compiled(noisy, b).data(), x.data(), `${dtype} ${n} ${m}`);
        if (m === 0) continue;
        // Higham, theorem 8.5: the residual is within n u of |T| |x|, term by term
        const u = dtype === "float32" ? 2 ** -24 : 2 ** -53;
        const wide = (form.transposed ? turned(t) : t).cast("float64");
        const residual = wide.matmul(x.cast("float64")).sub(b).abs();
        const bound = wide
          .abs()
          .matmul(x.cast("float64").abs())
          .mul((n + 1) * u * 1.1);
        expect(greatest(residual.sub(bound).maximum(0))).toBe(0);
      }
    }
  });

  test.each(forms)("%o has gradients of gradients", (form) => {
    const l = lower([2, 3, 3]);
    const t = form.lower ? l : turned(l);
    const b = random([2, 3, 2], "float64", 5);
    const solve = ([p, q]: Tensor[]): Tensor => linalg.triangularSolve(p!, q!, form);
    expectGradient(solve, [t, b]);
    expectSecondGradient(solve, [t.slice(0, 0, 1), b.slice(0, 0, 1)]);
  });

  test("leading axes broadcast, and gradients are summed back", () => {
    expectGradient(([p, q]) => linalg.triangularSolve(p!, q!), [lower([3, 3]), random([2, 3, 1])]);
    expectGradient(([p, q]) => linalg.choleskySolve(p!, q!), [lower([2, 1, 2, 2]), random([3, 2, 1])]);
  });

  test("shapes that are no system are refused", () => {
    expect(() => linalg.triangularSolve(random([3, 2]), random([3, 1]))).toThrow(/\[\.\.\., n, n\]/);
    expect(() => linalg.triangularSolve(random([3, 3]), random([3]))).toThrow(/expandDims/);
    expect(() => linalg.cholesky(random([3]))).toThrow(/\[\.\.\., n, n\]/);
    expect(() => linalg.diagonalMatrix(3)).toThrow(/scalar/);
  });
});

test("a system is solved by the factor of its matrix", () => {
  const [a, b] = [definite([2, 5, 5]), random([2, 5, 3])];
  const x = linalg.choleskySolve(linalg.cholesky(a), b);
  expect(greatest(a.matmul(x).sub(b))).toBeLessThan(1e-14);
});

test("steps of a scan may factor and solve", () => {
  const [matrices, b] = [definite([4, 3, 3]), random([3, 1])];
  const steps = (a: Tensor, start: Tensor): Tensor =>
    scan(
      (x, m: Tensor) => {
        const next = linalg.choleskySolve(linalg.cholesky(m), x);
        return [next, next];
      },
      start,
      a,
    )[1] as Tensor;
  const expected = withEngine("interpreter", () => [...steps(matrices, b).data()]);
  expectSameBits(compile(steps)(matrices, b).data(), expected);
  expectGradient(([a, x]) => steps(a!, x!), [matrices, b]);
});

test("parts of a matrix", () => {
  const x = tensor([
    [1, 2],
    [3, 4],
  ]);
  expect(linalg.tril(x).toArray()).toEqual([
    [1, 0],
    [3, 4],
  ]);
  expect(linalg.triu(x).toArray()).toEqual([
    [1, 2],
    [0, 4],
  ]);
  expect(linalg.diagonal(x).toArray()).toEqual([1, 4]);
  expect(linalg.diagonalMatrix([[1], [2]]).toArray()).toEqual([[[1]], [[2]]]);
  for (const part of [linalg.tril, linalg.triu, linalg.diagonal]) expectGradient(([t]) => part(t!), [x]);
});

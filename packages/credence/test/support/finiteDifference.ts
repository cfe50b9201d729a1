import { grad, type Tensor, tensor } from "credence";
import { expect } from "vitest";
import { fromData } from "../../src/graph/literal.js";
import { generator } from "./numbers.js";

type Fn = (inputs: Tensor[]) => Tensor;

/**
 * The step balances the two errors of a central difference in float64: h² f''' / 6 from above, 2^-53 |f| / h from the rounding of f.
 * Both are near 1e-10 for functions and third derivatives of the order of 1.
 */
const STEP = 6e-6;
/** Room for third derivatives and values of some hundreds. */
const TOLERANCE = 1e-7;

/** Fixed weights of no symmetry, so that no wrong gradient hides in a sum. */
export function weightsLike(t: Tensor, seed = 1): Tensor {
  const next = generator(seed);
  return fromData(
    Float64Array.from({ length: t.size }, () => 0.5 + next() / 2 ** 32),
    t.shape,
    "float64",
  );
}

/** Checks the gradient of the weighted sum of `fn` with respect to all its inputs. */
export function expectGradient(fn: Fn, inputs: readonly Tensor[]): void {
  const scalar: Fn = (xs) => {
    const y = fn(xs);
    return y.mul(weightsLike(y)).sum();
  };
  const exact = grad(scalar)([...inputs]);
  inputs.forEach((input, k) => {
    const values = input.data();
    const found = exact[k]!.data();
    expect(exact[k]!.shape).toEqual(input.shape);
    values.forEach((x, i) => {
      const h = STEP * Math.max(1, Math.abs(x));
      const at = (value: number): number => {
        const moved = Float64Array.from(values);
        moved[i] = value;
        return scalar(inputs.map((t, j) => (j === k ? tensor(moved, { shape: t.shape }) : t))).item();
      };
      // divide by what the step became when it was rounded
      const slope = (at(x + h) - at(x - h)) / (x + h - (x - h));
      const error = Math.abs(found[i]! - slope);
      if (!(error <= TOLERANCE * Math.max(1, Math.abs(slope)))) {
        expect.fail(`gradient of input ${k} at ${i} (x = ${x}): ${found[i]} instead of ${slope}`);
      }
    });
  });
}

/** Checks the gradient of the gradient of Σ w y², where the square makes second derivatives of linear ops show. */
export function expectSecondGradient(fn: Fn, inputs: readonly Tensor[]): void {
  const first: Fn = (xs) => {
    const parts = grad((ts: Tensor[]) => {
      const y = fn(ts);
      return y.square().mul(weightsLike(y)).sum();
    })(xs);
    return parts.map((part, i) => part.mul(weightsLike(part, i + 2)).sum()).reduce((a, b) => a.add(b));
  };
  expectGradient(first, inputs);
}

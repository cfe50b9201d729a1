import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { type Constraint, choleskyFactor, each, real, symmetricParameter } from "./constraints.js";
import type { DistributionShape } from "./distribution.js";
import { check } from "./parameters.js";
import { givenOf, type MatrixForm, type ScaleMatrix, scaleMatrix } from "./scaleMatrix.js";

/** Laws of vectors whose density depends on the distance from `loc`, measured by a matrix of scales. */
export interface Elliptic {
  readonly shape: DistributionShape;
  readonly loc: Tensor;
  readonly scale: ScaleMatrix;
  /** Further parameters, each a number of the batch. */
  readonly others: Readonly<Record<string, Tensor>>;
}

export const vectors = each(real, 1);

/**
 * Checks the parameters of an elliptic law.
 *
 * @param forms   the names under which the matrix may be given, exactly one of them
 * @param others  constraints of further parameters
 */
export function elliptic<K extends string>(
  name: string,
  params: Readonly<Record<string, TensorLike | undefined>>,
  forms: Readonly<Record<K, MatrixForm>>,
  others: Readonly<Record<string, Constraint>> = {},
): Elliptic {
  const key = givenOf(name, params, Object.keys(forms) as K[]);
  const form = forms[key];
  const constraints = { ...others, loc: vectors, [key]: form === "factor" ? choleskyFactor : symmetricParameter };
  const tensors = Object.fromEntries(
    Object.keys(constraints).flatMap((k) => (params[k] === undefined ? [] : [[k, tensor(params[k])] as const])),
  );
  requireShapes(name, tensors, key);
  const checked: Record<string, Tensor> = check(name, tensors, constraints);
  const { loc, [key]: matrix, ...rest } = checked as { loc: Tensor; [other: string]: Tensor };
  const given = matrix as Tensor;
  const batch = broadcastShapes(name, [
    ...Object.values<Tensor>(rest).map((t) => t.shape),
    loc.shape.slice(0, -1),
    given.shape.slice(0, -2),
  ]);
  return {
    shape: {
      batch,
      event: given.shape.slice(-1),
      dtype: loc.dtype,
      parameters: checked,
      parameterAxes: { loc: 1, [key]: 2 },
    },
    loc,
    scale: scaleMatrix(`${name}: ${key}`, given, form),
    others: rest,
  };
}

/** @throws CredenceError `shape`: no vector, no square matrix, or one of another size */
function requireShapes(name: string, tensors: Readonly<Record<string, Tensor>>, key: string): void {
  const [loc, matrix] = [tensors.loc, tensors[key] as Tensor];
  const [rows, columns] = matrix.shape.slice(-2);
  if (loc === undefined) return; // `check` says so
  if (matrix.rank >= 2 && rows === columns && rows! > 0 && loc.rank >= 1 && loc.shape[loc.rank - 1] === rows) return;
  fail({
    code: "shape",
    given: `${name}: loc of shape ${showShape(loc.shape)} and ${key} of shape ${showShape(matrix.shape)}`,
    allowed: "[..., d] and [..., d, d]",
    mend: "repeat a scalar loc with tensor(0).broadcastTo([d])",
  });
}

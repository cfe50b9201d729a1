import type { Tensor } from "credence";
import type { DType } from "../../src/graph/dtype.js";
import { broadcastShapes } from "../../src/graph/shape.js";
import * as ops from "../../src/ops/index.js";
import { fit, type Step } from "./draw.js";

/** Steps of random graphs from ops, by what they take. */

export const unary =
  (op: (x: Tensor) => Tensor): Step =>
  (draw) =>
    op(draw.any());
export const binary =
  (op: (x: Tensor, y: Tensor) => Tensor): Step =>
  (draw) => {
    const x = draw.any();
    return op(x, fit(draw.any(), x.shape));
  };
export const ternary =
  (op: (x: Tensor, y: Tensor, z: Tensor) => Tensor): Step =>
  (draw) => {
    const x = draw.any();
    const y = fit(draw.any(), x.shape);
    return op(x, y, fit(draw.any(), broadcastShapes("z", [x.shape, y.shape])));
  };
export const quaternary =
  (op: (x: Tensor, y: Tensor, z: Tensor, w: Tensor) => Tensor): Step =>
  (draw) => {
    const [x, ...rest] = [draw.any(), draw.any(), draw.any(), draw.any()];
    let shape = x.shape;
    const fitted = rest.map((t) => {
      const one = fit(t, shape);
      shape = broadcastShapes("w", [shape, one.shape]);
      return one;
    }) as [Tensor, Tensor, Tensor];
    return op(x, ...fitted);
  };
/** For ops that take long to compile: one time in four, else a step that does not. */
export const seldom =
  (step: Step): Step =>
  (draw) =>
    draw.number(4) === 3 ? step(draw) : ops.neg(draw.any());
export const typed =
  (op: (x: Tensor, y: Tensor) => Tensor, dtype: DType): Step =>
  (draw) => {
    const x = draw.of(dtype);
    return op(x, fit(draw.of(dtype), x.shape));
  };
export const lastAxis =
  (op: (x: Tensor) => Tensor): Step =>
  (draw) => {
    const x = draw.ranked(draw.any(), 1);
    return x.shape[x.rank - 1] === 0 ? x : op(x);
  };
export const overAxes =
  (op: (x: Tensor, axes: number[], keepDims: boolean) => Tensor): Step =>
  (draw) => {
    const x = draw.any();
    return op(x, draw.axes(x.rank), draw.flag());
  };

import { fail } from "../errors.js";

/** Sizes of the axes, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

export const sizeOf = (shape: Shape): number => shape.reduce((a, b) => a * b, 1);
export const showShape = (shape: Shape): string => `[${shape.join(", ")}]`;
export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((n, i) => n === b[i]);

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let i = shape.length - 2; i >= 0; i--) strides[i] = (strides[i + 1] as number) * (shape[i + 1] as number);
  return strides;
}

/** NumPy's rule: align the trailing axes; sizes must be equal or 1. */
export function broadcastShapes(name: string, shapes: readonly Shape[]): Shape {
  const [first, ...rest] = shapes;
  let out: Shape = first ?? [];
  for (const shape of rest) {
    if (sameShape(out, shape)) continue;
    const rank = Math.max(out.length, shape.length);
    const merged: number[] = [];
    for (let i = 0; i < rank; i++) {
      const a = out[i - rank + out.length] ?? 1;
      const b = shape[i - rank + shape.length] ?? 1;
      if (a !== b && a !== 1 && b !== 1) {
        fail({
          code: "shape",
          given: `${name}: shapes ${shapes.map(showShape).join(" and ")} do not broadcast`,
          allowed: "trailing sizes that are equal, or 1",
          mend: "reshape one of them, or expand it with .expandDims(axis)",
        });
      }
      merged.push(a === 1 ? b : a);
    }
    out = merged;
  }
  return out;
}

/** Axis numbers counted from the front, sorted and checked; negative ones count from the back; undefined means all. */
export function normalizeAxes(name: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  const given =
    axes === undefined ? Array.from({ length: rank }, (_, i) => i) : typeof axes === "number" ? [axes] : axes;
  const out = given.map((axis) => normalizeAxis(name, axis, rank));
  if (new Set(out).size !== out.length) {
    fail({
      code: "axis",
      given: `${name}: axes [${given.join(", ")}] name one axis twice`,
      mend: "give each axis once",
    });
  }
  return out.sort((a, b) => a - b);
}

export function normalizeAxis(name: string, axis: number, rank: number): number {
  const out = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || out < 0 || out >= rank) {
    fail({
      code: "axis",
      given: `${name}: axis ${axis} of a tensor of rank ${rank}`,
      allowed: rank === 0 ? "a scalar has no axes" : `${-rank} to ${rank - 1}`,
    });
  }
  return out;
}

/** Refuses sizes and positions that are no numbers: a tensor's are not known while a function is traced. */
export function checkNumbers(name: string, values: readonly unknown[]): void {
  const stray = values.find((value) => typeof value !== "number");
  if (values.every((value) => typeof value === "number")) return;
  fail({
    code: "argument",
    given: `${name}: ${stray} is no number`,
    allowed: "numbers; shapes may not depend on tensors",
    mend: "take rows that a tensor names with .gather(rows), or elements with where()",
  });
}

/** Refuses what is not a list of whole sizes of at least 0. */
export function checkShape(name: string, shape: Shape): void {
  checkNumbers(name, shape);
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    fail({ code: "shape", given: `${name}: shape ${showShape(shape)}`, allowed: "whole numbers of at least 0" });
  }
}

import { type Shape, sameShape, sizeOf, stridesOf } from "../graph/shape.js";
import type { IrNode } from "./ir.js";

/** Where along one axis of a node a loop reads: `offset + Σ strides[d] · loop index d`. */
interface AxisMap {
  readonly strides: readonly number[];
  readonly offset: number;
}

/** The map of every axis of size 1, so that equal reads have equal maps. */
const UNIT: AxisMap = { strides: [], offset: 0 };

/** One `AxisMap` an axis: which element of a node meets which point of a loop nest. */
export type IndexMap = readonly AxisMap[];

/** A read or write of a buffer, in elements: `offset + Σ strides[d] · loop index d`. */
export interface Access {
  readonly node: IrNode;
  readonly strides: readonly number[];
  readonly offset: number;
  /** What each band of rows adds to the offset. */
  readonly step?: number;
}

/** The loop over `shape` itself. */
export function identityMap(shape: Shape): IndexMap {
  return shape.map((n, axis) => (n === 1 ? UNIT : { strides: shape.map((_, d) => (d === axis ? 1 : 0)), offset: 0 }));
}

/** Reads `node` through `map`, from a row-major buffer. */
export function accessOf(node: IrNode, map: IndexMap, loopRank: number): Access {
  const strides = new Array<number>(loopRank).fill(0);
  let offset = 0;
  stridesOf(node.shape).forEach((stride, axis) => {
    const { strides: steps, offset: start } = map[axis]!;
    offset += stride * start;
    steps.forEach((step, d) => {
      strides[d] = strides[d]! + stride * step;
    });
  });
  return { node, strides, offset };
}

/** Does the access visit a whole row-major buffer of the loop's shape in order? */
export function isIdentity({ node, strides, offset }: Access, loop: Shape): boolean {
  const own = stridesOf(loop);
  return offset === 0 && sizeOf(node.shape) === sizeOf(loop) && strides.every((s, d) => s === own[d] || loop[d] === 1);
}

/** The map of input number `i` of a movement or elementwise node that is read through `map`. */
export function mapOfInput(node: IrNode, input: IrNode, map: IndexMap): IndexMap {
  switch (node.what.kind) {
    case "transpose": {
      const out: AxisMap[] = [];
      (node.attrs.axes as readonly number[]).forEach((axis, i) => {
        out[axis] = map[i]!;
      });
      return out;
    }
    case "slice":
      return map.map(({ strides, offset }, i) => ({
        strides,
        offset: offset + (node.attrs.start as readonly number[])[i]!,
      }));
    case "reshape":
      return throughUnitAxes(node.shape, input.shape, map);
    default: {
      // elementwise, cast and expand: align trailing axes; an axis of size 1 is read at 0
      const lead = node.shape.length - input.shape.length;
      return input.shape.map((n, i) => (n === 1 ? UNIT : map[i + lead]!));
    }
  }
}

/** A reshape that only adds or drops axes of size 1. */
export function isUnitReshape(from: Shape, to: Shape): boolean {
  return sameShape(
    from.filter((n) => n !== 1),
    to.filter((n) => n !== 1),
  );
}

function throughUnitAxes(outer: Shape, inner: Shape, map: IndexMap): IndexMap {
  const kept = map.filter((_, i) => outer[i] !== 1);
  let next = 0;
  return inner.map((n) => (n === 1 ? UNIT : kept[next++]!));
}

/** Joins neighbouring loops that every access crosses in one stride; answers the new sizes and strides. */
export function collapse(
  sizes: readonly number[],
  accesses: readonly Access[],
): { sizes: number[]; accesses: Access[] } {
  const keep: { size: number; from: number }[] = [];
  for (let d = 0; d < sizes.length; d++) {
    const size = sizes[d]!;
    if (size === 1) continue;
    const last = keep[keep.length - 1];
    if (last && accesses.every((a) => a.strides[last.from]! === a.strides[d]! * size)) {
      last.size *= size;
      last.from = d;
    } else keep.push({ size, from: d });
  }
  return {
    sizes: keep.map((k) => k.size),
    accesses: accesses.map((a) => ({ ...a, strides: keep.map((k) => a.strides[k.from]!) })),
  };
}

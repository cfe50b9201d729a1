import type { DType } from "../graph/dtype.js";
import type { ElementwiseRecord } from "../graph/record.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { pullDiv, pullMul } from "./adjoint.js";
import { elementwise, node, unify } from "./op.js";
import { where } from "./where.js";

/** x + y. @shape broadcast(x, y) */
export const add = elementwise("add", {
  inputs: ["x", "y"],
  operands: "number",
  lower: (m, { x, y }) => m.add(x, y),
  grad: ({ dy }) => ({ x: dy, y: dy }),
});

/** x - y. @shape broadcast(x, y) */
export const sub = elementwise("sub", {
  inputs: ["x", "y"],
  operands: "number",
  lower: (m, { x, y }) => m.sub(x, y),
  grad: ({ dy }) => ({ x: dy, y: dy.neg() }),
});

/** x · y. @shape broadcast(x, y) */
export const mul = elementwise("mul", {
  inputs: ["x", "y"],
  operands: "number",
  lower: (m, { x, y }) => m.mul(x, y),
  grad: ({ x, y, dy }) => ({ x: pullMul(dy, y), y: pullMul(dy, x) }),
});

/** x / y in floating point. @shape broadcast(x, y) */
export const div = elementwise("div", {
  inputs: ["x", "y"],
  cost: 4,
  lower: (m, { x, y }) => m.div(x, y),
  grad: ({ y, out, dy }) => {
    const flow = pullDiv(dy, y);
    return { x: flow, y: pullMul(flow, out).neg() };
  },
});

/** -x. */
export const neg = elementwise("neg", {
  inputs: ["x"],
  operands: "number",
  lower: (m, { x }) => m.neg(x),
  grad: ({ dy }) => ({ x: dy.neg() }),
});

/** |x|; its gradient at 0 is 0. */
export const abs = elementwise("abs", {
  inputs: ["x"],
  operands: "number",
  lower: (m, { x }) => m.abs(x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, x.sign()) }),
});

/** -1, 0 or 1 by the sign of x; NaN for NaN. */
export const sign = elementwise("sign", {
  inputs: ["x"],
  operands: "number",
  cost: 3,
  lower: (m, { x }) => {
    const zero = m.num(0);
    return m.select(m.gt(x, zero), m.num(1), m.select(m.lt(x, zero), m.num(-1), x)); // else ±0 or NaN itself
  },
  grad: () => ({ x: null }),
});

/** The smaller of x and y, NaN if either is; where equal the gradient goes to x. @shape broadcast(x, y) */
export const minimum = elementwise("minimum", {
  inputs: ["x", "y"],
  operands: "number",
  lower: (m, { x, y }) => m.min(x, y),
  grad: ({ x, y, dy }) => ({ x: where(x.le(y), dy, 0), y: where(x.le(y), 0, dy) }),
});

/** The larger of x and y, NaN if either is; where equal the gradient goes to x. @shape broadcast(x, y) */
export const maximum = elementwise("maximum", {
  inputs: ["x", "y"],
  operands: "number",
  lower: (m, { x, y }) => m.max(x, y),
  grad: ({ x, y, dy }) => ({ x: where(x.ge(y), dy, 0), y: where(x.ge(y), 0, dy) }),
});

/** √x. Its gradient at 0 is infinite, but 0 where nothing flows back. */
export const sqrt = elementwise("sqrt", {
  inputs: ["x"],
  cost: 4,
  lower: (m, { x }) => m.sqrt(x),
  grad: ({ out, dy }) => ({ x: pullDiv(dy, out.mul(2)) }),
});

/** x². */
export const square = elementwise("square", {
  inputs: ["x"],
  operands: "number",
  lower: (m, { x }) => m.mul(x, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, x.mul(2)) }),
});

/** max(x, 0); NaN stays NaN; its gradient at 0 is 0. */
export const relu = elementwise("relu", {
  inputs: ["x"],
  operands: "number",
  lower: (m, { x }) => m.select(m.lt(x, m.num(0)), m.num(0), x), // of vectors one instruction; a maximum is five
  grad: ({ out, dy }) => ({ x: where(out.gt(0), dy, 0) }), // by the result, so that x need not be kept
});

const flat = (): { x: Tensor | null } => ({ x: null });
export const floor = elementwise("floor", { inputs: ["x"], lower: (m, { x }) => m.floor(x), grad: flat });
export const ceil = elementwise("ceil", { inputs: ["x"], lower: (m, { x }) => m.ceil(x), grad: flat });
export const trunc = elementwise("trunc", { inputs: ["x"], lower: (m, { x }) => m.trunc(x), grad: flat });
/** The nearest whole number, ties to even. */
export const round = elementwise("round", { inputs: ["x"], lower: (m, { x }) => m.nearest(x), grad: flat });

const pair = (): { x: Tensor | null; y: Tensor | null } => ({ x: null, y: null });
const compare = { inputs: ["x", "y"], operands: "number", result: "bool", grad: pair } as const;
export const lt = elementwise("lt", { ...compare, lower: (m, { x, y }) => m.lt(x, y) });
export const le = elementwise("le", { ...compare, lower: (m, { x, y }) => m.le(x, y) });
export const gt = elementwise("gt", { ...compare, lower: (m, { x, y }) => m.gt(x, y) });
export const ge = elementwise("ge", { ...compare, lower: (m, { x, y }) => m.ge(x, y) });
export const eq = elementwise("eq", { ...compare, lower: (m, { x, y }) => m.eq(x, y) });
export const ne = elementwise("ne", { ...compare, lower: (m, { x, y }) => m.ne(x, y) });

const logic = { inputs: ["x", "y"], operands: "bool", grad: pair } as const;
export const and = elementwise("and", { ...logic, lower: (m, { x, y }) => m.and(x, y) });
export const or = elementwise("or", { ...logic, lower: (m, { x, y }) => m.or(x, y) });
export const not = elementwise("not", { inputs: ["x"], operands: "bool", lower: (m, { x }) => m.not(x), grad: flat });

const bits = { inputs: ["x", "y"], operands: "int32", grad: pair } as const;
export const bitAnd = elementwise("bitAnd", { ...bits, lower: (m, { x, y }) => m.bitAnd(x, y) });
export const bitOr = elementwise("bitOr", { ...bits, lower: (m, { x, y }) => m.bitOr(x, y) });
export const bitXor = elementwise("bitXor", { ...bits, lower: (m, { x, y }) => m.bitXor(x, y) });

const shiftRecord: ElementwiseRecord = {
  kind: "elementwise",
  name: "shiftRight",
  cost: 1,
  shape: (shapes) => broadcastShapes("shiftRight", shapes),
  dtype: ([x]) => x as DType,
  lower: (m, [x], attrs) => m.shiftRight(x as never, attrs.bits as number),
  grad: () => [null],
};

/** The int32 words of `x` moved right by 0 to 31 bits, with zeros from the left: the upper bits as a small number. */
export const shiftRight = (x: Tensor, bits: number): Tensor =>
  node(shiftRecord, unify("shiftRight", [x], "int32"), { bits });

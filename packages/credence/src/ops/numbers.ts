import type { Machine, State } from "./machine.js";

/** The machine over plain numbers. Masks are 1 and 0. It rounds after each operation, so it is the oracle of the compiler. */
const bytes = new DataView(new ArrayBuffer(8));

function makeFloat(precision: "float32" | "float64"): Machine<number> {
  const round: (x: number) => number = precision === "float32" ? Math.fround : (x) => x;
  const single = precision === "float32";
  return {
    ...comparisons,
    ...control,
    ...wholeNumbersOnly,
    precision,
    num: round,
    add: (a, b) => round(a + b),
    sub: (a, b) => round(a - b),
    mul: (a, b) => round(a * b),
    div: (a, b) => round(a / b),
    neg: (a) => -a,
    abs: Math.abs,
    min: Math.min,
    max: Math.max,
    sqrt: (a) => round(Math.sqrt(a)),
    floor: Math.floor,
    ceil: Math.ceil,
    trunc: Math.trunc,
    nearest: nearestEven,
    copysign: (a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)),
    pow2: single ? pow2Single : pow2Double,
    exponent: single ? exponentSingle : exponentDouble,
    significand: single ? significandSingle : significandDouble,
    high: single ? highSingle : highDouble,
  };
}

const choose = (mask: number, a: number, b: number): number => (mask ? a : b);

const comparisons = {
  lt: (a: number, b: number) => (a < b ? 1 : 0),
  le: (a: number, b: number) => (a <= b ? 1 : 0),
  gt: (a: number, b: number) => (a > b ? 1 : 0),
  ge: (a: number, b: number) => (a >= b ? 1 : 0),
  eq: (a: number, b: number) => (a === b ? 1 : 0),
  ne: (a: number, b: number) => (a !== b ? 1 : 0),
  and: (a: number, b: number) => a & b,
  or: (a: number, b: number) => a | b,
  not: (a: number) => 1 - a,
  select: choose,
  rarely: choose,
};

const control = {
  when: <S extends State<number>>(mask: number, then: () => S, otherwise: S): S => (mask ? then() : otherwise),
  iterate: <S extends State<number>>(start: S, goes: (state: S) => number, step: (state: S) => S, most: number): S => {
    let state = start;
    for (let i = 0; i < most && goes(state); i++) state = step(state);
    return state;
  },
};

const refuse = (): never => {
  throw new TypeError("this operation does not exist in the machine's precision");
};

const wholeNumbersOnly = {
  bitAnd: refuse,
  bitOr: refuse,
  bitXor: refuse,
  shiftLeft: refuse,
  shiftRight: refuse,
  wideMul: refuse,
};

function nearestEven(x: number): number {
  const lower = Math.floor(x);
  const rest = x - lower;
  if (rest < 0.5 || Number.isNaN(rest)) return rest === 0 ? x : Object.is(lower, 0) && x < 0 ? -0 : lower;
  const up = rest > 0.5 || lower % 2 !== 0 ? lower + 1 : lower;
  return up === 0 && x < 0 ? -0 : up; // as the hardware does: the sign of zero is kept
}

function pow2Double(n: number): number {
  bytes.setUint32(0, (n + 1023) << 20);
  bytes.setUint32(4, 0);
  return bytes.getFloat64(0);
}

function pow2Single(n: number): number {
  bytes.setUint32(0, (n + 127) << 23);
  return bytes.getFloat32(0);
}

function exponentDouble(x: number): number {
  bytes.setFloat64(0, x);
  return (bytes.getUint32(0) >>> 20) - 1023;
}

function exponentSingle(x: number): number {
  bytes.setFloat32(0, x);
  return (bytes.getUint32(0) >>> 23) - 127;
}

function significandDouble(x: number): number {
  bytes.setFloat64(0, x);
  bytes.setUint32(0, (bytes.getUint32(0) & 0x000fffff) | 0x3ff00000);
  return bytes.getFloat64(0);
}

function significandSingle(x: number): number {
  bytes.setFloat32(0, x);
  bytes.setUint32(0, (bytes.getUint32(0) & 0x007fffff) | 0x3f800000);
  return bytes.getFloat32(0);
}

function highDouble(x: number): number {
  bytes.setFloat64(0, x);
  bytes.setUint32(4, bytes.getUint32(4) & 0xf8000000);
  return bytes.getFloat64(0);
}

function highSingle(x: number): number {
  bytes.setFloat32(0, x);
  bytes.setUint32(0, bytes.getUint32(0) & 0xfffff000);
  return bytes.getFloat32(0);
}

export const float64Machine = makeFloat("float64");
export const float32Machine = makeFloat("float32");

/** The upper word of a 64-bit product, from products of half words. */
function mulHigh(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const lower = a0 * b1 + (middle % 65536);
  return (a1 * b1 + Math.floor(middle / 65536) + Math.floor(lower / 65536)) | 0;
}

export const int32Machine: Machine<number> = {
  ...comparisons,
  ...control,
  precision: "int32",
  num: (x) => x | 0,
  add: (a, b) => (a + b) | 0,
  sub: (a, b) => (a - b) | 0,
  mul: Math.imul,
  neg: (a) => -a | 0,
  abs: (a) => Math.abs(a) | 0,
  min: Math.min,
  max: Math.max,
  bitAnd: (a, b) => a & b,
  bitOr: (a, b) => a | b,
  bitXor: (a, b) => a ^ b,
  shiftLeft: (a, bits) => a << bits,
  shiftRight: (a, bits) => (a >>> bits) | 0,
  wideMul: (a, b) => ({ low: Math.imul(a, b), high: mulHigh(a, b) }),
  div: refuse,
  sqrt: refuse,
  floor: refuse,
  ceil: refuse,
  trunc: refuse,
  nearest: refuse,
  copysign: refuse,
  pow2: refuse,
  exponent: refuse,
  significand: refuse,
  high: refuse,
};

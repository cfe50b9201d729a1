import type { DType } from "../../graph/dtype.js";
import type { ValueType } from "./assembler.js";

/** Which vector instructions a module may use: those of which every bit is known, fused multiply-add as well, or none. */
export type Simd = "strict" | "relaxed" | "scalar";

/** How many elements instructions work on at once: one, or the 4 or 2 of a 128-bit vector. */
export interface Lanes {
  /** Elements computed at once: 1, 2 or 4. */
  readonly count: number;
  typeOf(dtype: DType): ValueType;
  /** The module's functions take vectors, even for a single element. */
  readonly callsVectors: boolean;
}

export const scalar: Lanes = { count: 1, typeOf: (dtype) => scalarTypes[dtype], callsVectors: true };
const scalarAlone: Lanes = { ...scalar, callsVectors: false };
export const vector = (count: 2 | 4): Lanes => ({ count, typeOf: () => "v128", callsVectors: true });

/** One element at a time, in a module with vectors or without. */
export const elements = (simd: Simd): Lanes => (simd === "scalar" ? scalarAlone : scalar);

export const scalarTypes = { float32: "f32", float64: "f64", int32: "i32", bool: "i32" } as const;
export const vectorTypes = { float32: "f32x4", float64: "f64x2", int32: "i32x4", bool: "i32x4" } as const;

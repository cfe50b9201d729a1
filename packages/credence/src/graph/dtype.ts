import { fail } from "../errors.js";

/** Element types. `bool` is stored as one byte outside compiled code. */
export type DType = "bool" | "int32" | "float32" | "float64";
export type FloatType = "float32" | "float64";
export type Data = Float64Array | Float32Array | Int32Array | Uint8Array;

/** Promotion of mixed element types: the later in this list wins, as in NumPy, but int32 with float32 stays float32. */
const ladder: readonly DType[] = ["bool", "int32", "float32", "float64"];

export function promote(a: DType, b: DType): DType {
  return ladder.indexOf(a) >= ladder.indexOf(b) ? a : b;
}

export const isFloat = (dtype: DType): dtype is FloatType => dtype === "float32" || dtype === "float64";

/** Bytes an element takes in a compiled program's memory, where a bool is a 32-bit 0 or 1. */
export const bytesOf = (dtype: DType): number => (dtype === "float64" ? 8 : 4);

export function allocate(dtype: DType, size: number): Data {
  switch (dtype) {
    case "float64":
      return new Float64Array(size);
    case "float32":
      return new Float32Array(size);
    case "int32":
      return new Int32Array(size);
    case "bool":
      return new Uint8Array(size);
  }
}

/** Numbers in an array of another element type: int32 drops the fraction and saturates, NaN becomes 0; bool is "not 0". */
export function convert(numbers: ArrayLike<number | boolean>, dtype: DType): Data {
  const out = allocate(dtype, numbers.length);
  if (isFloat(dtype)) out.set(numbers as ArrayLike<number>);
  else {
    for (let i = 0; i < out.length; i++) {
      const x = Number(numbers[i]);
      out[i] = dtype === "bool" ? Number(x !== 0) : saturate(x);
    }
  }
  return out;
}

const saturate = (x: number): number =>
  Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)));

export function requireFloat(name: string, dtype: DType): void {
  if (!isFloat(dtype)) {
    fail({
      code: "dtype",
      given: `${name}: an operand is ${dtype}`,
      allowed: "float32 or float64",
      mend: 'convert it with .cast("float32")',
    });
  }
}

import { isFloat } from "../graph/dtype.js";
import type { Tensor } from "../graph/tensor.js";

/** Numbers as JSON can hold them: what is not finite stands as text. */
export type JsonNumbers = number | "Infinity" | "-Infinity" | "NaN" | readonly JsonNumbers[];

/** A distribution as plain data. Wrappers hold the data of what they wrap beside their own. */
export interface DistributionJson {
  /** The class's name. */
  readonly distribution: string;
  /** Element type of the parameters; left out where all are bare numbers, which take the type of what they meet. */
  readonly dtype?: "float32" | "float64";
  readonly parameters?: Readonly<Record<string, JsonNumbers>>;
  readonly [more: string]: unknown;
}

export function parametersToJson(
  parameters: Readonly<Record<string, Tensor>>,
): Pick<DistributionJson, "dtype" | "parameters"> {
  const typed = Object.values(parameters).find((t) => isFloat(t.dtype) && !t.weak);
  return {
    ...(typed && { dtype: typed.dtype as "float32" | "float64" }),
    parameters: Object.fromEntries(Object.entries(parameters).map(([name, t]) => [name, numbersToJson(t)])),
  };
}

/** A tensor's numbers, nested as its axes are. */
export function numbersToJson(t: Tensor): JsonNumbers {
  const write = (x: number | readonly unknown[]): JsonNumbers =>
    Array.isArray(x)
      ? x.map((item) => write(item as number))
      : Number.isFinite(x)
        ? (x as number)
        : (String(x) as JsonNumbers);
  return write(t.toArray() as number);
}

import { fail } from "../errors.js";
import { type TensorLike, tensor } from "./literal.js";
import { Tensor } from "./tensor.js";

/** Any nesting of arrays and plain objects with tensors, numbers or typed arrays at the leaves. */
export type Tree = TensorLike | readonly Tree[] | { readonly [key: string]: Tree } | null | undefined | string;

/** The same nesting with a tensor at each leaf. */
export type Tensors<T> = T extends Tensor
  ? Tensor
  : T extends number | boolean | ArrayBufferView
    ? Tensor
    : T extends string | null | undefined
      ? T
      : { [K in keyof T]: Tensors<T[K]> };

export interface Leaf {
  /** Keys from the root, such as `layers.0.weight`. */
  readonly path: string;
  readonly tensor: Tensor;
}

export const isLeaf = (value: unknown): value is TensorLike =>
  value instanceof Tensor || typeof value === "number" || typeof value === "boolean" || ArrayBuffer.isView(value);

/** All leaves as tensors, in a fixed order: arrays by position, objects by sorted key. */
export function leavesOf(tree: unknown, path = ""): Leaf[] {
  if (isLeaf(tree)) return [{ path, tensor: tensor(tree) }];
  return entriesOf(tree, path).flatMap(([key, value]) => leavesOf(value, path === "" ? key : `${path}.${key}`));
}

/** The tree with other leaves, in the order of `leavesOf`. */
export function rebuild<T>(tree: T, leaves: readonly unknown[]): T {
  let next = 0;
  const build = (value: unknown): unknown => {
    if (isLeaf(value)) return leaves[next++];
    if (Array.isArray(value)) return value.map(build);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(entriesOf(value, "").map(([key, child]) => [key, build(child)]));
  };
  return build(tree) as T;
}

/** Keys and values of an array or plain object, in a fixed order; nothing for text, null and undefined. */
export function entriesOf(tree: unknown, path: string): [string, unknown][] {
  if (Array.isArray(tree)) return tree.map((value, i) => [String(i), value]);
  if (tree === null || tree === undefined || typeof tree === "string") return [];
  const prototype = typeof tree === "object" ? Object.getPrototypeOf(tree) : undefined;
  if (prototype !== Object.prototype && prototype !== null) {
    fail({
      code: "argument",
      given: `a tree holds ${typeof tree === "function" ? "a function" : `a ${(tree as object).constructor?.name ?? typeof tree}`}${path === "" ? "" : ` at ${path}`}`,
      allowed: "tensors, numbers and typed arrays in arrays and plain objects",
    });
  }
  return Object.keys(tree as object)
    .sort()
    .map((key) => [key, (tree as Record<string, unknown>)[key]]);
}

/** Applies `fn` to the leaves that stand at the same place in all trees. @shape as `fn` answers */
export function mapTree<T>(fn: (...leaves: Tensor[]) => Tensor, tree: T, ...others: readonly unknown[]): Tensors<T> {
  const columns = [tree, ...others].map((t) => leavesOf(t));
  const [first, ...rest] = columns as [Leaf[], ...Leaf[][]];
  for (const column of rest) {
    if (column.length !== first.length || column.some((leaf, i) => leaf.path !== first[i]!.path)) {
      fail({
        code: "argument",
        given: `tree.map: trees with different leaves: ${first.map((l) => l.path)} and ${column.map((l) => l.path)}`,
        allowed: "the same nesting in each",
      });
    }
  }
  return rebuild(
    tree,
    first.map((_, i) => fn(...columns.map((column) => column[i]!.tensor))),
  ) as Tensors<T>;
}

import { tensor } from "./literal.js";
import { Tensor } from "./tensor.js";
import { entriesOf, isLeaf } from "./tree.js";

/**
 * The nesting of a tree without its leaves: reads the leaves of trees like it, and makes such trees from leaves. Both happen at each
 * call of a compiled function, so they look at nothing twice and make no paths.
 */
export interface Template {
  /**
   * Appends the leaves of a tree, in the order of `leavesOf`.
   *
   * @returns has it this nesting, with the same keys and constants?
   */
  collect(tree: unknown, leaves: Tensor[]): boolean;
  /** A new tree; `next` answers its leaves in order. */
  build(next: () => unknown): unknown;
}

/** @throws CredenceError `argument`: something that is neither a leaf, an array, a plain object, text, null nor undefined */
export function templateOf(tree: unknown): Template {
  if (isLeaf(tree)) return leaf;
  if (Array.isArray(tree)) return list(tree.map(templateOf));
  const entries = entriesOf(tree, "");
  if (tree === null || typeof tree !== "object") return constant(tree);
  return record(
    entries.map(([key]) => key),
    entries.map(([, value]) => templateOf(value)),
  );
}

const leaf: Template = {
  collect(tree, leaves) {
    if (tree instanceof Tensor) leaves.push(tree);
    else if (isLeaf(tree)) leaves.push(tensor(tree));
    else return false;
    return true;
  },
  build: (next) => next(),
};

const constant = (value: unknown): Template => ({
  collect: (tree) => tree === value,
  build: () => value,
});

function list(items: readonly Template[]): Template {
  return {
    collect(tree, leaves) {
      if (!Array.isArray(tree) || tree.length !== items.length) return false;
      for (let i = 0; i < items.length; i++) if (!items[i]!.collect(tree[i], leaves)) return false;
      return true;
    },
    build: (next) => items.map((item) => item.build(next)),
  };
}

function record(keys: readonly string[], values: readonly Template[]): Template {
  return {
    collect(tree, leaves) {
      if (tree === null || typeof tree !== "object" || Array.isArray(tree) || isLeaf(tree)) return false;
      const prototype = Object.getPrototypeOf(tree);
      if (prototype !== Object.prototype && prototype !== null) return false;
      const from = tree as Readonly<Record<string, unknown>>;
      if (Object.keys(from).length !== keys.length) return false;
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i]!;
        if (!Object.hasOwn(from, key) || !values[i]!.collect(from[key], leaves)) return false;
      }
      return true;
    },
    build(next) {
      const out: Record<string, unknown> = {};
      for (let i = 0; i < keys.length; i++) {
        const value = values[i]!.build(next);
        if (keys[i] === "__proto__")
          Object.defineProperty(out, "__proto__", { value, enumerable: true, configurable: true, writable: true });
        else out[keys[i]!] = value;
      }
      return out;
    },
  };
}

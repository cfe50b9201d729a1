import { tensor } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";
import { entriesOf, isLeaf } from "../graph/tree.js";

/** What a function was traced for, by path: the element type and shape of each tensor, and each constant. */
export type Signature = ReadonlyMap<string, string>;

export function signatureOf(args: readonly unknown[]): Signature {
  const out = new Map<string, string>();
  const visit = (tree: unknown, path: string): void => {
    if (isLeaf(tree)) {
      const t = tensor(tree);
      out.set(path, t.weak ? "a number" : `${t.dtype}${showShape(t.shape)}`);
    } else if (tree === null || typeof tree !== "object") out.set(path, JSON.stringify(tree) ?? "undefined");
    else for (const [key, value] of entriesOf(tree, path)) visit(value, `${path}.${key}`);
  };
  args.forEach((arg, i) => {
    visit(arg, String(i));
  });
  return out;
}

/** How the arguments of one call differ from those of another, in words. */
export function difference(from: Signature, to: Signature): string {
  const changed = [...to].flatMap(([path, now]) => {
    const before = from.get(path);
    if (before === now) return [];
    return [`argument ${path} is ${now}${before === undefined ? " and was not there" : ` instead of ${before}`}`];
  });
  const gone = [...from.keys()].filter((path) => !to.has(path)).map((path) => `argument ${path} is missing`);
  return firstFew([...changed, ...gone]) || "the arguments are nested differently";
}

/** The arguments in words. */
export const describeSignature = (signature: Signature): string =>
  firstFew([...signature].map(([path, what]) => `argument ${path} ${what}`)) || "no arguments";

const SHOWN = 3;

function firstFew(list: readonly string[]): string {
  const rest = list.length - SHOWN;
  return [...list.slice(0, SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

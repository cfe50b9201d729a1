import { type Expression, expressionsBelow } from "./expression.js";

/**
 * The exceptional side of a `rarely` is computed in a branch. For each `rarely` below `roots`: what its branch reads but others
 * need as well, arguments before users. That has to be known before the branch; all else below is computed in it alone.
 */
export function sharedWithDetours(roots: readonly Expression[]): ReadonlyMap<Expression, readonly Expression[]> {
  const order = expressionsBelow(roots);
  const rare = order.filter((e) => e.op === "rarely");
  if (rare.length === 0) return new Map();
  const users = new Map<Expression, Expression[]>(order.map((e) => [e, []]));
  for (const e of order) for (const arg of new Set(e.args)) users.get(arg)!.push(e);
  const needed = new Set(roots);

  const shared = (e: Expression): Expression[] => {
    const [mask, exception, usual] = e.args as [Expression, Expression, Expression];
    const below = expressionsBelow([exception]);
    const own = new Set<Expression>();
    const isHere = (user: Expression): boolean => own.has(user) || user === e;
    for (const x of [...below].reverse()) {
      if (x !== mask && x !== usual && !needed.has(x) && users.get(x)!.every(isHere)) own.add(x);
    }
    const read = new Set([exception, ...[...own].flatMap((x) => x.args)]);
    return below.filter((x) => read.has(x) && !own.has(x));
  };
  return new Map(rare.map((e) => [e, shared(e)]));
}

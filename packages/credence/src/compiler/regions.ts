import { type Expression, expressionsBelow } from "./expression.js";

/** What a `when` chooses between. */
export function branchParts({ args }: Expression) {
  const count = (args.length - 1) / 2;
  return { mask: args[0]!, otherwise: args.slice(1, 1 + count), chosen: args.slice(1 + count) };
}

/** What an `iterate` begins with, how it goes on, and as long as what. */
export function loopParts({ args, state }: Expression) {
  const count = state!.length;
  return { state: state!, start: args.slice(0, count), goes: args[count]!, next: args.slice(count + 1) };
}

/** A stretch of code: all of a function, the inside of a branch, or the body of a loop. */
interface Scope {
  readonly parent?: Scope;
  readonly depth: number;
  /** The loop whose body this is. */
  readonly loop?: Expression;
}

/**
 * Where each expression of a function with branches and loops is computed: as deep inside branches as all who need it
 * allow, so that it is skipped with them; but outside of loops that do not change it.
 */
export class Places {
  private readonly homes = new Map<Expression, Scope>();
  /** For a `when` its inside; for a loop the branch that is taken if it runs at all. */
  private readonly guards = new Map<Expression, Scope>();
  /** The loops on whose state an expression depends. */
  private readonly changing = new Map<Expression, ReadonlySet<Expression>>();
  private readonly read = new Map<Expression, Set<number>>();

  constructor(roots: readonly Expression[]) {
    const order = expressionsBelow(roots);
    const owner = new Map<Expression, Expression>();
    for (const e of order) for (const s of e.state ?? []) owner.set(s, e);
    for (const e of order) {
      if (e.op !== "result") continue;
      const [region] = e.args as [Expression];
      this.read.set(region, (this.read.get(region) ?? new Set()).add(e.immediate));
    }
    for (const e of order) this.changing.set(e, this.loopsBelow(e, owner));
    const top: Scope = { depth: 0 };
    for (const root of roots) this.place(root, top);
    for (let i = order.length - 1; i >= 0; i--) this.placeArguments(order[i]!); // users before what they use
  }

  /** Does anyone read result `i` of a branch or loop? */
  isRead(region: Expression, i: number): boolean {
    return this.read.get(region)?.has(i) === true;
  }

  /** What must be known before a branch or loop is entered. */
  before(region: Expression): Expression[] {
    const guard = this.guards.get(region)!;
    return this.firstBelow(inside(region), (e) => !this.isInside(e, guard));
  }

  /** What a loop needs that it does not change, and nobody needs if it does not run. */
  ahead(loop: Expression): Expression[] {
    const guard = this.guards.get(loop)!;
    const found = this.firstBelow(loopParts(loop).next, (e) => this.homes.get(e) === guard || !this.isInside(e, guard));
    return found.filter((e) => this.homes.get(e) === guard);
  }

  /** The first expressions on all ways down for which `holds`. */
  private firstBelow(from: readonly Expression[], holds: (e: Expression) => boolean): Expression[] {
    const seen = new Set<Expression>();
    const found: Expression[] = [];
    const visit = (e: Expression): void => {
      if (seen.has(e) || e.op === "const" || e.op === "state") return;
      seen.add(e);
      if (holds(e)) found.push(e);
      else e.args.forEach(visit);
    };
    from.forEach(visit);
    return found;
  }

  /** What only a loop's condition needs has no home: it is computed there. */
  private isInside(e: Expression, guard: Scope): boolean {
    let scope = this.homes.get(e);
    if (scope === undefined) return true;
    while (scope.depth > guard.depth) scope = scope.parent!;
    return scope === guard;
  }

  private loopsBelow(e: Expression, owner: ReadonlyMap<Expression, Expression>): ReadonlySet<Expression> {
    if (e.op === "state") return new Set([owner.get(e)!]);
    const below = new Set<Expression>();
    for (const a of e.args) for (const loop of this.changing.get(a)!) below.add(loop);
    below.delete(e);
    return below;
  }

  private placeArguments(e: Expression): void {
    const home = this.homes.get(e);
    if (home === undefined) return;
    if (e.op !== "when" && e.op !== "iterate") {
      for (const a of e.args) this.place(a, home);
      return;
    }
    const guard: Scope = { parent: home, depth: home.depth + 1 };
    this.guards.set(e, guard);
    if (e.op === "when") {
      const { mask, otherwise, chosen } = branchParts(e);
      for (const a of [mask, ...otherwise]) this.place(a, home);
      for (const a of chosen) this.place(a, guard);
    } else {
      const { start, goes, next } = loopParts(e);
      const body: Scope = { parent: guard, depth: guard.depth + 1, loop: e };
      for (const a of start) this.place(a, home);
      for (const a of next) this.place(a, body);
      this.placeCondition(goes, e, home);
    }
  }

  /** The parts of a loop's condition that its state does not touch. */
  private placeCondition(e: Expression, loop: Expression, home: Scope): void {
    if (!this.changing.get(e)!.has(loop)) this.place(e, home);
    else for (const a of e.args) this.placeCondition(a, loop, home);
  }

  private place(e: Expression, user: Scope): void {
    const known = this.homes.get(e);
    const home = this.hoist(e, user);
    this.homes.set(e, known ? common(known, home) : home);
  }

  /** Out of all loops that do not change `e`. */
  private hoist(e: Expression, from: Scope): Scope {
    const loops = this.changing.get(e)!;
    let home = from;
    for (let scope = from; scope.parent; scope = scope.parent) {
      if (!scope.loop) continue;
      if (loops.has(scope.loop)) break;
      home = scope.parent;
    }
    return home;
  }
}

/** What is computed within a branch or loop, in the end. */
function inside(region: Expression): readonly Expression[] {
  if (region.op === "when") return branchParts(region).chosen;
  const { goes, next } = loopParts(region);
  return [goes, ...next];
}

/** The innermost scope that holds both. */
function common(a: Scope, b: Scope): Scope {
  let [x, y] = [a, b];
  while (x.depth > y.depth) x = x.parent!;
  while (y.depth > x.depth) y = y.parent!;
  while (x !== y) [x, y] = [x.parent!, y.parent!];
  return x;
}

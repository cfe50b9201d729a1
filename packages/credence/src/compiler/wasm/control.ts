import type { Expression } from "../expression.js";
import { branchParts, loopParts, type Places } from "../regions.js";
import type { Code, Local } from "./assembler.js";
import type { Lanes } from "./width.js";

/** What branches and loops need of the emitter that meets them. */
export interface Host {
  readonly code: Code;
  readonly lanes: Lanes;
  push(e: Expression): void;
  fix(e: Expression): void;
  /** From now on the value of `e` is that of a local. */
  bind(e: Expression, local: Local): void;
  /** A host that knows what this one knows; what it learns stays with it. */
  fork(): Host;
}

/** Emits a `when` or an `iterate`; answers the locals that hold its results. */
export function emitRegion(host: Host, e: Expression, places: Places): Local[] {
  return e.op === "when" ? emitWhen(host, e, places) : emitIterate(host, e, places);
}

function emitWhen(host: Host, e: Expression, places: Places): Local[] {
  const { code } = host;
  const { mask, otherwise, chosen } = branchParts(e);
  for (const shared of places.before(e)) host.fix(shared);
  const results = otherwise.map((value) => intoLocal(host, value));
  const active = intoLocal(host, mask);
  code.get(active);
  // one instruction less than any_true; all bits of a lane's mask are equal
  if (host.lanes.count > 1) code.op("i32x4.bitmask");
  code.if(() => replace(host.fork(), chosen, results, () => active));
  return results;
}

/**
 * Elements that are done keep their results while others go on, so that no element depends on its neighbours. The rest of their
 * state goes on as well: nobody reads it.
 */
function emitIterate(host: Host, e: Expression, places: Places): Local[] {
  const { code } = host;
  const { state, start, goes, next } = loopParts(e);
  for (const shared of places.before(e)) host.fix(shared);
  const current = start.map((value) => intoLocal(host, value));
  const within = host.fork();
  state.forEach((s, i) => {
    within.bind(s, current[i]!);
  });
  const active = intoLocal(within.fork(), goes);
  anyActive(host, active);
  code.if(() => {
    for (const constant of places.ahead(e)) within.fix(constant);
    const left = code.local("i32");
    code.i32(e.immediate).set(left);
    code.loop(() => {
      replace(within.fork(), next, current, (i) => (places.isRead(e, i) ? active : undefined));
      within.fork().push(goes);
      code
        .get(active)
        .op(host.lanes.count > 1 ? "v128.and" : "i32.and")
        .set(active);
      code.get(left).i32(-1).op("i32.add").tee(left).i32(0).op("i32.ne");
      anyActive(host, active);
      code.op("i32.and");
    });
  });
  return current;
}

/** Puts new values into locals, some only for the active elements; all are computed before any is replaced. */
function replace(
  host: Host,
  values: readonly Expression[],
  locals: readonly Local[],
  mask: (i: number) => Local | undefined,
): void {
  const { code, lanes } = host;
  for (const value of values) host.push(value);
  for (let i = values.length - 1; i >= 0; i--) {
    const active = mask(i);
    if (active !== undefined) {
      code.get(locals[i]!).get(active);
      code.op(lanes.count > 1 ? "v128.bitselect" : "select");
    }
    code.set(locals[i]!);
  }
}

function intoLocal(host: Host, e: Expression): Local {
  const local = host.code.local(host.lanes.typeOf(e.dtype));
  host.push(e);
  host.code.set(local);
  return local;
}

/** Pushes 1 while some element is active, else 0. */
function anyActive({ code, lanes }: Host, active: Local): void {
  code.get(active);
  if (lanes.count > 1) code.op("v128.any_true");
}

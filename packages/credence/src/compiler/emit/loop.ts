import { collapse } from "../access.js";
import { type Expression, expressionsBelow } from "../expression.js";
import type { LoopKernel } from "../kernel.js";
import { Code } from "../wasm/assembler.js";
import { Emitter, elements, type Lanes, lanesFor, type Simd, scalar } from "../wasm/lanes.js";
import { keyOf } from "./place.js";
import { type AddressOf, Pointers } from "./pointers.js";

/** Nested loops over elements; the innermost runs over vectors, then over the elements that are left. */
export function emitLoop(kernel: LoopKernel, addressOf: AddressOf, simd: Simd): Code {
  const code = new Code();
  const { sizes, accesses } = collapse(kernel.sizes, kernel.accesses);
  const roots = kernel.stores.map((s) => s.value);
  const usesIndex = expressionsBelow(roots).some((e) => e.op === "index");
  const depth = sizes.length - 1;
  const pointers = new Pointers(code, accesses, addressOf);
  const stored = new Set(kernel.stores.map((s) => s.access));

  const vectors = lanesFor(roots, simd);
  const inner = sizes[depth] ?? 1;
  const strides = accesses.map((a) => a.strides[depth] ?? 0);
  const canVectorize =
    inner >= vectors.count &&
    strides.every((s, i) => s === 1 || (s === 0 && !stored.has(i))) &&
    roots.every((r) => r.dtype !== "bool" || vectors.count === 4);
  const lanes = canVectorize ? vectors : elements(simd);
  const mayOverwrite = overwrites(kernel, addressOf);

  const run = (width: Lanes, count: number): void => {
    const emitter = new Emitter(code, width, pointers, roots);
    for (const e of invariants(roots, (access) => strides[access] === 0)) emitter.fix(e);
    const body = (): void => {
      if (mayOverwrite) for (const { value } of kernel.stores) emitter.fix(value);
      for (const { access, value } of kernel.stores) {
        pointers.store(access, value.dtype, width, () => emitter.push(value));
      }
    };
    if (usesIndex) pointers.indexedLoop(count, width.count, body);
    else pointers.loop(depth, count, width.count, body);
  };

  const innermost = (): void => {
    const whole = Math.floor(inner / lanes.count);
    if (whole > 0) run(lanes, whole);
    const rest = inner % lanes.count;
    if (rest > 0) pointers.shifted(depth, whole * lanes.count, () => run(scalar, rest));
  };
  const nest = (d: number): void => {
    if (d >= depth) innermost();
    else pointers.loop(d, sizes[d]!, 1, () => nest(d + 1));
  };
  nest(0);
  return code;
}

/** Does a result take the place of something that the loop reads? Then all values are computed before any is stored. */
function overwrites(kernel: LoopKernel, addressOf: AddressOf): boolean {
  if (kernel.stores.length < 2) return false;
  const start = (access: number): string => keyOf(addressOf(kernel.accesses[access]!));
  const written = new Set(kernel.stores.map((s) => start(s.access)));
  const targets = new Set(kernel.stores.map((s) => s.access));
  return kernel.accesses.some((_, i) => !targets.has(i) && written.has(start(i)));
}

/** The largest expressions that do not change within the loop: computed before it. */
export function invariants(roots: readonly Expression[], isFixed: (access: number) => boolean): Expression[] {
  const fixed = new Set<Expression>();
  const order = expressionsBelow(roots);
  for (const e of order) {
    if (e.op === "index" || e.op === "state") continue;
    if (e.op === "load" ? isFixed(e.immediate) : e.args.every((a) => fixed.has(a))) fixed.add(e);
  }
  const wanted = new Set(roots.filter((e) => fixed.has(e)));
  for (const e of order) if (!fixed.has(e)) for (const a of e.args) if (fixed.has(a)) wanted.add(a);
  return order.filter((e) => wanted.has(e) && e.op !== "const");
}

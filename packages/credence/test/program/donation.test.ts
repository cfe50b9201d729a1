import { CredenceError, compile, type Tensor, tensor } from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromData } from "../../src/graph/literal.js";
import { sameShape } from "../../src/graph/shape.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { graphSpec, makeGraph } from "../support/randomGraph.js";
import { refusal } from "../support/refused.js";
import { runs } from "../support/runs.js";

const numbers = (...values: number[]): Tensor => tensor(Float32Array.from(values));
const list = (t: Tensor): number[] => [...t.data()];

describe("donated state", () => {
  test("updated over several calls equals pure evaluation, bit for bit", () => {
    fc.assert(
      fc.property(graphSpec(12), fc.nat({ max: 5 }), fc.nat({ max: 7 }), (spec, turn, kept) => {
        const { args, fn } = makeGraph(spec);
        // new state: a result of the right shape, another part of the old state, or the old one unchanged
        const step = (state: readonly Tensor[]): { state: Tensor[]; seen: Tensor[] } => {
          const results = fn(state);
          const fits = (t: Tensor) => (other: Tensor) => other.dtype === t.dtype && sameShape(other.shape, t.shape);
          const next = state.map((t, i) => {
            const found = [...results.filter(fits(t)), ...state.filter(fits(t))];
            return (kept >> i) & 1 ? t : found[turn % found.length]!;
          });
          return { state: next, seen: results.slice(0, 2) };
        };
        const compiled = compile(step, { donate: [0] });
        let [expected, held] = [args, args];
        for (let call = 0; call < 3; call++) {
          const pure = step(expected);
          const [states, seen] = withEngine("interpreter", () => [evaluate(pure.state), evaluate(pure.seen)] as const);
          expected = states.map((data, i) => fromData(data, args[i]!.shape, args[i]!.dtype));
          const actual = compiled(held);
          held = actual.state;
          actual.seen.forEach((t, i) => {
            expectSameBits(t.data(), seen[i]!, `result ${i} of call ${call}`);
          });
          if (call !== 1) {
            // the second call's state stays in the program's memory unread
            held.forEach((t, i) => {
              expectSameBits(t.data(), states[i]!, `state ${i} after call ${call}`);
            });
          }
        }
      }),
      runs(300),
    );
  });

  test("stays in the program: a counter", () => {
    const count = compile((state: { n: Tensor }) => ({ n: state.n.add(1) }), { donate: [0] });
    let state = { n: numbers(0, 10) };
    for (let i = 0; i < 5; i++) state = count(state);
    expect(list(state.n)).toEqual([5, 15]);
  });

  test("can be swapped", () => {
    const swap = compile((s: { a: Tensor; b: Tensor }) => ({ a: s.b, b: s.a }), { donate: [0] });
    let s = swap({ a: numbers(1, 2), b: numbers(3, 4) });
    expect([list(s.a), list(s.b)]).toEqual([
      [3, 4],
      [1, 2],
    ]);
    s = swap(swap(s));
    expect([list(s.a), list(s.b)]).toEqual([
      [3, 4],
      [1, 2],
    ]);
  });

  test("can be swapped by the caller between calls", () => {
    const step = compile((s: { a: Tensor; b: Tensor }) => ({ a: s.a.add(1), b: s.b.mul(10) }), { donate: [0] });
    const first = step({ a: numbers(1), b: numbers(2) });
    const second = step({ a: first.b, b: first.a });
    expect([list(second.a), list(second.b)]).toEqual([[21], [20]]);
  });

  test("may be two results that are one tensor, and a result beside the state that equals it", () => {
    const both = compile(
      (s: { a: Tensor; b: Tensor }) => {
        const sum = s.a.add(s.b);
        return [{ a: sum, b: sum }, sum] as const;
      },
      { donate: [0] },
    );
    const [s, seen] = both({ a: numbers(1, 2), b: numbers(10, 20) });
    const [t, seenNext] = both(s);
    expect([list(seen), list(t.a), list(t.b), list(seenNext)]).toEqual([
      [11, 22],
      [22, 44],
      [22, 44],
      [22, 44],
    ]);
  });

  test("may come back unchanged, beside a copy of it", () => {
    const keep = compile((s: Tensor, x: Tensor) => [s, s, s.add(x)] as const, { donate: [0] });
    const [s, copy, sum] = keep(numbers(1, 2), numbers(5, 5));
    const [again] = keep(s, numbers(0, 0));
    expect([list(copy), list(sum), list(again)]).toEqual([
      [1, 2],
      [6, 7],
      [1, 2],
    ]);
  });

  test("a result kept by the caller keeps its numbers when other state takes its place", () => {
    const step = compile((s: Tensor) => s.mul(2), { donate: [0] });
    const old = step(numbers(1));
    const fresh = step(numbers(100)); // not `old`: it is saved before its place is written over
    expect([list(old), list(fresh)]).toEqual([[2], [200]]);
  });

  test("a tensor that was read is still there after it was donated", () => {
    const step = compile((s: Tensor) => s.mul(2), { donate: [0] });
    const given = numbers(1);
    const first = step(given);
    expect(list(first)).toEqual([2]);
    const second = step(first);
    expect([list(given), list(first), list(second)]).toEqual([[1], [2], [4]]);
  });

  test("cannot be used twice", () => {
    const train = compile((s: Tensor) => s.mul(2), { name: "train", donate: [0] });
    const first = train(numbers(1, 1));
    train(first);
    expect(refusal(() => first.data())).toMatchInlineSnapshot(`
      "data: a tensor of shape [2] that was donated to train, which has written over it.
        mend:    use the tensor that the call returned, or do not donate this argument
        at:      donation.test.ts"
    `);
    expect(() => first.add(1).data()).toThrow(CredenceError);
    expect(refusal(() => train(first))).toMatchInlineSnapshot(`
      "train: argument 0 was donated to train before.
        mend:    pass the tensor that the call returned
        at:      donation.test.ts"
    `);
    const other = compile((s: Tensor) => s, { name: "other" });
    expect(refusal(() => other(first))).toMatchInlineSnapshot(`
      "other: argument 0 was donated to train before.
        mend:    pass the tensor that the call returned
        at:      donation.test.ts"
    `);
  });

  test("needs a result of its shape and type", () => {
    const lost = compile((s: Tensor) => s.sum(), { name: "lost", donate: [0] });
    expect(refusal(() => lost(numbers(1, 2)))).toMatchInlineSnapshot(`
      "lost: donated argument 0 of shape [2] has no result of its shape and type.
        mend:    return its new value, or do not donate it
        at:      donation.test.ts"
    `);
  });

  test("goes to the result of its own name, however many fit", () => {
    const step = compile((s: { m: Tensor; v: Tensor }) => ({ v: s.v.add(1), m: s.m.sub(1), extra: s.v }), {
      donate: [0],
    });
    let s: { m: Tensor; v: Tensor } = { m: numbers(0), v: numbers(0) };
    for (let i = 0; i < 3; i++) s = step({ m: s.m, v: s.v });
    expect([list(s.m), list(s.v)]).toEqual([[-3], [3]]);
  });

  test("moves between programs of different shapes", () => {
    const step = compile((s: Tensor, x: Tensor) => s.add(x.sum()), { donate: [0] });
    let s: Tensor = numbers(0, 1);
    for (const x of [numbers(1), numbers(1, 1), numbers(1), numbers(1, 1)]) s = step(s, x);
    expect(list(s)).toEqual([6, 7]);
  });
});

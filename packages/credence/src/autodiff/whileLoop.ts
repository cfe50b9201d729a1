import { fail } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { leavesOf, rebuild, type Tensors } from "../graph/tree.js";
import { traced } from "../trace.js";
import { loopNode, loopRecord, outsideOf, pick, placeholder, strong } from "./loop.js";
import { checkState } from "./scan.js";

const whileRecord = loopRecord("whileLoop", () =>
  fail({
    code: "missing",
    given: "whileLoop: it has no gradient, since the number of its steps depends on numbers",
    mend: "use scan with a fixed number of steps, or give the result a gradient with customGradient",
  }),
);

/**
 * Repeats a step while a condition holds, for `limit` steps at most: compiled once, inside compiled functions too.
 *
 *     let state = init;
 *     for (let i = 0; i < limit && condition(state); i++) state = step(state);
 *     return state;
 *
 * @param condition  the state to a bool scalar
 * @param step       the state, a tree, to the next one of the same shapes and types
 * @param init       the first state
 * @param options.limit  steps at most, so that it ends on every engine
 * @shape  as `init`, leaf by leaf
 * @throws CredenceError `argument`: the limit, or a condition that is no bool scalar; `shape`: the state changes shape;
 *   `missing`: its gradient
 * @source as JAX's lax.while_loop, with a limit
 */
export function whileLoop<S>(
  condition: (state: Tensors<S>) => Tensor,
  step: (state: Tensors<S>) => S,
  init: S,
  { limit }: { readonly limit: number },
): Tensors<S> {
  if (!Number.isInteger(limit) || limit < 0 || limit >= 2 ** 31) {
    fail({ code: "argument", given: `whileLoop: limit is ${limit}`, allowed: "a whole number from 0 to 2^31 - 1" });
  }
  const starts = leavesOf(init).map((leaf) => leaf.tensor);
  const goesOn = (state: unknown): Tensor => {
    const answer = condition(state as Tensors<S>);
    if (answer.dtype !== "bool" || answer.rank !== 0) {
      fail({
        code: "argument",
        given: `whileLoop: the condition is ${answer.dtype} of shape [${answer.shape.join(", ")}]`,
        allowed: "a bool scalar",
        mend: "compare and reduce: x.abs().max().gt(1e-6)",
      });
    }
    return answer;
  };
  const going = placeholder([], "bool");
  const carried = starts.map((t) => placeholder(t.shape, t.dtype, "the state of whileLoop"));
  const { next, again } = traced(() => {
    const state = leavesOf(step(rebuild(init, carried) as Tensors<S>));
    checkState(
      "whileLoop",
      state.map((leaf) => leaf.tensor),
      starts,
      state.map((leaf) => leaf.path),
    );
    const cast = state.map((leaf, i) => leaf.tensor.cast(carried[i]!.dtype));
    return { next: cast, again: goesOn(rebuild(init, cast)) };
  });
  const results = [again, ...next];
  const outside = outsideOf(results, [going, ...carried]);
  const attrs = {
    body: { arguments: [going, ...carried, ...outside], results },
    steps: limit,
    carries: results.length,
    sequences: 0,
    reverse: false,
    conditional: true,
  };
  const first = starts.map((t, i) => strong(t, carried[i]!));
  const loop = loopNode(whileRecord, [goesOn(rebuild(init, first)), ...first, ...outside], attrs);
  return rebuild(
    init,
    starts.map((_, i) => pick(loop, i + 1, attrs)),
  ) as unknown as Tensors<S>;
}

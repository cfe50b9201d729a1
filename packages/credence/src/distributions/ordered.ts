import { fail } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";

/**
 * Two checked parameters of which the first must not exceed the second. Known ones that do throw; of unknown ones the pairs that do
 * become NaN.
 *
 * @param pair    exactly two, by name
 * @param strict  whether they must differ
 * @throws CredenceError `domain`
 */
export function ordered<K extends string>(
  name: string,
  pair: Readonly<Record<K, Tensor>>,
  strict = true,
): Record<K, Tensor> {
  const [lesser, greater] = Object.keys(pair) as [K, K];
  const [low, high] = [pair[lesser], pair[greater]];
  const isOrdered = strict ? low.lt(high) : low.le(high);
  if (low.source.kind === "data" && high.source.kind === "data") {
    const at = isOrdered.data().indexOf(0);
    if (at >= 0) {
      const [a, b] = [low, high].map((t) => t.broadcastTo(isOrdered.shape).data()[at]);
      fail({
        code: "domain",
        given: `${name}: ${lesser} is ${a} and ${greater} ${b}${isOrdered.rank === 0 ? "" : `, at position ${at} of the batch`}`,
        allowed: `${lesser} ${strict ? "<" : "<="} ${greater}`,
        mend: `give ${greater} as ${lesser} plus a width, raw.softplus()`,
      });
    }
    return pair;
  }
  return { [lesser]: where(isOrdered, low, Number.NaN), [greater]: where(isOrdered, high, Number.NaN) } as Record<
    K,
    Tensor
  >;
}

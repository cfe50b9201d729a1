import { fail } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { split } from "../random/index.js";

/** The weights of a network: nested arrays and plain objects of tensors. */
export type Params = Tensor | readonly Params[] | { readonly [name: string]: Params };

/**
 * A function of weights and inputs. Networks hold no numbers: `init` makes the weights, `apply` uses them, so that a
 * network can be differentiated, compiled, and shared between threads.
 */
export interface Network<Out> {
  readonly name: string;
  /** New weights for inputs of `width` features, and the width of what comes out. */
  init(key: Tensor, width: number): { readonly params: Params; readonly width: number };
  /** @param x  [n, width] */
  apply(params: Params, x: Tensor): Out;
}

export type Layer = Network<Tensor>;

/** Layers one after the other; what the last one answers (a tensor, or a head's distribution) is the network's answer. */
export function sequential<Out>(...layers: readonly [...Layer[], Network<Out>]): Network<Out> {
  const last = layers[layers.length - 1] as Network<Out> | undefined;
  if (last === undefined) return fail({ code: "argument", given: "sequential: no layers", allowed: "at least one" });
  const before = layers.slice(0, -1) as readonly Layer[];
  return {
    name: layers.map((layer) => layer.name).join(" > "),
    init(key, inputs) {
      const keys = split(key, layers.length);
      const params: Params[] = [];
      let width = inputs;
      layers.forEach((layer, i) => {
        const made = layer.init(keys[i] as Tensor, width);
        params.push(made.params);
        width = made.width;
      });
      return { params, width };
    },
    apply(params, x) {
      const list = params as readonly Params[];
      const hidden = before.reduce((h, layer, i) => layer.apply(list[i] as Params, h), x);
      return last.apply(list[before.length] as Params, hidden);
    },
  };
}

import type { Tensor } from "./tensor.js";

/**
 * The nodes that `roots` depend on and that are still to be computed, inputs before users. No recursion: graphs are deep.
 *
 * @param stopAt  tensors to be taken as leaves, whatever they are made of
 */
export function topological(
  roots: readonly Tensor[],
  visitLeaf: (leaf: Tensor) => void = () => {},
  stopAt: ReadonlySet<Tensor> = new Set(),
): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  const stack: { readonly tensor: Tensor; next: number }[] = [];
  const enter = (tensor: Tensor): void => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    if (tensor.source.kind === "op" && !stopAt.has(tensor)) stack.push({ tensor, next: 0 });
    else visitLeaf(tensor);
  };
  for (const root of roots) {
    enter(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { tensor: Tensor; next: number };
      const { source } = top.tensor;
      if (source.kind === "op" && top.next < source.inputs.length) enter(source.inputs[top.next++] as Tensor);
      else {
        order.push(top.tensor);
        stack.pop();
      }
    }
  }
  return order;
}

/** Functions over trees: any nesting of arrays and plain objects with tensors at the leaves. */
export { type Leaf, leavesOf as leaves, mapTree as map, type Tensors, type Tree } from "../graph/tree.js";

import { reduceLayout } from "../ops/reduce.js";
import {
  type Access,
  accessOf,
  collapse,
  type IndexMap,
  identityMap,
  isIdentity,
  isUnitReshape,
  mapOfInput,
} from "./access.js";
import { type IrGraph, type IrNode, kindOf, sizeOfNode } from "./ir.js";

/**
 * Decides which nodes get a buffer, and which loops compute them. A node without a buffer is recomputed inside each loop
 * that needs it; that is right for what is cheap or used once, and for views.
 */
export interface LoopGroup {
  readonly kind: "loop";
  /** Nodes of one shape, computed by the same loop nest, in order. */
  readonly nodes: IrNode[];
}

export interface SingleGroup {
  readonly kind: "single";
  readonly node: IrNode;
}

export type Group = LoopGroup | SingleGroup;

export interface Fusion {
  readonly groups: readonly Group[];
  /** Nodes with numbers in memory: inputs, constants of more than one element, and what groups leave for others. */
  readonly stored: ReadonlySet<IrNode>;
}

/** Rough machine operations an element that may be computed twice rather than stored. */
const CHEAP = 2;
/** From this cost on, an element that several others read is computed once. */
const WORTH_STORING = 4;
/** Nodes in one loop; more would spill registers and make bodies that the engine compiles slowly. */
const LARGEST_GROUP = 24;
/** Machine operations in the expression of one node, and in one loop: functions stay small, and so does the recursion. */
const LARGEST_EXPRESSION = 250;
const LARGEST_BODY = 800;

const VIEWS = new Set(["identity", "expand", "transpose", "slice", "reshape"]);
const isView = (node: IrNode): boolean => VIEWS.has(kindOf(node));
const isInline = (node: IrNode): boolean => isView(node) || kindOf(node) === "elementwise" || kindOf(node) === "cast";
/** Kinds whose kernels read whole buffers rather than expressions. */
const READS_BUFFERS = new Set([
  "matmul",
  "pack",
  "gather",
  "scatterAdd",
  "argmax",
  "cumsum",
  "cholesky",
  "triangularSolve",
  "random",
  "scan",
]);

/** What is given, or a result of the scan before it. */
const NOT_COMPUTED = new Set(["input", "constant", "pick"]);

export const isScalarConstant = (node: IrNode): boolean => node.what.kind === "constant" && node.what.data.length === 1;

export function fuse(graph: IrGraph): Fusion {
  const { stored, costs } = chooseStored(graph);
  const groups: Group[] = [];
  for (const node of graph.nodes) {
    if (!stored.has(node) || NOT_COMPUTED.has(kindOf(node))) continue;
    if (isInline(node)) place(node, groups, stored, costs);
    else groups.push({ kind: "single", node });
  }
  return { groups, stored: dropPrivate(graph, groups, stored) };
}

/** A loop and a buffer for each node: nothing is fused. */
export function storeAll(graph: IrGraph): Fusion {
  const computed = graph.nodes.filter((node) => !NOT_COMPUTED.has(kindOf(node)));
  const group = (node: IrNode): Group => (isInline(node) ? { kind: "loop", nodes: [node] } : { kind: "single", node });
  return { groups: computed.map(group), stored: new Set(graph.nodes) };
}

/** The nodes with buffers, and what computing each node from the nearest buffers costs. */
function chooseStored(graph: IrGraph): { stored: Set<IrNode>; costs: ReadonlyMap<IrNode, number> } {
  const users = new Map<IrNode, IrNode[]>();
  for (const node of graph.nodes)
    for (const input of new Set(node.inputs)) users.set(input, [...(users.get(input) ?? []), node]);
  const outputs = new Set(graph.outputs);
  const stored = new Set<IrNode>();
  const costs = new Map<IrNode, number>();
  for (const node of graph.nodes) {
    const kind = kindOf(node);
    const { count, repeats, needsBuffer } = readers(node, users);
    if (!isInline(node)) {
      costs.set(node, 0);
      if (!isScalarConstant(node) || needsBuffer) stored.add(node);
      if (kind === "reduce") prepareReduce(node, stored, costs);
      continue;
    }
    const own = node.what.kind === "elementwise" ? node.what.cost : kind === "cast" ? 1 : 0;
    const cost = node.inputs.reduce((sum, input) => sum + (stored.has(input) ? 0 : (costs.get(input) ?? 0)), own);
    costs.set(node, cost);
    const keep =
      outputs.has(node) ||
      cost > LARGEST_EXPRESSION ||
      (needsBuffer && !(kind === "reshape" && bufferOf(node, stored) !== undefined)) ||
      (!isView(node) && ((count > 1 && cost > CHEAP) || (repeats && cost >= WORTH_STORING)));
    if (keep) stored.add(node);
  }
  // A buffer chosen for one reader changes how others read, so reductions are looked at until nothing changes.
  const reductions = graph.nodes.filter((node) => kindOf(node) === "reduce");
  for (let before = -1; before !== stored.size; ) {
    before = stored.size;
    for (const node of reductions) prepareReduce(node, stored, costs);
  }
  return { stored, costs };
}

/** Who reads a node, looking through views: how many, whether an element is read repeatedly, whether as a buffer. */
interface Readers {
  readonly count: number;
  readonly repeats: boolean;
  readonly needsBuffer: boolean;
}

function readers(node: IrNode, users: ReadonlyMap<IrNode, readonly IrNode[]>): Readers {
  let count = 0;
  let repeats = false;
  let needsBuffer = false;
  for (const user of users.get(node) ?? []) {
    if (READS_BUFFERS.has(kindOf(user))) needsBuffer = true;
    if (kindOf(user) === "reshape" && !isUnitReshape(node.shape, user.shape)) needsBuffer = true;
    if (sizeOfNode(user) > sizeOfNode(node) && (isView(user) || kindOf(user) === "elementwise")) repeats = true;
    if (isView(user)) {
      const further = readers(user, users);
      count += further.count;
      repeats ||= further.repeats;
    } else count++;
  }
  return { count, repeats, needsBuffer };
}

/** The node whose buffer holds exactly the elements of `node`: itself, or what it only reshapes. */
export function bufferOf(node: IrNode, stored: ReadonlySet<IrNode>): IrNode | undefined {
  if (stored.has(node)) return node;
  return kindOf(node) === "reshape" ? bufferOf(node.inputs[0]!, stored) : undefined;
}

/** A reduction needs its three loops as single strides; where the expression's reads do not allow that, its input is stored. */
function prepareReduce(node: IrNode, stored: Set<IrNode>, costs: Map<IrNode, number>): void {
  const input = node.inputs[0]!;
  if (stored.has(input) || !isInline(input)) return;
  const { n, inner } = reduceLayout(input.shape, node.attrs.from as number, node.attrs.to as number);
  const heavy = inner === 1 && n >= 256 && (costs.get(input) ?? 0) > WORTH_STORING;
  if (
    heavy ||
    reduceLoops(
      node,
      readsOf(input, (n) => stored.has(n)),
    ) === undefined
  )
    stored.add(input);
}

/** Sizes [...outer, n, inner] and the accesses over them, or undefined if n or inner are not one stride. */
export function reduceLoops(
  node: IrNode,
  accesses: readonly Access[],
): { outer: number[]; n: number; inner: number; accesses: Access[] } | undefined {
  const shape = node.inputs[0]!.shape;
  const [from, to] = [node.attrs.from as number, node.attrs.to as number];
  const part = (start: number, end: number) =>
    collapse(
      shape.slice(start, end),
      accesses.map((a) => ({ ...a, strides: a.strides.slice(start, end) })),
    );
  const [outer, reduced, inner] = [part(0, from), part(from, to), part(to, shape.length)];
  if (reduced.sizes.length > 1 || inner.sizes.length > 1) return undefined;
  const [n, width] = [reduced.sizes[0] ?? shape.slice(from, to).reduce((x, y) => x * y, 1), inner.sizes[0] ?? 1];
  return {
    outer: outer.sizes,
    n,
    inner: shape.slice(to).includes(0) ? 0 : width,
    accesses: accesses.map((a, i) => ({
      ...a,
      strides: [
        ...outer.accesses[i]!.strides,
        reduced.accesses[i]!.strides[0] ?? 0,
        inner.accesses[i]!.strides[0] ?? 0,
      ],
    })),
  };
}

/** What stored elements a loop over the shape of `node` reads to compute it. */
export function readsOf(node: IrNode, isStored: (node: IrNode) => boolean): Access[] {
  const out: Access[] = [];
  const seen = new Set<string>();
  const rank = node.shape.length;
  const visit = (at: IrNode, map: IndexMap): void => {
    const key = `${at.id}:${map.map((m) => `${m.offset},${m.strides}`)}`;
    if (seen.has(key) || isScalarConstant(at)) return;
    seen.add(key);
    if (at !== node && isStored(at)) out.push(accessOf(at, map, rank));
    else if (isBufferView(at)) out.push({ ...accessOf(at, map, rank), node: storedSource(at, isStored) });
    else for (const input of at.inputs) visit(input, mapOfInput(at, input, map));
  };
  visit(node, identityMap(node.shape));
  return out;
}

/** A reshape that moves elements to other axes can only be read from its input's buffer. */
export const isBufferView = (node: IrNode): boolean =>
  kindOf(node) === "reshape" && !isUnitReshape(node.inputs[0]!.shape, node.shape);

/** The stored node whose buffer a chain of reshapes reads. */
export function storedSource(node: IrNode, isStored: (node: IrNode) => boolean): IrNode {
  let at = node.inputs[0]!;
  while (!isStored(at)) at = at.inputs[0]!;
  return at;
}

/** Puts a node into the last loop of its shape that can take it, or into a new one. */
function place(node: IrNode, groups: Group[], stored: ReadonlySet<IrNode>, costs: ReadonlyMap<IrNode, number>): void {
  const costOf = (n: IrNode): number => costs.get(n) ?? 0;
  const reads = readsOf(node, (n) => stored.has(n));
  for (let i = groups.length - 1; i >= 0; i--) {
    const group = groups[i]!;
    const produced = group.kind === "loop" ? group.nodes : [group.node];
    const feeding = reads.filter(({ node: from }) =>
      produced.includes(kindOf(from) === "pick" ? from.inputs[0]! : from),
    );
    if (group.kind === "loop" && group.nodes.length < LARGEST_GROUP && sameLoop(group.nodes[0]!, node)) {
      const fits = group.nodes.reduce((sum, n) => sum + costOf(n), costOf(node)) <= LARGEST_BODY;
      if (fits && feeding.every((read) => isIdentity(read, node.shape))) {
        group.nodes.push(node);
        return;
      }
    }
    if (feeding.length > 0) break; // it must run after this group
  }
  groups.push({ kind: "loop", nodes: [node] });
}

function sameLoop(a: IrNode, b: IrNode): boolean {
  return a.shape.length === b.shape.length && a.shape.every((n, i) => n === b.shape[i]);
}

/** Results that only their own loop reads stay in registers. */
function dropPrivate(graph: IrGraph, groups: readonly Group[], stored: ReadonlySet<IrNode>): Set<IrNode> {
  const home = new Map<IrNode, Group>();
  for (const group of groups) if (group.kind === "loop") for (const node of group.nodes) home.set(node, group);
  const shared = new Set<IrNode>(graph.outputs);
  for (const group of groups) {
    const nodes = group.kind === "loop" ? group.nodes : [group.node];
    for (const node of nodes)
      for (const source of sourcesOf(node, stored)) if (home.get(source) !== group) shared.add(source);
  }
  return new Set([...stored].filter((node) => shared.has(node) || !home.has(node)));
}

/** The stored nodes that computing `node` reads. */
function sourcesOf(node: IrNode, stored: ReadonlySet<IrNode>): Set<IrNode> {
  const out = new Set<IrNode>();
  const seen = new Set<IrNode>();
  const visit = (at: IrNode): void => {
    if (seen.has(at)) return;
    seen.add(at);
    if (stored.has(at)) out.add(at);
    else at.inputs.forEach(visit);
  };
  node.inputs.forEach(visit);
  return out;
}

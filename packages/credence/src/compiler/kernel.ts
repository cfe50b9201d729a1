import type { DType } from "../graph/dtype.js";
import type { MatmulLayout } from "../ops/matmul.js";
import type { Made } from "../ops/random.js";
import type { ReduceKind } from "../ops/reduce.js";
import type { TriangularForm } from "../ops/triangularSolve.js";
import type { Access } from "./access.js";
import type { Expression } from "./expression.js";
import type { IrNode } from "./ir.js";
import type { MemoryPlan as BodyPlan } from "./memory.js";

/** One function of the compiled module: what it computes, without addresses. */
export type Kernel =
  | LoopKernel
  | ReduceKernel
  | MatmulKernel
  | PackKernel
  | RandomKernel
  | CumsumKernel
  | ScanKernel
  | BandsKernel
  | ArgmaxKernel
  | CholeskyKernel
  | TriangularSolveKernel
  | GatherKernel
  | ScatterKernel
  | FillKernel;

interface KernelBase {
  readonly name: string;
  /** Buffers it reads, and those it writes. */
  readonly reads: readonly IrNode[];
  readonly writes: readonly IrNode[];
}

/** Nested loops that compute and store expressions element by element. */
export interface LoopKernel extends KernelBase {
  readonly kind: "loop";
  readonly sizes: readonly number[];
  readonly accesses: readonly Access[];
  readonly stores: readonly { readonly access: number; readonly value: Expression }[];
}

/** out[o, i] = combine over k of the expression at (o, k, i); the order of combination is that of `ops/reduce.ts`. */
export interface ReduceKernel extends KernelBase {
  readonly kind: "reduce";
  readonly reduce: ReduceKind;
  readonly dtype: DType;
  /** Loops: any number outside, then the reduced one, then the inner one (1 if none). */
  readonly outer: readonly number[];
  readonly n: number;
  readonly inner: number;
  /** Strides over [...outer, n, inner]; the last access is the result's (stride 0 along n). */
  readonly accesses: readonly Access[];
  readonly value: Expression;
  /** A part of one sum that goes on from where the part before ended: partial results lie in memory between them. */
  readonly carry?: { readonly partials: IrNode; readonly stage: "start" | "on" | "end" };
}

export interface MatmulKernel extends KernelBase {
  readonly kind: "matmul";
  readonly dtype: "float32" | "float64";
  readonly layout: MatmulLayout;
  readonly transA: boolean;
  /** Operands that lie in panels. The right one is else [k, n], row by row. */
  readonly packed: { readonly left: boolean; readonly right: boolean };
  /** From one k to the next in a left operand [k, m], in elements: m of the whole product, also in a part of it. */
  readonly leading: number;
  /** The first elements of the operands that are read; 0 but in parts. */
  readonly start: { readonly a: number; readonly b: number };
  /** What becomes of each sum: accesses over [batch · m, n]. Number `sum` is the sum itself, in memory only if it is written there. */
  readonly sum: number;
  readonly accesses: readonly Access[];
  readonly stores: LoopKernel["stores"];
}

/** Puts an operand of products into panels (`emit/panels.ts`). */
export interface PackKernel extends KernelBase {
  readonly kind: "pack";
  readonly dtype: "float32" | "float64";
  readonly layout: Omit<MatmulLayout, "m">;
  /** Columns of a panel. */
  readonly width: number;
  /** The operand comes as [n, k]. */
  readonly transposed: boolean;
  /** Which of the n are packed here, from a multiple of the width on, and the first element read and written: all and 0 but in parts. */
  readonly neighbours: { readonly from: number; readonly count: number };
  readonly start: number;
}

/** Random words (int32), or the numbers that are made of them. */
export interface RandomKernel extends KernelBase {
  readonly kind: "random";
  readonly dtype: DType;
  readonly made: Made;
  /** Blocks in all, and those that are drawn here. */
  readonly blocks: number;
  readonly from: number;
  readonly count: number;
  readonly domain: number;
}

/** Running sums along the last axis. */
export interface CumsumKernel extends KernelBase {
  readonly kind: "cumsum";
  readonly dtype: DType;
  readonly rows: number;
  readonly n: number;
  readonly reverse: boolean;
}

export interface ArgmaxKernel extends KernelBase {
  readonly kind: "argmax";
  readonly dtype: DType;
  readonly rows: number;
  readonly n: number;
}

/** Lower triangular factors of `batch` matrices of n rows. */
export interface CholeskyKernel extends KernelBase {
  readonly kind: "cholesky";
  readonly dtype: "float32" | "float64";
  readonly batch: number;
  readonly n: number;
}

/** Unknowns [batch, n, m] of systems with triangular matrices [batch, n, n]. */
export interface TriangularSolveKernel extends KernelBase {
  readonly kind: "triangularSolve";
  readonly dtype: "float32" | "float64";
  readonly batch: number;
  readonly n: number;
  readonly m: number;
  readonly form: TriangularForm;
}

export interface GatherKernel extends KernelBase {
  readonly kind: "gather";
  readonly dtype: DType;
  readonly count: number;
  readonly width: number;
  readonly rows: number;
}

export interface ScatterKernel extends KernelBase {
  readonly kind: "scatter";
  readonly dtype: DType;
  readonly count: number;
  readonly width: number;
  readonly rows: number;
}

/** Kernels that run over one band of rows after another (`bands.ts`). */
export interface BandsKernel extends KernelBase {
  readonly kind: "bands";
  /** As they would run over all rows, in order. */
  readonly kernels: readonly (LoopKernel | ReduceKernel)[];
  readonly rows: number;
  readonly band: number;
  /** Room for the number of the band and for `places`. */
  readonly room: IrNode;
  /** What nobody else reads, as much of it as a band has, and partial results: bytes from the room's start. */
  readonly places: ReadonlyMap<IrNode, number>;
  /** The partial results of what is summed over all rows. */
  readonly carried: ReadonlyMap<IrNode, IrNode>;
}

/** Zeros. */
export interface FillKernel extends KernelBase {
  readonly kind: "fill";
}

/** A body of kernels of its own, run once a step over slices of stacked inputs, with a state carried from step to step. */
export interface ScanKernel extends KernelBase {
  readonly kind: "scan";
  readonly steps: number;
  readonly reverse: boolean;
  readonly body: BodyPlan;
  /** Room for the number of the step, and for everything that the body keeps for itself. */
  readonly room: IrNode;
  /** Buffers of the body that lie in buffers around it: as one slice a step, or whole; state lies where its result is wanted. */
  readonly outside: ReadonlyMap<IrNode, { readonly buffer: IrNode; readonly isSlice: boolean }>;
  /** A bool of the state: the steps go on while it holds. */
  readonly condition?: IrNode;
  /** The starting state, copied in before the first step. */
  readonly given: readonly { readonly from: IrNode; readonly to: IrNode }[];
}

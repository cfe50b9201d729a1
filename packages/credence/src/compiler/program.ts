import { fail } from "../errors.js";
import { bytesOf, type Data, type DType } from "../graph/dtype.js";
import { sizeOf } from "../graph/shape.js";
import { callersLine } from "../place.js";
import type { Blueprint } from "./blueprint.js";
import type { IrNode } from "./ir.js";
import { describeNeeds } from "./memory.js";
import { partsOf } from "./threads/control.js";
import { crewOf } from "./threads/crew.js";

type View = Float64Array | Float32Array | Int32Array;

/** A compiled graph with its memory. It goes, memory and all, when nothing refers to it. */
export class Program {
  readonly blueprint: Blueprint;
  private readonly memory: WebAssembly.Memory;
  private readonly execute: () => void;
  private readonly kernels: readonly (() => void)[];
  private readonly inputs: ReadonlyMap<number, IrNode>;
  private readonly views = new Map<IrNode, View>();

  constructor(blueprint: Blueprint) {
    this.blueprint = blueprint;
    this.memory = allocate(blueprint);
    const exports = this.instantiate();
    this.execute = exports.run as () => void;
    this.kernels = blueprint.plan.kernels.map((_, i) => exports[`kernel ${i}`] as () => void);
    const inputs = new Map<number, IrNode>();
    for (const node of blueprint.graph.nodes) {
      if (node.what.kind === "input") inputs.set(node.what.slot, node);
      const place = blueprint.plan.offsets.get(node);
      if (node.what.kind === "constant" && place !== undefined) this.write(node, node.what.data);
    }
    this.inputs = inputs;
  }

  private instantiate(): WebAssembly.Exports {
    const { module, engine, divided } = this.blueprint;
    const { memory } = this;
    const crew = divided > 0 ? crewOf(engine.threads) : undefined;
    const number = crew?.enlist(module, memory, this);
    const fork = (first: number, count: number): void => crew!.run(number!, parts, first, count);
    const { exports } = new WebAssembly.Instance(module, { env: { memory, fork } });
    const parts = partsOf(exports);
    return exports;
  }

  /** Copies numbers into an input's place. */
  setInput(slot: number, data: Data): void {
    this.write(this.inputs.get(slot)!, data);
  }

  run(): void {
    this.execute();
  }

  /**
   * Median microseconds of each kernel over some runs. Memory is put back as it was.
   *
   * @returns in the order of the plan's kernels
   */
  measure(runs: number): number[] {
    const before = this.memory.buffer.slice(0);
    const times = this.kernels.map(() => new Float64Array(runs));
    for (let run = 0; run < runs; run++) {
      this.kernels.forEach((kernel, i) => {
        const began = performance.now();
        kernel();
        times[i]![run] = (performance.now() - began) * 1000;
      });
    }
    new Uint8Array(this.memory.buffer).set(new Uint8Array(before));
    return times.map((list) => list.sort()[runs >> 1]!);
  }

  /** Copies an output's numbers out. */
  getOutput(index: number): Data {
    const node = this.blueprint.graph.outputs[index]!;
    const slot = this.blueprint.plan.inPlace.get(index);
    const place = slot === undefined ? node : this.inputs.get(slot)!;
    const view = this.view(place);
    return node.dtype === "bool" ? Uint8Array.from(view) : view.slice();
  }

  private write(node: IrNode, data: Data): void {
    this.view(node).set(data);
  }

  /** A window on a buffer; memory never grows, so it stays valid. */
  private view(node: IrNode): View {
    let view = this.views.get(node);
    if (!view) {
      view = viewOf(this.memory.buffer, this.blueprint.plan.offsets.get(node)!, node.dtype, sizeOf(node.shape));
      this.views.set(node, view);
    }
    return view;
  }
}

function allocate({ plan, pages, divided }: Blueprint): WebAssembly.Memory {
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: divided > 0 });
  } catch (error) {
    const { largest, needs } = describeNeeds(plan.bytes, plan.offsets);
    return fail(
      {
        code: "memory",
        given: `compile: ${needs}, and the engine refuses the memory: ${(error as Error).message}`,
        mend: "work in smaller batches, or let go of compiled functions that are needed no longer",
        at: largest.at ?? callersLine(),
      },
      { cause: error },
    );
  }
}

function viewOf(buffer: ArrayBuffer, place: number, dtype: DType, size: number): View {
  if (place % bytesOf(dtype) !== 0) throw new RangeError("misplaced buffer");
  if (dtype === "float64") return new Float64Array(buffer, place, size);
  return dtype === "float32" ? new Float32Array(buffer, place, size) : new Int32Array(buffer, place, size);
}

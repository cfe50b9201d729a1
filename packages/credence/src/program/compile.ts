import { type Blueprint, makeBlueprint } from "../compiler/blueprint.js";
import { capture, type IrGraph } from "../compiler/ir.js";
import { describePlan } from "../compiler/print.js";
import { Program } from "../compiler/program.js";
import { CredenceError, fail } from "../errors.js";
import { sameShape, showShape } from "../graph/shape.js";
import { type Template, templateOf } from "../graph/template.js";
import { type Source, Tensor } from "../graph/tensor.js";
import { type Leaf, leavesOf, rebuild, type Tensors } from "../graph/tree.js";
import { callersLine, notingLines } from "../place.js";
import { traced } from "../trace.js";
import { describeSignature, difference, type Signature, signatureOf } from "./signature.js";

export interface CompileOptions {
  /** Name in plans and errors; default: the function's own. */
  readonly name?: string;
  /**
   * Positions of arguments whose memory the results may take: a training step updates its state in place. A donated
   * tensor can't be read afterwards; use the one that the call returned.
   */
  readonly donate?: readonly number[];
}

export interface Compiled<A extends readonly unknown[], R> {
  (...args: A): Tensors<R>;
  /**
   * What was compiled: graph, kernels, memory, operations; one part for each set of shapes seen.
   *
   * @param options.measure  runs each kernel so many times on what the last call left, and gives its median time
   */
  plan(options?: { readonly measure?: number }): string;
}

/**
 * Compiles a function of trees of tensors into one WebAssembly module: traced once for each set of shapes, element types and
 * constants of its arguments, then run without the function.
 *
 * Arguments that were given before (the same tensor) are not copied again, and donated state stays in the module's memory
 * between calls.
 *
 * @throws CredenceError `traced`: the function looks at a number of its arguments; `memory`: over 4 GiB
 */
export function compile<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
  options: CompileOptions = {},
): Compiled<A, R> {
  if (typeof fn !== "function") {
    fail({ code: "argument", given: `compile: ${typeof fn}`, allowed: "a function", at: callersLine() });
  }
  const name = options.name ?? (fn.name || "compiled function");
  const donate = new Set(options.donate ?? []);
  const variants: Variant[] = [];
  let count = 0;
  let latest: Variant | undefined;
  const compiled = (...args: A): Tensors<R> => {
    let given = latest?.accept(args);
    for (let i = 0; i < variants.length && !given; i++) {
      latest = variants[i]!;
      given = latest.accept(args);
    }
    if (!given) {
      checkDonated(name, args, donate);
      latest = new Variant(name, ++count, fn as (...args: never) => unknown, args, donate, latest);
      given = latest.accept(args)!;
      variants.push(latest);
      if (variants.length > MOST_VARIANTS) variants.shift();
    }
    return latest!.call(given) as Tensors<R>;
  };
  compiled.plan = ({ measure = 0 }: { readonly measure?: number } = {}) => {
    if (variants.length === 0) return `${name}: not called yet`;
    const parts = variants.map((v) => v.describe(measure, variants.length > 1));
    const why = `${name}: ${count} variants; the newest was compiled since ${variants[variants.length - 1]!.reason}`;
    return [...(count > 1 ? [why] : []), ...parts].join("\n\n");
  };
  return compiled;
}

/** Programs kept for different shapes; the oldest goes first. */
const MOST_VARIANTS = 32;

/** The program of one signature. */
class Variant {
  readonly blueprint: Blueprint;
  /** 1 for the first that was compiled. */
  readonly number: number;
  /** How its arguments differ from those that were used before. */
  readonly reason: string | undefined;
  private readonly name: string;
  private readonly signature: Signature;
  private readonly template: Template;
  private readonly placeholders: readonly Tensor[];
  /** Where each argument stands, for messages. */
  private readonly paths: readonly string[];
  private readonly program: Program;
  private readonly result: Template;
  private readonly outputs: readonly Tensor[];
  /** What a result's numbers are read from while they lie in the program's memory. */
  private readonly residences: readonly Source[];
  /** Output number to the slot whose memory it takes. */
  private readonly donated: ReadonlyMap<number, number>;
  /** What each slot holds just now, if it is known. */
  private readonly bound: (Tensor | undefined)[] = [];

  constructor(
    name: string,
    number: number,
    fn: (...args: never) => unknown,
    args: readonly unknown[],
    donate: ReadonlySet<number>,
    before: Variant | undefined,
  ) {
    const leaves = leavesOf(args);
    this.name = name;
    this.number = number;
    this.signature = signatureOf(args);
    this.reason = before && difference(before.signature, this.signature);
    this.template = templateOf(args);
    this.paths = leaves.map((leaf) => leaf.path);
    const placeholders = leaves.map(
      ({ tensor: t, path }, index) =>
        new Tensor(t.shape, t.dtype, { kind: "argument", index, label: `argument ${path} of ${name}` }, t.weak),
    );
    this.placeholders = placeholders;
    const trace = () => this.trace(fn, rebuild(args, placeholders));
    const result = trace();
    this.result = templateOf(result);
    const outputs = leavesOf(result);
    this.outputs = outputs.map((o) => o.tensor);
    this.donated = pairDonated(name, leaves, outputs, donate);
    const { graph, leaves: captured } = capture(this.outputs, placeholders);
    this.blueprint = this.plan(graph, trace);
    const program = new Program(this.blueprint);
    this.program = program;
    this.residences = outputs.map((_, i) => ({ kind: "resident", read: () => program.getOutput(i) }));
    captured.slice(placeholders.length).forEach((leaf, i) => {
      this.program.setInput(placeholders.length + i, leaf.data());
    });
  }

  /** What the function answers for placeholders. */
  private trace(fn: (...args: never) => unknown, args: readonly unknown[]): unknown {
    const result = traced(() => {
      try {
        return fn(...(args as never[] as never));
      } catch (error) {
        // a TypeError of a known function is most likely due to what is new in its arguments
        if (error instanceof CredenceError || this.reason === undefined) throw error;
        return fail(
          {
            code: "argument",
            given: `${this.name}: compiled anew, since ${this.reason}, and that failed: ${(error as Error).message}`,
            mend: "give what earlier calls gave",
          },
          { cause: error },
        );
      }
    });
    if (!(result instanceof Promise)) return result;
    return fail({
      code: "argument",
      given: `compile: ${this.name} answers a promise`,
      allowed: "a function that answers tensors at once: it is traced, and does not run again",
      at: callersLine(),
    });
  }

  /** @param trace  makes the graph again, for the line of what is too large */
  private plan(graph: IrGraph, trace: () => unknown): Blueprint {
    try {
      return makeBlueprint(graph, this.donated);
    } catch (error) {
      if (!(error instanceof CredenceError && error.code === "memory")) throw error;
      return notingLines(() => {
        const again = leavesOf(trace()).map((leaf) => leaf.tensor);
        return makeBlueprint(capture(again, this.placeholders).graph, this.donated);
      });
    }
  }

  /** @param several  are there others? */
  describe(measure: number, several: boolean): string {
    const title = several ? `${this.name}, variant ${this.number}: ${describeSignature(this.signature)}` : this.name;
    const times = measure > 0 ? this.program.measure(measure) : undefined;
    return describePlan(title, this.blueprint, { times, inputs: this.paths.map((path) => `argument ${path}`) });
  }

  /** The leaves of the arguments, if the function was traced for their nesting, shapes and element types. */
  accept(args: readonly unknown[]): Tensor[] | undefined {
    const given: Tensor[] = [];
    if (!this.template.collect(args, given)) return undefined;
    for (let i = 0; i < given.length; i++) {
      const [a, b] = [given[i]!, this.placeholders[i]!];
      if (a.dtype !== b.dtype || a.weak !== b.weak || (a.shape !== b.shape && !sameShape(a.shape, b.shape)))
        return undefined;
    }
    return given;
  }

  call(arguments_: readonly Tensor[]): unknown {
    const { program, bound } = this;
    const residents = new Set(this.donated.values());
    arguments_.forEach((given, slot) => {
      if (given.source.kind === "donated") {
        fail({
          code: "donated",
          given: `${this.name}: argument ${this.paths[slot]} was donated to ${given.source.to} before`,
          mend: "pass the tensor that the call returned",
          at: callersLine(),
        });
      }
      const held = bound[slot];
      if (held === given) return;
      if (held !== undefined && residents.has(slot)) held.data(); // about to be written over: keep its numbers
      program.setInput(slot, given.data());
      bound[slot] = given;
    });
    for (const slot of residents) {
      const given = bound[slot]!;
      if (given.source.kind === "resident") given.source = { kind: "donated", to: this.name };
      bound[slot] = undefined;
    }
    program.run();
    const results = this.outputs.map((output, i) => {
      const slot = this.donated.get(i);
      if (slot === undefined)
        return new Tensor(output.shape, output.dtype, { kind: "data", data: program.getOutput(i) });
      const resident = new Tensor(output.shape, output.dtype, this.residences[i]!);
      bound[slot] = resident;
      return resident;
    });
    let next = 0;
    return this.result.build(() => results[next++]);
  }
}

/** Refuses a call without the state that is donated. */
function checkDonated(name: string, args: readonly unknown[], donate: ReadonlySet<number>): void {
  for (const position of donate) {
    const state = args[position];
    if (state !== undefined && state !== null) continue;
    fail({
      code: "donated",
      given: `${name}: argument ${position}, which is donated, is ${position < args.length ? state : `missing: ${args.length} given`}`,
      allowed: "a tensor, or a tree of tensors",
      mend: "pass what the last call returned, or the first state",
      at: callersLine(),
    });
  }
}

/** For each donated leaf the result that takes its place: of the same path below the argument if there is one. */
function pairDonated(
  name: string,
  leaves: readonly Leaf[],
  outputs: readonly Leaf[],
  donate: ReadonlySet<number>,
): Map<number, number> {
  const pairs = new Map<number, number>();
  const fits = (a: Tensor, b: Tensor): boolean => a.dtype === b.dtype && sameShape(a.shape, b.shape);
  leaves.forEach((leaf, slot) => {
    const [position, ...rest] = leaf.path.split(".");
    if (!donate.has(Number(position))) return;
    const within = rest.join(".");
    const open = outputs.map((_, i) => i).filter((i) => !pairs.has(i) && fits(outputs[i]!.tensor, leaf.tensor));
    const same = open.find((i) => outputs[i]!.path === within || outputs[i]!.path.endsWith(`.${within}`));
    const chosen = same ?? open[0];
    if (chosen === undefined) {
      fail({
        code: "argument",
        given: `${name}: donated argument ${leaf.path} of shape ${showShape(leaf.tensor.shape)} has no result of its shape and type`,
        mend: "return its new value, or do not donate it",
        at: callersLine(),
      });
    }
    pairs.set(chosen, slot);
  });
  return pairs;
}

import type { Callee } from "../callee.js";
import type { EngineSettings } from "../engine.js";
import { partName } from "../threads/control.js";
import { Code, encodeModule, type FunctionSpec } from "../wasm/assembler.js";
import { codeOf } from "./callee.js";

/** Runs parts of a kernel on threads: number of the first part's function, number of parts. */
const FORK = 0;

/** The functions of a module as they are written. */
export class ModuleBuilder {
  readonly engine: EngineSettings;
  private readonly functions: FunctionSpec[] = [];
  /** Number of the first function: the import stands before it. */
  private readonly first: number;
  /** Kernels in parts. */
  divided = 0;

  constructor(engine: EngineSettings) {
    this.engine = engine;
    this.first = engine.threads > 1 ? FORK + 1 : 0;
  }

  /** Adds a function; answers its number. */
  define(name: string, code: Code, exportName?: string): number {
    return this.first + this.functions.push({ name, code, ...(exportName !== undefined && { exportName }) }) - 1;
  }

  /** Adds a kernel in parts, which threads may run at the same time; answers the number of the function that has them run. */
  defineParts(name: string, parts: readonly Code[]): number {
    this.divided++;
    const from = this.first + this.functions.length;
    parts.forEach((part, i) => {
      this.define(`${name} part ${i}`, part, partName(from + i));
    });
    return this.define(name, new Code().i32(from).i32(parts.length).call(FORK));
  }

  /** Lets a function be called from outside. */
  export(number: number, exportName: string): void {
    const at = number - this.first;
    this.functions[at] = { ...this.functions[at]!, exportName };
  }

  encode(pages: number): Uint8Array {
    this.linkCallees();
    return encodeModule(this.functions, {
      pages,
      shared: this.divided > 0,
      ...(this.first > 0 && { imported: "fork" }),
    });
  }

  /** Adds the functions that others call by name, each once. */
  private linkCallees(): void {
    const numbers = new Map<string, number>();
    const numberOf = (callee: Callee): number => {
      let number = numbers.get(callee.key);
      if (number === undefined) {
        number = this.define(callee.name, codeOf(callee, this.engine.simd));
        numbers.set(callee.key, number);
      }
      return number;
    };
    for (const { code } of this.functions) code.linkCalls(numberOf); // what this adds is visited as well
  }
}

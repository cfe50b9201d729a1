import type { Callee } from "../callee.js";
import { type Instruction, opcodes } from "./opcodes.js";

/**
 * Writes WebAssembly modules: functions of instructions over one imported memory.
 *
 * @source WebAssembly Core Specification 2.0, chapter 5 (binary format)
 */
export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

const typeCodes: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b };
const EMPTY_BLOCK = 0x40;

/** A local variable's number. */
export type Local = number;

/** A call of a function whose number is not known yet, and where in the code that number belongs. */
interface OpenCall {
  readonly of: Callee;
  readonly at: number;
}

/** Bytes kept free for a function's number: as many as 32 bits can take. */
const NUMBER_BYTES = 5;

/** One function's code. Instructions are appended in stack order. */
export class Code {
  readonly bytes: number[] = [];
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
  readonly openCalls: OpenCall[] = [];
  private readonly locals: ValueType[] = [];
  private readonly spare: Partial<Record<ValueType, Local[]>> = {};
  private taken: { type: ValueType; local: Local }[] | undefined;

  constructor(parameters: readonly ValueType[] = [], results: readonly ValueType[] = []) {
    this.parameters = parameters;
    this.results = results;
  }

  local(type: ValueType): Local {
    const local = this.spare[type]?.pop() ?? this.parameters.length + this.locals.push(type) - 1;
    this.taken?.push({ type, local });
    return local;
  }

  /** What `body` takes as locals is free for others after it; such a local holds anything before it is set. */
  scope(body: () => void): this {
    const outer = this.taken;
    const own: { type: ValueType; local: Local }[] = [];
    this.taken = own;
    body();
    this.taken = outer;
    for (const { type, local } of own) {
      this.spare[type] ??= [];
      this.spare[type].push(local);
    }
    return this;
  }

  op(instruction: Instruction): this {
    this.bytes.push(...opcodes[instruction]);
    return this;
  }

  get(local: Local): this {
    return this.op("local.get").unsigned(local);
  }
  set(local: Local): this {
    return this.op("local.set").unsigned(local);
  }
  tee(local: Local): this {
    return this.op("local.tee").unsigned(local);
  }
  call(functionIndex: number): this {
    return this.op("call").unsigned(functionIndex);
  }

  /** Calls a function that gets its number later, from `linkCalls`. */
  callLater(callee: Callee): this {
    this.op("call");
    this.openCalls.push({ of: callee, at: this.bytes.length });
    return this.raw(new Array<number>(NUMBER_BYTES).fill(0));
  }
  linkCalls(numberOf: (callee: Callee) => number): void {
    for (const { of, at } of this.openCalls.splice(0)) {
      let rest = numberOf(of);
      for (let i = 0; i < NUMBER_BYTES; i++) {
        this.bytes[at + i] = (rest & 0x7f) | (i < NUMBER_BYTES - 1 ? 0x80 : 0);
        rest >>>= 7;
      }
    }
  }

  i32(value: number): this {
    this.op("i32.const");
    pushSigned(this.bytes, BigInt(value | 0));
    return this;
  }
  i64(value: bigint): this {
    this.op("i64.const");
    pushSigned(this.bytes, BigInt.asIntN(64, value));
    return this;
  }
  f32(value: number): this {
    return this.op("f32.const").raw(bytesOfFloat(value, 4));
  }
  f64(value: number): this {
    return this.op("f64.const").raw(bytesOfFloat(value, 8));
  }
  v128(bytes: readonly number[]): this {
    return this.op("v128.const").raw(bytes);
  }

  /** A load or store: the address is on the stack, `offset` is added to it. Natural alignment is not promised. */
  memory(instruction: Instruction, offset: number, lane?: number): this {
    this.op(instruction).unsigned(0).unsigned(offset);
    return lane === undefined ? this : this.raw([lane]);
  }
  lane(instruction: Instruction, lane: number): this {
    return this.op(instruction).raw([lane]);
  }
  shuffle(lanes: readonly number[]): this {
    return this.op("i8x16.shuffle").raw(lanes);
  }
  fill(): this {
    return this.op("memory.fill").raw([0]);
  }
  copy(): this {
    return this.op("memory.copy").raw([0, 0]);
  }

  /** A loop whose body jumps back with `br_if 0`; `body` leaves the condition to go on, an i32, on the stack. */
  loop(body: () => void): this {
    this.op("loop").raw([EMPTY_BLOCK]);
    body();
    return this.op("br_if").unsigned(0).op("end");
  }
  if(then: () => void, otherwise?: () => void): this {
    this.op("if").raw([EMPTY_BLOCK]);
    then();
    if (otherwise) {
      this.op("else");
      otherwise();
    }
    return this.op("end");
  }

  private unsigned(value: number): this {
    pushUnsigned(this.bytes, value);
    return this;
  }
  private raw(bytes: readonly number[]): this {
    this.bytes.push(...bytes);
    return this;
  }

  /** The function's entry in the code section. */
  encode(): number[] {
    const runs: [number, ValueType][] = [];
    for (const type of this.locals) {
      const last = runs[runs.length - 1];
      if (last && last[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    const body: number[] = [];
    pushUnsigned(body, runs.length);
    for (const [count, type] of runs) {
      pushUnsigned(body, count);
      body.push(typeCodes[type]);
    }
    const out: number[] = [];
    pushUnsigned(out, body.length + this.bytes.length + 1);
    return concatBytes([out, body, this.bytes, [0x0b]]);
  }
}

export interface FunctionSpec {
  readonly name: string;
  readonly code: Code;
  /** Names of functions may repeat, those of exports may not. */
  readonly exportName?: string;
}

export interface ModuleOptions {
  readonly pages: number;
  /** Memory that threads can share. */
  readonly shared?: boolean;
  /** A function of `env` that takes two i32; it has number 0, before all others. */
  readonly imported?: string;
}

/** A module of functions over `env.memory`. */
export function encodeModule(functions: readonly FunctionSpec[], options: ModuleOptions): Uint8Array {
  const { pages, shared = false } = options;
  const imported = options.imported === undefined ? [] : [options.imported];
  const names = [...imported, ...functions.map((f) => f.name)];
  const exported = functions.flatMap(({ exportName }, i) =>
    exportName === undefined ? [] : [[...text(exportName), 0x00, ...leb(imported.length + i)]],
  );
  const importType = signature(new Code(["i32", "i32"]));
  const signatures = functions.map(({ code }) => signature(code));
  const types = [...new Set([...imported.map(() => importType), ...signatures])];
  const memory = [...text("env"), ...text("memory"), 0x02, shared ? 0x03 : 0x01, ...leb(pages), ...leb(pages)];
  const imports = imported.map((name) => [...text("env"), ...text(name), 0x00, ...leb(types.indexOf(importType))]);
  const parts = [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    section(1, vector(types.map((type) => type.split(",").map(Number)))),
    section(2, vector([memory, ...imports])),
    section(3, vector(signatures.map((type) => leb(types.indexOf(type))))),
    section(7, vector(exported)),
    section(10, vector(functions.map((f) => f.code.encode()))),
    section(0, [...text("name"), ...section(1, vector(names.map((name, i) => [...leb(i), ...text(name)])))]),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A function's type, its bytes as text. */
function signature({ parameters, results }: Code): string {
  const list = (types: readonly ValueType[]) => vector(types.map((type) => [typeCodes[type]]));
  return [0x60, ...list(parameters), ...list(results)].join(",");
}

function section(id: number, content: readonly number[]): number[] {
  return concatBytes([[id], leb(content.length), content]);
}

function vector(items: readonly (readonly number[])[]): number[] {
  return concatBytes([leb(items.length), ...items]);
}

function text(value: string): number[] {
  const bytes = new TextEncoder().encode(value);
  return [...leb(bytes.length), ...bytes];
}

/** Spreading a long array into a call overflows the stack; this does not. */
function concatBytes(parts: readonly (readonly number[])[]): number[] {
  const out: number[] = [];
  for (const part of parts) for (const byte of part) out.push(byte);
  return out;
}

function leb(value: number): number[] {
  const out: number[] = [];
  pushUnsigned(out, value);
  return out;
}

function pushUnsigned(out: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80); // not a shift: offsets go up to 2³²
  }
  out.push(rest);
}

function pushSigned(out: number[], value: bigint): void {
  let rest = value;
  for (;;) {
    const byte = Number(rest & 0x7fn);
    rest >>= 7n;
    if ((rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)) {
      out.push(byte);
      return;
    }
    out.push(byte | 0x80);
  }
}

const scratch = new DataView(new ArrayBuffer(8));

export function bytesOfFloat(value: number, width: 4 | 8): number[] {
  if (width === 4) scratch.setFloat32(0, value, true);
  else scratch.setFloat64(0, value, true);
  return Array.from({ length: width }, (_, i) => scratch.getUint8(i));
}

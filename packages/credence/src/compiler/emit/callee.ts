import type { Callee } from "../callee.js";
import { expressionsBelow } from "../expression.js";
import { Code } from "../wasm/assembler.js";
import { Emitter, elements, type Simd, vector } from "../wasm/lanes.js";

/** Long functions take milliseconds to emit, and do not depend on the module they are in. */
const emitted = new Map<string, Code>();

/** The function of an elementwise op: vectors in, a vector out; elements where there are no vectors. */
export function codeOf(callee: Callee, simd: Simd): Code {
  const key = `${simd} ${callee.key}`;
  const known = emitted.get(key);
  if (known) return known;
  const code = emitCallee(callee, simd);
  emitted.set(key, code);
  return code;
}

function emitCallee({ dtype, parameters, body }: Callee, simd: Simd): Code {
  const lanes = simd === "scalar" ? elements(simd) : vector(dtype === "float64" ? 2 : 4);
  const type = lanes.typeOf(dtype);
  const code = new Code(new Array(parameters).fill(type), [type]);
  const result = body();
  const reader = {
    load: () => {
      throw new Error("a function reads no memory");
    },
    index: () => {
      throw new Error("a function has no position");
    },
  };
  const emitter = new Emitter(code, lanes, reader, [result]);
  for (const e of expressionsBelow([result])) if (e.op === "parameter") emitter.bind(e, e.immediate);
  emitter.push(result);
  return code;
}

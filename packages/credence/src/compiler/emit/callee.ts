import type { Callee } from "../callee.js";
import { expressionsBelow } from "../expression.js";
import { Code } from "../wasm/assembler.js";
import { Emitter, vector } from "../wasm/lanes.js";

/** The function of an elementwise op: vectors in, a vector out. */
export function emitCallee({ dtype, parameters, body }: Callee): Code {
  const code = new Code(new Array(parameters).fill("v128"), ["v128"]);
  const result = body();
  const reader = {
    load: () => {
      throw new Error("a function reads no memory");
    },
    index: () => {
      throw new Error("a function has no position");
    },
  };
  const emitter = new Emitter(code, vector(dtype === "float64" ? 2 : 4), reader, [result]);
  for (const e of expressionsBelow([result])) if (e.op === "parameter") emitter.bind(e, e.immediate);
  emitter.push(result);
  return code;
}

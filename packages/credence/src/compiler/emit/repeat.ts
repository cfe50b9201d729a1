import type { Code, Local } from "../wasm/assembler.js";

/** Moves a pointer on by a constant number of bytes. */
export function step(code: Code, pointer: Local, bytes: number): void {
  code.get(pointer).i32(bytes).op("i32.add").set(pointer);
}

/** Runs `body` `count` times; no loop for once. */
export function repeat(code: Code, count: number, body: () => void): void {
  if (count === 1) body();
  if (count <= 1) return;
  const counter = code.local("i32");
  code.i32(count).set(counter);
  code.loop(() => {
    body();
    code.get(counter).i32(-1).op("i32.add").tee(counter);
  });
}

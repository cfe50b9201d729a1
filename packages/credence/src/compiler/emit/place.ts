import type { IrNode } from "../ir.js";
import type { Code, Local } from "../wasm/assembler.js";

/** Where a buffer lies in the program's memory. A slice that a scan reads or writes in place moves with the scan's steps. */
export interface Place {
  readonly offset: number;
  readonly moves: readonly Move[];
}

/** Bytes from one step's slice to the next one's, and where the number of the step lies. */
interface Move {
  readonly counter: number;
  readonly bytes: number;
}

export const fixed = (offset: number): Place => ({ offset, moves: [] });

export type PlaceOf = (node: IrNode) => Place;

/** Do two buffers begin at the same address, at every step? */
export const keyOf = ({ offset, moves }: Place): string => `${offset} ${movesKey(moves)}`;
export const movesKey = (moves: Place["moves"]): string => moves.map((m) => `${m.counter}*${m.bytes}`).join(" ");

/** Pushes what the steps add to an address; nothing for a buffer that stays where it is. @returns was anything pushed? */
function pushMoves(code: Code, moves: Place["moves"]): boolean {
  moves.forEach(({ counter, bytes }, i) => {
    code.i32(counter).memory("i32.load", 0).i32(bytes).op("i32.mul");
    if (i > 0) code.op("i32.add");
  });
  return moves.length > 0;
}

/** Pushes the whole address. */
export function pushAddress(code: Code, { offset, moves }: Place): void {
  code.i32(offset);
  if (pushMoves(code, moves)) code.op("i32.add");
}

/** A new local with what the steps add to an address. Used at a function's beginning, where locals are 0. */
export function pointerTo(code: Code, { moves }: Place): Local {
  const pointer = code.local("i32");
  if (pushMoves(code, moves)) code.set(pointer);
  return pointer;
}

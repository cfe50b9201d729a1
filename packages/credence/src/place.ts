/**
 * The line of the caller's code that called into the library, such as `/home/me/model.ts:12:20`. It is read from the stack, so only
 * failures pay for it.
 *
 * @returns undefined where the library's files can't be told from the caller's: in a bundle of one file
 */
export const callersLine = (): string | undefined => lineOutside(stack());

/** The first line of a stack that is not in the folder of its innermost call, nor below it. */
export function lineOutside(text: string): string | undefined {
  const places = text.split("\n").flatMap(placeOf);
  const folder = places[0]?.replace(/[^/\\]*$/, "");
  const place = folder && places.find((p) => !p.startsWith(folder));
  return place?.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, "");
}

/** Deep enough to leave the library: engines keep ten calls by default. */
const DEPTH = 100;

function stack(): string {
  const { stackTraceLimit: before } = Error as { stackTraceLimit?: number };
  const limit = (depth: number) => Reflect.set(Error, "stackTraceLimit", depth); // where it is frozen nothing happens
  if (before !== undefined) limit(DEPTH);
  const text = new Error().stack ?? "";
  if (before !== undefined) limit(before);
  return text;
}

/** The file, line and column of one line of a stack, as V8 (`at f (file:1:2)`) and other engines (`f@file:1:2`) write it. */
function placeOf(line: string): string[] {
  const text = line.trim();
  const v8 = /^at (?:.*? \()?(.*?:\d+:\d+)\)?$/.exec(text);
  const place = v8 ? v8[1]!.replace(/^async /, "") : /^[^@]*@(.*:\d+:\d+)$/.exec(text)?.[1];
  // not the engine's own functions, such as those that call back from Array.map
  return place !== undefined && /^(?:[\w-]+:\/\/|\/|[A-Za-z]:\\)/.test(place) ? [place] : [];
}

let noted: WeakMap<object, string | undefined> | undefined;

/** Runs `fn` with the caller's line of each node of a graph kept: slow, so done again after a failure, to tell where it began. */
export function notingLines<T>(fn: () => T): T {
  noted = new WeakMap();
  try {
    return fn();
  } finally {
    noted = undefined;
  }
}

export function noteLine(node: object): void {
  if (noted) noted.set(node, callersLine());
}

export const notedLine = (node: object): string | undefined => noted?.get(node);

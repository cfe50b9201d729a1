/**
 * The JSON that a safetensors header may hold: objects, arrays, strings and whole numbers, a few levels deep.
 *
 * `JSON.parse` would keep the last of two equal keys without a word and would put `__proto__` where objects look
 * for methods; here objects become Maps, a repeated key is an error, and numbers are exact or refused.
 */
import { quoted, refuse } from "./format.js";

export type HeaderValue = string | number | readonly HeaderValue[] | ReadonlyMap<string, HeaderValue>;

/** file → tensor → shape is three; the fourth gives its own message to whoever nests more. */
const MAX_DEPTH = 4;

/** @throws CredenceError `file`: other JSON, no JSON, a repeated key, or nesting beyond four levels */
export function parseHeader(text: string): HeaderValue {
  const reader = new HeaderReader(text);
  const value = reader.value(1);
  reader.end();
  return value;
}

class HeaderReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): HeaderValue {
    if (depth > MAX_DEPTH) refuse(`the header nests deeper than ${MAX_DEPTH} levels`, `at most ${MAX_DEPTH} levels`);
    const first = this.peek();
    if (first === "{") return this.object(depth);
    if (first === "[") return this.array(depth);
    if (first === '"') return this.string();
    return this.wholeNumber();
  }

  end(): void {
    if (this.peek() !== undefined) this.unexpected("nothing after the header's object but spaces");
  }

  private object(depth: number): ReadonlyMap<string, HeaderValue> {
    const entries = new Map<string, HeaderValue>();
    this.list("{", "}", () => {
      if (this.peek() !== '"') this.unexpected("a name in double quotes");
      const key = this.string();
      if (entries.has(key)) refuse(`the header holds the name ${quoted(key)} twice`, "each name once");
      this.take(":");
      entries.set(key, this.value(depth + 1));
    });
    return entries;
  }

  private array(depth: number): readonly HeaderValue[] {
    const items: HeaderValue[] = [];
    this.list("[", "]", () => items.push(this.value(depth + 1)));
    return items;
  }

  private list(open: string, close: string, item: () => void): void {
    this.take(open);
    if (this.peek() !== close) {
      item();
      while (this.peek() === ",") {
        this.at++;
        item();
      }
    }
    this.take(close);
  }

  private string(): string {
    const start = this.at;
    let end = start;
    let backslashes: number;
    do {
      end = this.text.indexOf('"', end + 1);
      if (end < 0) this.unexpected("a closing double quote");
      backslashes = 0;
      while (this.text[end - 1 - backslashes] === "\\") backslashes++;
    } while (backslashes % 2 === 1); // an odd number escapes the quote
    this.at = end + 1;
    let text: string;
    try {
      text = JSON.parse(this.text.slice(start, this.at)) as string;
    } catch {
      this.at = start;
      return this.unexpected("a JSON string");
    }
    // a lone surrogate has no UTF-8 form, so it would not survive saving
    if (/\p{Cs}/u.test(text)) refuse(`the header's text ${quoted(text)} is not valid Unicode`, "whole characters");
    return text;
  }

  private wholeNumber(): number {
    const digits = /(?:0|[1-9]\d{0,15})(?![\d.eE])/y;
    digits.lastIndex = this.at;
    const [literal] = digits.exec(this.text) ?? [];
    const number = Number(literal);
    if (literal === undefined || !Number.isSafeInteger(number)) {
      return this.unexpected("an object, an array, a string or a whole number from 0 to 2^53 - 1");
    }
    this.at += literal.length;
    return number;
  }

  private take(character: string): void {
    if (this.peek() !== character) this.unexpected(`"${character}"`);
    this.at++;
  }

  /** The next character that is not white space, undefined at the end; moves there. */
  private peek(): string | undefined {
    let next = this.text[this.at];
    while (next === " " || next === "\n" || next === "\t" || next === "\r") next = this.text[++this.at];
    return next;
  }

  private unexpected(allowed: string): never {
    const found = this.at < this.text.length ? quoted(this.text.slice(this.at, this.at + 12)) : "its end";
    return refuse(`the header has ${found} at character ${this.at + 1}`, allowed);
  }
}

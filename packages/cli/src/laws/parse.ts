/** Distributions as one writes them: `gamma(2, 3)`, `normal(loc=0, scale=2)`, `hurdle(gamma(2, 1), 0.3)`. */
import type { Distribution } from "credence/distributions";
import { fail } from "../errors.js";
import { quote } from "../table/words.js";
import { type Argument, build, type Entry, entryNamed, orderOf, signature } from "./catalogue.js";

/**
 * The distribution that a text describes: a name and, in parentheses, numbers, lists of numbers in brackets, or further
 * distributions; in the order of `credence dist --list`, or with their names.
 *
 * @throws UsageError where it is not well formed, an unknown name, too many arguments; CredenceError as the constructors
 */
export function parseLaw(text: string): Distribution {
  const reader = new Reader(text);
  const law = reader.law();
  reader.end();
  return law;
}

const TOKEN = /\s*([A-Za-z][\w-]*|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?inf(?:inity)?\b|[()[\],=]|\S)/giy;
const NUMBER = /^[-+]?(\d|\.\d)/;
const INFINITE = /^[-+]?inf(inity)?$/i;
const MOST_NESTED = 50;

interface Token {
  readonly text: string;
  readonly at: number;
}

class Reader {
  private readonly tokens: readonly Token[];
  private next = 0;
  private depth = 0;

  constructor(private readonly text: string) {
    this.tokens = [...text.matchAll(TOKEN)].map((match) => ({
      text: match[1] as string,
      at: (match.index as number) + match[0].length - (match[1] as string).length,
    }));
  }

  law(): Distribution {
    const name = this.take("the name of a distribution", (token) => /^[A-Za-z]/.test(token));
    this.depth++;
    if (this.depth > MOST_NESTED) fail({ given: `${quote(this.text)} is nested more than ${MOST_NESTED} deep` });
    const entry = entryNamed(name);
    this.take("(", (token) => token === "(", `write ${signature(entry)}`);
    const values = this.arguments(entry);
    this.depth--;
    return build(entry, values);
  }

  end(): void {
    const left = this.tokens[this.next];
    if (left !== undefined) this.unexpected(left, "nothing more");
  }

  /** Up to and with the closing parenthesis. */
  private arguments(entry: Entry): Map<string, Argument> {
    const values = new Map<string, Argument>();
    const order = orderOf(entry);
    let isNamed = false;
    while (!this.accept(")")) {
      if (values.size > 0) this.take(", or )", (token) => token === ",");
      const name = this.tokens[this.next + 1]?.text === "=" ? this.take("a name", () => true) : undefined;
      if (name !== undefined) this.next++;
      isNamed ||= name !== undefined;
      if (isNamed && name === undefined)
        fail({
          given: `${quote(this.text)}: an argument without a name follows one with a name`,
          mend: `write ${signature(entry)}, or all names`,
        });
      const key = name ?? order[values.size];
      const value = this.argument();
      if (key === undefined) this.tooMany(entry, values.size + 1);
      else if (!entry.parameters.includes(key)) this.noSuch(entry, key);
      else if (values.has(key)) fail({ given: `${quote(this.text)} gives ${key} twice`, mend: "leave one out" });
      else values.set(key, value);
    }
    return values;
  }

  private argument(): Argument {
    const token = this.tokens[this.next];
    if (token === undefined) return this.unexpected(token, "a number");
    if (token.text === "[") {
      this.next++;
      const list: Argument[] = [];
      while (!this.accept("]")) {
        if (list.length > 0) this.take(", or ]", (text) => text === ",");
        list.push(this.argument());
      }
      return list;
    }
    if (INFINITE.test(token.text)) {
      this.next++;
      return token.text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    }
    if (/^[A-Za-z]/.test(token.text)) return this.law();
    return Number(this.take("a number, a list or a distribution", (text) => NUMBER.test(text)));
  }

  private accept(text: string): boolean {
    if (this.tokens[this.next]?.text !== text) return false;
    this.next++;
    return true;
  }

  private take(what: string, fits: (text: string) => boolean, mend?: string): string {
    const token = this.tokens[this.next];
    if (token === undefined || !fits(token.text)) return this.unexpected(token, what, mend);
    this.next++;
    return token.text;
  }

  private unexpected(token: Token | undefined, allowed: string, mend = "for instance gamma(2, 3)"): never {
    const where = token === undefined ? "ends too soon" : `has ${quote(token.text)} at character ${token.at + 1}`;
    return fail({ given: `${quote(this.text)} ${where}`, allowed, mend });
  }

  private tooMany(entry: Entry, count: number): never {
    const { name, parameters } = entry;
    return fail({
      given: `${quote(this.text)} gives ${name} more than ${parameters.length} ${parameters.length === 1 ? "argument" : "arguments"}: this is number ${count}`,
      allowed: signature(entry),
    });
  }

  private noSuch(entry: Entry, key: string): never {
    return fail({ given: `${entry.name} has no parameter ${quote(key)}`, allowed: signature(entry) });
  }
}

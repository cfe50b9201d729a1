import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CredenceError, compile, grad, matmul, permutation, scan, type Tensor, tensor, where } from "credence";
import { describe, expect, test } from "vitest";
import { lineOutside } from "../src/place.js";

// A refusal inside a traced function names the op, what it was given, and the line of the caller's code: that of the mark below.
const source = readFileSync(fileURLToPath(import.meta.url), "utf8").split("\n");
const lineOf = (mark: string): number => source.findIndex((line) => line.endsWith(`// HERE ${mark}`)) + 1;

const floats = (...values: number[]): Tensor => tensor(Float32Array.from(values));
const pair = floats(1, 2);
const row = tensor([[1, 2]]);
const counter = () =>
  compile((s: { a: Tensor; b: Tensor }) => ({ a: s.a.add(1), b: s.b.add(s.a) }), { name: "count", donate: [0] });

const uses: Record<string, () => unknown> = {
  item: () =>
    compile(function loss(x: Tensor) {
      return x.sum().item() > 0 ? x : x.neg(); // HERE item
    })(pair),
  data: () =>
    compile((p: { a: Tensor }) => {
      return tensor(p.a.mul(2).data()); // HERE data
    })({ a: pair }),
  toArray: () =>
    compile((x: Tensor) => {
      return tensor(x.toArray()); // HERE toArray
    })(pair),
  "a comparison by operator": () =>
    compile((x: Tensor) => {
      return (x.sum() as unknown as number) > 0 ? x : x.neg(); // HERE a comparison by operator
    })(pair),
  "a sum by operator": () => {
    return pair.mul((pair as unknown as number) + 1); // HERE a sum by operator
  },
  "bounds of a slice": () =>
    compile((x: Tensor, n: Tensor) => {
      return x.slice(0, 0, n as unknown as number); // HERE bounds of a slice
    })(pair, tensor(1)),
  "sizes of a shape": () =>
    compile((x: Tensor, n: Tensor) => {
      return x.reshape([n as unknown as number, 1]); // HERE sizes of a shape
    })(pair, tensor(2)),
  "what needs a known key": () =>
    compile((k: Tensor) => {
      return tensor(permutation(k, 4)); // HERE what needs a known key
    })(tensor(Int32Array.of(1, 2))),
  "the slice of a scan": () =>
    scan(
      (s: Tensor, x: Tensor) => {
        return [s.add(x.item()), x]; // HERE the slice of a scan
      },
      tensor(0),
      pair,
    ),
  "a gradient inside": () =>
    compile((x: Tensor) => {
      const scaled = (t: Tensor) => {
        return t.mul(t.sum().item()).sum(); // HERE a gradient inside
      };
      return grad(scaled)(x);
    })(pair),
  "what was kept of a trace": () => {
    let kept: Tensor = pair;
    compile((x: Tensor) => {
      kept = x.mul(2);
      return x;
    })(pair);
    return kept.data(); // HERE what was kept of a trace
  },
  "shapes, called back by the language": () =>
    compile((x: Tensor) => {
      return [row].map((w) => matmul(x, w)); // HERE shapes, called back by the language
    })(row),
  "shapes in a gradient": () => {
    const loss = (w: Tensor) => {
      return matmul(row, w).sum(); // HERE shapes in a gradient
    };
    return grad(loss)(row);
  },
  "an argument left out": () =>
    compile((x: Tensor, y?: Tensor) => {
      return where(x.gt(0), x, y as Tensor); // HERE an argument left out
    })(pair),
  "a donated argument left out": () => {
    return (counter() as unknown as () => unknown)(); // HERE a donated argument left out
  },
  "undefined for a donated argument": () => {
    return counter()(undefined as never); // HERE undefined for a donated argument
  },
  "a part of the state left out": () => {
    const count = counter();
    const { a } = count({ a: pair, b: pair });
    return count({ a } as never); // HERE a part of the state left out
  },
  "a donated argument given again": () => {
    const count = counter();
    const state = count({ a: pair, b: pair });
    count(state);
    return count(state); // HERE a donated argument given again
  },
  "what was donated": () => {
    const count = counter();
    const state = count({ a: pair, b: pair });
    count(state);
    return state.a.add(1).data(); // HERE what was donated
  },
  "a promise": () => {
    return compile(async (x: Tensor) => x)(pair); // HERE a promise
  },
  "more than 4 GiB": () =>
    compile((x: Tensor) => {
      const square = x.reshape([40000, 1]).mul(x); // HERE more than 4 GiB
      return square.cumsum().sum();
    })(floats(...new Array(40000).fill(0))),
};

function failureOf(run: () => unknown): CredenceError {
  try {
    run();
  } catch (error) {
    if (error instanceof CredenceError) return error;
    throw error;
  }
  return expect.fail("nothing was refused");
}

test.each(Object.entries(uses))("%s: the error tells the caller's line", (name, use) => {
  const { facts, message } = failureOf(use);
  expect(facts.at).toMatch(new RegExp(`^/.*/test/place\\.test\\.ts:${lineOf(name)}:\\d+$`));
  expect(message).toMatch(`\n  at:      ${facts.at}`);
});

test("and says what is wrong", () => {
  const words = Object.entries(uses).map(([name, use]) => `${name}\n  ${failureOf(use).facts.given}`);
  expect(words.join("\n")).toMatchInlineSnapshot(`
    "item
      item: sum of shape [] depends on argument 0 of loss (shape [2]), which has no numbers while the function is traced
    data
      data: mul of shape [2] depends on argument 0.a of compiled function (shape [2]), which has no numbers while the function is traced
    toArray
      toArray: argument 0 of compiled function (shape [2]), which has no numbers while the function is traced
    a comparison by operator
      Tensor float32[] (sum) stands where a number is needed
    a sum by operator
      Tensor float32[2] (data) stands where a number is needed
    bounds of a slice
      slice: Tensor float64[] is no number
    sizes of a shape
      reshape: Tensor float64[] is no number
    what needs a known key
      data: randomBits of shape [4] depends on argument 0 of compiled function (shape [2]), which has no numbers while the function is traced
    the slice of a scan
      item: a slice of scan (shape []), which has no numbers while the function is traced
    a gradient inside
      item: sum of shape [] depends on argument 0 of compiled function (shape [2]), which has no numbers while the function is traced
    what was kept of a trace
      data: mul of shape [2] depends on argument 0 of compiled function (shape [2]), which has no numbers: the function has been traced, and its tensors are gone
    shapes, called back by the language
      matmul: [1, 2] and [1, 2]
    shapes in a gradient
      matmul: [1, 2] and [1, 2]
    an argument left out
      where: an operand is undefined
    a donated argument left out
      count: argument 0, which is donated, is missing: 0 given
    undefined for a donated argument
      count: argument 0, which is donated, is undefined
    a part of the state left out
      count: compiled anew, since argument 0.b is missing, and that failed: Cannot read properties of undefined (reading 'add')
    a donated argument given again
      count: argument 0.a was donated to count before
    what was donated
      data: add of shape [2] depends on a tensor of shape [2] that was donated to count, which has written over it
    a promise
      compile: compiled function answers a promise
    more than 4 GiB
      compile: the program needs 11.92 GiB; its largest buffer is mul of shape [40000, 40000] with 5.96 GiB"
  `);
});

test("outside of traced functions the stack tells the line", () => {
  expect(failureOf(() => pair.add(floats(1, 2, 3))).facts.at).toBeUndefined();
});

describe("the line outside the library", () => {
  const v8 = (...places: string[]) => ["Error", ...places.map((place) => `    at ${place}`)].join("\n");
  const own = ["callersLine (file:///lib/dist/place.js:9:1)", "Module.add (file:///lib/dist/ops/add.js:3:4)"];

  test.each([
    ["a function", [...own, "loss (file:///home/me/model.ts:12:20)", "main (file:///home/me/main.ts:1:1)"]],
    ["the top of a module", [...own, "file:///home/me/model.ts:12:20"]],
    ["an asynchronous function", [...own, "async loss (/home/me/model.ts:12:20)"]],
    ["an asynchronous module", [...own, "async file:///home/me/model.ts:12:20"]],
    ["a method by another name", [...own, "Object.loss [as apply] (/home/me/model.ts:12:20)"]],
    [
      "after the engine's own calls",
      [...own, "Array.map (<anonymous>)", "node:internal/modules/run:3:4", "new Net (/home/me/model.ts:12:20)"],
    ],
  ])("of V8: %s", (_, places) => {
    expect(lineOutside(v8(...places))).toBe("/home/me/model.ts:12:20");
  });

  test("of other engines", () => {
    const text =
      "callersLine@https://my.page/lib/place.js:9:1\nadd@https://my.page/lib/ops.js:3:4\nmap@[native code]\n";
    expect(lineOutside(`${text}loss@https://my.page/model.js:12:20`)).toBe("https://my.page/model.js:12:20");
    expect(lineOutside(`${text}@https://my.page/model.js:12:20`)).toBe("https://my.page/model.js:12:20");
  });

  test("of paths with drives, blanks and brackets", () => {
    expect(lineOutside(v8("f (file:///C:/lib/place.js:9:1)", "loss (file:///C:/me/a%20b/model.js:12:20)"))).toBe(
      "C:/me/a%20b/model.js:12:20",
    );
    expect(lineOutside(v8("f (C:\\lib\\place.js:9:1)", "loss (C:\\me (x86)\\model.js:12:20)"))).toBe(
      "C:\\me (x86)\\model.js:12:20",
    );
  });

  test("is unknown in a bundle of one file, and without a stack", () => {
    expect(lineOutside(v8("f (file:///app/main.js:9:1)", "g (file:///app/main.js:99:1)"))).toBeUndefined();
    expect(lineOutside("")).toBeUndefined();
  });
});

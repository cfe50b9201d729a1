import type { MatmulKernel } from "../kernel.js";
import type { Code, Local } from "../wasm/assembler.js";
import { addProduct, type Format } from "./format.js";
import { repeat, step } from "./repeat.js";

/** Terms added to a row of the result in one pass over it. */
const TERMS = 4;

/** Where the operands and the result lie, but for what moves, which is in pointers. */
interface Addresses {
  readonly a: number;
  readonly b: number;
  readonly out: number;
}

/**
 * Products of few rows: the right operand is read once, in order, and rows of the result are summed in memory. Each sum still
 * runs over k one term after the other.
 */
export function multiplyThin(
  code: Code,
  kernel: MatmulKernel,
  format: Format,
  at: Addresses,
  { a, b, out }: { readonly a: Local; readonly b: Local; readonly out: Local },
): void {
  const { m, k, n } = kernel.layout;
  const { bytes } = format;
  const [left, right, target] = [code.local("i32"), code.local("i32"), code.local("i32")];
  const [rowBytes, termBytes] = kernel.transA ? [bytes, kernel.leading * bytes] : [k * bytes, bytes];
  for (let row = 0; row < m; row++) {
    code
      .get(a)
      .i32(row * rowBytes)
      .op("i32.add")
      .set(left);
    code.get(b).set(right);
    code
      .get(out)
      .i32(row * n * bytes)
      .op("i32.add")
      .set(target);
    code
      .get(target)
      .i32(at.out)
      .op("i32.add")
      .i32(0)
      .i32(n * bytes)
      .fill();
    const pass = (terms: number): void => {
      addTerms(code, format, at, { terms, n, left, right, target, termBytes });
      step(code, left, terms * termBytes);
      step(code, right, terms * n * bytes);
    };
    repeat(code, Math.floor(k / TERMS), () => pass(TERMS));
    if (k % TERMS > 0) pass(k % TERMS);
  }
}

interface Pass {
  readonly terms: number;
  readonly n: number;
  readonly left: Local;
  readonly right: Local;
  readonly target: Local;
  readonly termBytes: number;
}

/** Adds some terms of k to a whole row of the result. */
function addTerms(code: Code, format: Format, at: Addresses, pass: Pass): void {
  const { terms, n, left, right, target, termBytes } = pass;
  const { bytes, lanes, scalar } = format;
  const vectorBytes = lanes * bytes;
  const factors = Array.from({ length: terms }, (_, u) => {
    const factor = code.local(format.type);
    code
      .get(left)
      .memory(format.splat, at.a + u * termBytes)
      .set(factor);
    return factor;
  });
  const [from, into] = [code.local("i32"), code.local("i32")];
  const sum = code.local(format.type);
  code.get(right).set(from).get(target).set(into);
  repeat(code, Math.floor(n / lanes), () => {
    code.get(into).memory(format.load, at.out).set(sum);
    factors.forEach((factor, u) => {
      addProduct(code, format, sum, () => {
        code
          .get(factor)
          .get(from)
          .memory(format.load, at.b + u * n * bytes);
      });
    });
    code.get(into).get(sum).memory(format.store, at.out);
    step(code, from, vectorBytes);
    step(code, into, vectorBytes);
  });
  for (let j = 0; j < n % lanes; j++) {
    code
      .get(into)
      .get(into)
      .memory(scalar.load, at.out + j * bytes);
    for (let u = 0; u < terms; u++) {
      code.get(left).memory(scalar.load, at.a + u * termBytes);
      code
        .get(from)
        .memory(scalar.load, at.b + (u * n + j) * bytes)
        .op(scalar.mul)
        .op(scalar.add);
    }
    code.memory(scalar.store, at.out + j * bytes);
  }
}

import { Categorical, Distribution, Independent, MixtureSameFamily } from "../distributions/index.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { crps } from "../metrics/index.js";
import type { HeadFamily } from "../nn/families/index.js";
import { lawOf } from "../nn/familyHead.js";
import { concat } from "../tensor/derived.js";
import { type Answer, type NamedColumn, pickColumn } from "./answer.js";
import { placementOf, placeOf } from "./network.js";
import type { Forward } from "./predict.js";
import type { TargetSpec } from "./targets.js";

/** Rows that are scored at once: each asks for some hundred values of a distribution function. */
const BLOCK = 1024;

/** Laws in their own units: nothing is left of the network's. */
const OWN = { mean: 0, sd: 1 };

/** The answer of a family with a head of its own: its law, or for an ensemble the even mixture of its members'. */
export function familyAnswer(
  family: HeadFamily,
  forwards: readonly Forward[],
  targets: readonly TargetSpec[],
  x: Float32Array,
  rows: number,
): Answer {
  const members = forwards.length;
  const answers = forwards.map((forward) => forward.answer(x, rows));
  /** The numbers of some targets in some rows: [rows, members], or [rows, members, targets]. */
  const numbersOf = (first: number, count: number, from: number, to: number): Record<string, Tensor> => {
    const one = (data: Float32Array): Tensor => {
      const width = targets.length;
      const all = tensor(data.subarray(from * width, to * width), { shape: [to - from, 1, width] }).cast("float64");
      const some = all.slice(2, first, first + count);
      return count === 1 ? some.squeeze(2) : some;
    };
    const names = Object.keys(answers[0] as object);
    return Object.fromEntries(
      names.map((name) => {
        const joined = concat(
          answers.map((answer) => one(answer[name] as Float32Array)),
          1,
        );
        joined.data(); // here and now, rather than once for each of its uses
        return [name, joined];
      }),
    );
  };
  /** Batch [rows, members], or for a single member [rows]. */
  const memberLaw = (first: number, count: number, from = 0, to = rows): Distribution => {
    const numbers = Object.entries(numbersOf(first, count, from, to)).map(
      ([name, t]) => [name, members === 1 ? t.squeeze(1) : t] as const,
    );
    const places = targets.slice(first, first + count).map((target) => placeOf(target, OWN));
    return lawOf(family, Object.fromEntries(numbers), placementOf(places, "float64"), count > 1);
  };
  const law = (first: number, count: number, from = 0, to = rows): Distribution => {
    const each = memberLaw(first, count, from, to);
    if (members === 1) return each;
    return new MixtureSameFamily({
      mixture: new Categorical({ logits: tensor(new Float64Array(members)) }),
      components: each,
    });
  };
  return {
    law: law(0, targets.length),
    parameters: () => parameterColumns(memberLaw(0, targets.length), targets, rows, members),
    marginal: (target) => law(target, 1),
    crps(target, y) {
      const out = new Float64Array(rows);
      for (let from = 0; from < rows; from += BLOCK) {
        const to = Math.min(rows, from + BLOCK);
        out.set(crps(law(target, 1, from, to), y.subarray(from, to)), from);
      }
      return out;
    },
  };
}

function parameterColumns(
  law: Distribution,
  targets: readonly TargetSpec[],
  rows: number,
  members: number,
): NamedColumn[] {
  const outputs = targets.length;
  const shape = [rows, ...(members === 1 ? [] : [members]), ...(outputs === 1 ? [] : [outputs])];
  const parameters = Object.entries(parametersOf(law)).map(([name, t]) => [name, t.broadcastTo(shape)] as const);
  return Array.from({ length: members }, (_, i) => [
    { name: `weight${i + 1}`, values: new Float64Array(rows).fill(1 / members) },
    ...targets.flatMap((target, j) =>
      parameters.map(([name, t]) => ({
        name: `${name}${i + 1}${outputs === 1 ? "" : `.${target.name}`}`,
        values: pickColumn(t, rows, members * outputs, i * outputs + j),
      })),
    ),
  ]).flat();
}

/** Of a law and of what it wraps. */
function parametersOf(law: Distribution): Record<string, Tensor> {
  const { base } = law as Distribution & { readonly base?: unknown };
  const own = law instanceof Independent ? {} : law.parameters;
  return { ...(base instanceof Distribution ? parametersOf(base) : {}), ...own };
}

// What the library answers to the cases of one reference: as few calls as there are shapes.
import { ask, missingFrom } from "./calls.mjs";
import { parseNumber } from "./decimal.mjs";

const shapeOf = (value) => (Array.isArray(value) ? [value.length, ...shapeOf(value[0])] : []);
const flat = (value) => (Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value]).map(parseNumber);

/** A tensor of the precision from a number, lists, or several of them, along a new first axis where `values` is a batch. */
export function toTensor(library, values, shape, precision) {
  const Numbers = precision === "float32" ? Float32Array : Float64Array;
  return library.tensor(Numbers.from(flat(values)), { shape });
}

/**
 * @param reference  of scalars: not of a loss
 * @returns {{ missing: string } | { got: (number | Error)[] }}  `missing`: what the library would need; an Error where a case was refused
 */
export function evaluate(library, { id, argNames, precision, cases }) {
  const groups = groupBy(cases.keys(), (i) => JSON.stringify(cases[i].args.map(shapeOf)));
  const got = [];
  try {
    for (const [shapes, members] of groups) {
      const answer = (batch) => {
        const columns = JSON.parse(shapes).map((shape, i) => {
          const values = batch.map((at) => cases[at].args[i]);
          return toTensor(library, values, [batch.length, ...shape], precision);
        });
        const args = Object.fromEntries(argNames.map((name, i) => [name, columns[i]]));
        return ask(library, id, args, { reduction: "none" }).broadcastTo([batch.length]).data();
      };
      fill(got, members, answer);
    }
  } catch (error) {
    const missing = missingFrom(error);
    if (missing !== undefined) return { missing };
    throw error;
  }
  return { got };
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(item);
  }
  return groups;
}

/** The answers of a batch; if it is refused, of its halves, down to the cases that are at fault. */
function fill(got, batch, answer) {
  try {
    const values = answer(batch);
    batch.forEach((at, i) => {
      got[at] = Number(values[i]);
    });
  } catch (error) {
    if (missingFrom(error) !== undefined) throw error;
    if (batch.length === 1) got[batch[0]] = error;
    else {
      fill(got, batch.slice(0, batch.length >> 1), answer);
      fill(got, batch.slice(batch.length >> 1), answer);
    }
  }
}

import type { Distribution } from "../distributions/distribution.js";
import { fail } from "../errors.js";
import { broadcastShapes, type Shape, showShape } from "../graph/shape.js";

/** The class's name of a distribution that may wrap another. */
export const familyOf = (d: Distribution): string => d.name.replace(/\(.*/, "");

/** The batch that two laws have together; refuses events of different shapes. */
export function commonBatch(name: string, p: Distribution, q: Distribution): Shape {
  const [a, b] = [p.eventShape, q.eventShape];
  const call = `${name}(${p.name}, ${q.name})`;
  if (a.length !== b.length || a.some((n, i) => n !== b[i])) {
    fail({
      code: "shape",
      given: `${call}: events of shapes ${showShape(a)} and ${showShape(b)}`,
      allowed: "equal event shapes",
      mend: "new Independent(d, n) makes events of the last n batch axes",
    });
  }
  return broadcastShapes(call, [p.batchShape, q.batchShape]);
}

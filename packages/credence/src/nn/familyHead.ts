import { type Distribution, Independent } from "../distributions/index.js";
import { fail, nearest } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { quietGradient } from "../ops/index.js";
import { dense } from "./dense.js";
import { type HeadFamily, headFamilies, headFamily, type LimitOptions, type Limits } from "./families/index.js";
import { checkCount, checkFloor } from "./heads.js";
import type { Network } from "./network.js";

export interface FamilyHeadOptions extends LimitOptions {
  /** `gamma`, `studentT`, `poisson`, ... */
  readonly family: HeadFamily;
  /** Number of targets; default 1. */
  readonly outputs?: number;
  /** The smallest scale of families of the whole real line, in units of the target; one number, or one a target. */
  readonly floor?: number | readonly number[];
}

/** Where the targets are and how far they spread, by which the numbers of a law are moved and stretched; one a target, or one for all. */
export interface Placement extends Limits<TensorLike> {
  readonly shift: TensorLike;
  readonly scale: TensorLike;
}

const EVERYWHERE: Placement = {
  shift: 0,
  scale: 1,
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
};

/**
 * A head that answers one law of a family a target.
 *
 * @shape  [n, width] to the family's distribution with batch [n] for one output, an `Independent` of it with event [outputs] for several
 * @throws CredenceError `argument`: an unknown family, a count below 1, a negative floor, or an option that the family lacks or needs
 */
export function familyHead(options: FamilyHeadOptions): Network<Distribution> {
  const { family, outputs = 1, floor = 1e-6 } = options;
  checkFamily("familyHead", family);
  checkLimitOptions("familyHead", family, options);
  const range = { low: Number.NaN, high: Number.NaN };
  const limits = headFamily(family).limits?.(options, range);
  if (limits && (Number.isNaN(limits.low) || Number.isNaN(limits.high))) {
    fail({
      code: "argument",
      given: `familyHead: the support of ${family} depends on the targets`,
      mend: "train it with densityRegressor, which looks at them",
    });
  }
  return placedHead(family, { outputs, floor, placement: { ...EVERYWHERE, ...limits } });
}

interface PlacedOptions {
  readonly outputs: number;
  readonly floor: number | readonly number[];
  readonly placement: Placement;
}

/** @internal The head whose laws are moved and stretched as `placement` says. */
export function placedHead(family: HeadFamily, { outputs, floor, placement }: PlacedOptions): Network<Distribution> {
  const numbers = familyNumbers(family, { outputs, floor });
  return {
    ...numbers,
    apply: (params, x) => lawOf(family, numbers.apply(params, x), placement),
  };
}

/** @internal The numbers that a family's law has, in the network's units: [n] each for one output, [n, outputs] for several. */
export function familyNumbers(
  family: HeadFamily,
  { outputs, floor }: Omit<PlacedOptions, "placement">,
): Network<Record<string, Tensor>> {
  checkCount("familyHead", "outputs", outputs);
  checkFloor("familyHead", floor, outputs);
  const table = Object.entries(headFamily(family).outputs);
  const linear = dense(table.length * outputs);
  const smallest = typeof floor === "number" ? tensor(floor, { dtype: "float32" }) : tensor(Float32Array.from(floor));
  return {
    name: `familyHead(${family}${outputs === 1 ? "" : ` x ${outputs}`})`,
    init: (key, width) => linear.init(key, width),
    apply(params, x) {
      const raw = quietGradient(linear.apply(params, x));
      const numbers = table.map(([name, output], i) => {
        const a = raw.slice(1, i * outputs, (i + 1) * outputs);
        const value = output.map(outputs === 1 ? a.squeeze(1) : a);
        return [name, output.floored ? value.add(smallest) : value] as const;
      });
      return Object.fromEntries(numbers);
    },
  };
}

/** @internal The law of the numbers, once placed: for several targets an `Independent` over the last axis. */
export function lawOf(
  family: HeadFamily,
  numbers: Readonly<Record<string, Tensor>>,
  { shift, scale, low, high }: Placement,
  several = Object.values(numbers)[0]?.rank === 2,
): Distribution {
  const { outputs, law } = headFamily(family);
  const placed = Object.entries(numbers).map(([name, value]) => {
    const unit = outputs[name]?.unit;
    const stretched = unit === "none" || scale === 1 ? value : value.mul(scale);
    return [name, unit === "location" && shift !== 0 ? stretched.add(shift) : stretched];
  });
  const one = law(Object.fromEntries(placed), { low, high });
  return several ? new Independent(one, 1) : one;
}

/** @throws CredenceError `argument`: there is no such family */
export function checkFamily(name: string, family: string): asserts family is HeadFamily {
  if (Object.hasOwn(headFamilies, family)) return;
  const names = Object.keys(headFamilies);
  const near = nearest(family, names);
  fail({
    code: "argument",
    given: `${name}: family "${family}"`,
    allowed: names.join(", "),
    ...(near === undefined ? {} : { mend: `did you mean "${near}"?` }),
  });
}

/** Refuses options that the family has no use for, the lack of one that it needs, and those that contradict each other. */
export function checkLimitOptions(name: string, family: HeadFamily, given: LimitOptions): void {
  const { title, takes = {} } = headFamily(family);
  const options = ["low", "high", "totalCount"] as const;
  for (const option of options) {
    const value = given[option];
    if (value === undefined && takes[option] === "needed") {
      fail({
        code: "argument",
        given: `${name}: ${option} is not given`,
        allowed: `${family}, a ${title}, needs it`,
        mend:
          option === "totalCount" ? "give the number of trials behind each count: totalCount: 10" : `give ${option}`,
      });
    }
    if (value === undefined) continue;
    if (takes[option] === undefined) {
      fail({ code: "argument", given: `${name}: ${option} is ${value}, but ${family} has none`, mend: "leave it out" });
    }
    const isCount = option === "totalCount";
    if (!Number.isFinite(value) || (isCount && !(Number.isInteger(value) && value >= 1))) {
      const allowed = isCount ? "a whole number of at least 1" : "a finite number";
      fail({ code: "argument", given: `${name}: ${option} is ${value}`, allowed });
    }
  }
  const { low, high } = given;
  if (low !== undefined && high !== undefined && !(low < high))
    fail({ code: "argument", given: `${name}: low is ${low} and high ${high}`, allowed: "low < high" });
}

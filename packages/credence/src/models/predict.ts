import { Categorical, Independent, MixtureSameFamily, Normal } from "../distributions/index.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import type { Network, Params } from "../nn/network.js";
import { compile } from "../program/compile.js";
import { concat, logSoftmax } from "../tensor/derived.js";
import { isHeadFamily } from "./families.js";
import { buildNetwork, buildNumbers, type NetworkSpec } from "./network.js";
import type { TargetSpec } from "./targets.js";

/** Rows that go through a network at once; fewer are padded up to a power of two, so that few shapes get compiled. */
const BLOCK = 1024;

/** Parameters of k normals a row over the targets in their own units, float64; [n, k] for one target, else [n, k, outputs]. */
export interface MixtureParameters {
  /** Log weights that sum to 1 over k, [n, k]. */
  readonly logWeights: Tensor;
  readonly loc: Tensor;
  readonly scale: Tensor;
}

/** What a network says of the standardised targets: numbers by name, [n, width] each, or [n] for a width of 1. */
type Head = Readonly<Record<string, Tensor>>;

/** One member's network, ready to answer for any number of rows. */
export class Forward {
  private readonly run: (params: Params, x: Tensor) => Head;
  private readonly params: Params;
  private readonly spec: NetworkSpec;

  /** @param residuals  scale of each standardised target where the network answers a mean alone */
  constructor(spec: NetworkSpec, params: Params, residuals: readonly number[]) {
    const net: Network<unknown> = isHeadFamily(spec.family) ? buildNumbers(spec) : buildNetwork(spec);
    this.spec = spec;
    this.params = params;
    const head = (weights: Params, x: Tensor): Head => headOf(net.apply(weights, x), spec, residuals);
    this.run = compile(head as (...args: readonly unknown[]) => unknown, {
      name: "prediction",
    }) as unknown as typeof head;
  }

  /** @param x  standardised inputs, row-major */
  answer(x: Float32Array, rows: number): Record<string, Float32Array> {
    const { features } = this.spec;
    const out: Record<string, Float32Array> = {};
    // once even for no rows, which tells how wide the answers are
    for (let start = 0; start === 0 || start < rows; start += BLOCK) {
      const count = Math.min(BLOCK, rows - start);
      const padded = Math.min(BLOCK, 2 ** Math.ceil(Math.log2(Math.max(16, count))));
      const block = new Float32Array(padded * features);
      block.set(x.subarray(start * features, (start + count) * features));
      const head = this.run(this.params, tensor(block, { shape: [padded, features] }));
      for (const [name, from] of Object.entries(head)) {
        const width = from.size / padded;
        const to = out[name] ?? new Float32Array(rows * width);
        out[name] = to;
        to.set((from.data() as Float32Array).subarray(0, count * width), start * width);
      }
    }
    return out;
  }
}

/** Any head as [n, k] logits and [n, k · outputs] means and scales. */
function headOf(answer: unknown, spec: NetworkSpec, residuals: readonly number[]): Head {
  const { family, components, outputs } = spec;
  if (isHeadFamily(family)) return answer as Head;
  if (family === "mixture") {
    const law = answer as MixtureSameFamily;
    const normal = (law.components instanceof Independent ? law.components.base : law.components) as Normal;
    const n = normal.loc.shape[0] as number;
    const flat = (t: Tensor): Tensor => t.reshape([n, components * outputs]);
    return { logits: (law.mixture as Categorical).logits, loc: flat(normal.loc), scale: flat(normal.scale) };
  }
  if (family === "gaussian") {
    const law = answer as Normal | Independent;
    const normal = (law instanceof Independent ? law.base : law) as Normal;
    const n = normal.loc.shape[0] as number;
    const loc = normal.loc.reshape([n, outputs]);
    return { logits: loc.slice(1, 0, 1).mul(0), loc, scale: normal.scale.reshape([n, outputs]) };
  }
  const loc = answer as Tensor;
  return { logits: loc.slice(1, 0, 1).mul(0), loc, scale: loc.mul(0).add(tensor(Float32Array.from(residuals))) };
}

/** The even mixture of the members' answers, in the targets' own units. */
export function mixMembers(
  members: readonly Forward[],
  targets: readonly TargetSpec[],
  k: number,
  x: Float32Array,
  rows: number,
): MixtureParameters {
  const outputs = targets.length;
  const [means, sds] = [targets.map((t) => t.mean), targets.map((t) => t.sd)];
  const shape = outputs === 1 ? [rows, k] : [rows, k, outputs];
  const own = (data: Float32Array | undefined): Tensor => tensor(data as Float32Array, { shape }).cast("float64");
  const answers = members.map((member) => member.answer(x, rows));
  const share = tensor(members.length).log(); // our own logarithm, the same on every engine
  const logWeights = concat(
    answers.map((a) => logSoftmax(tensor(a.logits as Float32Array, { shape: [rows, k] }).cast("float64")).sub(share)),
    1,
  );
  const loc = concat(
    answers.map((a) =>
      own(a.loc)
        .mul(tensor(outputs === 1 ? sds[0]! : sds))
        .add(tensor(outputs === 1 ? means[0]! : means)),
    ),
    1,
  );
  const scale = concat(
    answers.map((a) => own(a.scale).mul(tensor(outputs === 1 ? sds[0]! : sds))),
    1,
  );
  for (const t of [logWeights, loc, scale]) t.data();
  return { logWeights, loc, scale };
}

/** The distribution of these parameters: batch [n], event [] or [outputs]. */
export function distributionOf({
  logWeights,
  loc,
  scale,
}: MixtureParameters): Normal | Independent | MixtureSameFamily {
  const several = loc.rank === 3;
  if (loc.shape[1] === 1) {
    const normal = new Normal({ loc: loc.squeeze(1), scale: scale.squeeze(1) });
    return several ? new Independent(normal, 1) : normal;
  }
  const normal = new Normal({ loc, scale });
  return new MixtureSameFamily({
    mixture: new Categorical({ logits: logWeights }),
    components: several ? new Independent(normal, 1) : normal,
  });
}

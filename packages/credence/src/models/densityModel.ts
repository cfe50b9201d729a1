import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import type { Answer, NamedColumn } from "./answer.js";
import { isHeadFamily } from "./families.js";
import { familyAnswer } from "./familyAnswer.js";
import { writeModel } from "./file.js";
import { encodeInputs, featureCount, type InputSpec } from "./inputs.js";
import { paramsOf } from "./member.js";
import { dataUnits, type NetworkSpec, placeOf } from "./network.js";
import { normalAnswer } from "./normalAnswer.js";
import { Forward, mixMembers } from "./predict.js";
import { Prediction } from "./prediction.js";
import { type RowScores, rowScores, type Scores, score } from "./scores.js";
import { type TargetSpec, targetValues } from "./targets.js";
import type { Family, FitSummary, ResolvedOptions, Table } from "./types.js";

/** One member's weights: by path, in the order of the network's tree. */
export interface Weight {
  readonly path: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Everything a model consists of, as it is kept in its file. */
export interface ModelParts {
  readonly options: ResolvedOptions;
  readonly inputs: readonly InputSpec[];
  readonly targets: readonly TargetSpec[];
  /** For the family `mse`: root mean square error of each target on held-out rows, in units of its spread. */
  readonly residuals: readonly number[];
  readonly members: readonly (readonly Weight[])[];
  readonly summary: FitSummary;
}

/** The shape of a member's network, from the parts of the model. */
export function networkSpecOf({
  options,
  inputs,
  targets,
}: Pick<ModelParts, "options" | "inputs" | "targets">): NetworkSpec {
  return {
    family: options.family,
    hidden: options.hidden,
    components: options.components,
    features: featureCount(inputs),
    outputs: targets.length,
    floors: targets.map((t) => t.floor / t.sd),
    ...(isHeadFamily(options.family) && {
      places: targets.map((t) => placeOf(t, dataUnits(options.family, t))),
    }),
  };
}

/**
 * A fitted density regressor: answers with a distribution of the target for each row of a table, in the target's own units.
 */
export class DensityModel {
  readonly parts: ModelParts;
  private readonly spec: NetworkSpec;
  private readonly forwards: readonly Forward[];

  constructor(parts: ModelParts) {
    this.parts = parts;
    this.spec = networkSpecOf(parts);
    this.forwards = parts.members.map(
      (weights) => new Forward(this.spec, paramsOf(this.spec, weights), parts.residuals),
    );
  }

  get family(): Family {
    return this.parts.options.family;
  }
  get options(): ResolvedOptions {
    return this.parts.options;
  }
  get summary(): FitSummary {
    return this.parts.summary;
  }
  get inputs(): readonly { readonly name: string; readonly kind: "number" | "text" }[] {
    return this.parts.inputs.map(({ name, kind }) => ({ name, kind }));
  }
  get targets(): readonly string[] {
    return this.parts.targets.map((t) => t.name);
  }

  /**
   * The predicted distribution of each row.
   *
   * @shape  batch [rows]; event [] for one target, [targets] for several
   * @throws CredenceError `argument`: an input column is missing or of another kind
   */
  predict(table: Table): Prediction {
    return new Prediction(this.answer(table).law);
  }

  /**
   * The numbers behind `predict`, in the target's units: `weight1`, `loc1`, `scale1`, ... of a mixture of normals, else the
   * parameters of the family: `weight1`, `concentration1`, `rate1`; for several targets `loc1.name`.
   */
  parameters(table: Table): NamedColumn[] {
    return this.answer(table).parameters();
  }

  /** How well the predictions fit the targets of a table. @throws CredenceError `argument`: a target column is missing */
  async evaluate(table: Table): Promise<Scores> {
    const columns = this.targets.map((name) => targetValues(table, name));
    if (table.rows === 0) fail({ code: "shape", given: "evaluate: a table without rows", allowed: "at least one row" });
    return score(this.answer(table), columns, table.rows);
  }

  /**
   * What each row of a table adds to NLL and CRPS, so that models can be compared row by row; of several targets the CRPS is their mean.
   *
   * @throws CredenceError `argument`: a target column is missing
   */
  scoreRows(table: Table): RowScores {
    const columns = this.targets.map((name) => Float64Array.from(targetValues(table, name)));
    return rowScores(this.answer(table), columns, table.rows);
  }

  /** Mean negative log-likelihood of the targets of a table, in nats and the targets' units. */
  nll(table: Table): number {
    const columns = this.targets.map((name) => targetValues(table, name));
    return this.predict(table).logProb(targetTensor(columns, table.rows)).mean().neg().item();
  }

  /** The model as a file: safetensors with the configuration as JSON. The same model gives the same bytes. */
  toBytes(): Uint8Array {
    return writeModel(this.parts);
  }

  private answer(table: Table): Answer {
    const x = encodeInputs(table, this.parts.inputs);
    const { family, targets } = this;
    if (isHeadFamily(family)) return familyAnswer(family, this.forwards, this.parts.targets, x, table.rows);
    const k = family === "mixture" ? this.spec.components : 1;
    return normalAnswer(mixMembers(this.forwards, this.parts.targets, k, x, table.rows), targets, table.rows);
  }
}

/** Targets as `logProb` takes them: [n] for one, [n, targets] for several. */
export function targetTensor(columns: readonly ArrayLike<number>[], rows: number): Tensor {
  const data = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) data[i * columns.length + j] = column[i]!;
  });
  return tensor(data, { shape: columns.length === 1 ? [rows] : [rows, columns.length] });
}

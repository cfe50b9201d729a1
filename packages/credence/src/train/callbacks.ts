import { fail } from "../errors.js";
import type { EpochContext } from "./types.js";

/** Called between epochs; may read the history, change the learning rate, keep weights, and stop. */
export interface Callback {
  readonly name: string;
  /** New state for each run, so that one callback may serve several. */
  start(): { epochEnd(epoch: EpochContext): void };
}

export type Monitor = "loss" | "validationLoss";

interface Plateau {
  /** What is to fall; default `validationLoss`, or `loss` where there is no validation. */
  readonly monitor?: Monitor;
  /** Epochs without an improvement. */
  readonly patience?: number;
  /** A smaller fall is no improvement; default 0. */
  readonly minDelta?: number;
}

function watch(name: string, { monitor, patience = 10, minDelta = 0 }: Plateau) {
  if (!(Number.isInteger(patience) && patience >= 0)) {
    fail({
      code: "argument",
      given: `${name}: patience is ${patience}`,
      allowed: "a whole number of epochs, 0 or more",
    });
  }
  let best = Number.POSITIVE_INFINITY;
  let waited = 0;
  return {
    /** Counts an epoch: did it improve, and has it been too long? */
    see(epoch: EpochContext): { improved: boolean; exhausted: boolean } {
      const chosen = monitor ?? (epoch.hasValidation ? "validationLoss" : "loss");
      if (chosen === "validationLoss" && !epoch.hasValidation) {
        fail({
          code: "argument",
          given: `${name}: monitor is validationLoss, but no rows are held out`,
          mend: 'set validationSplit, or monitor: "loss"',
        });
      }
      const value = chosen === "loss" ? epoch.loss : epoch.validationLoss;
      const improved = value < best - minDelta;
      if (improved) [best, waited] = [value, 0];
      else waited++;
      const exhausted = waited >= Math.max(1, patience);
      return { improved, exhausted };
    },
    restart(): void {
      waited = 0;
    },
  };
}

/**
 * Stops when the monitored loss has not improved for `patience` epochs.
 *
 * @param options.restoreBest  end with the weights of the best epoch; default true
 * @source as Keras's EarlyStopping
 */
export function earlyStopping(options: Plateau & { readonly restoreBest?: boolean } = {}): Callback {
  return {
    name: "earlyStopping",
    start() {
      const plateau = watch("earlyStopping", options);
      return {
        epochEnd(epoch) {
          const { improved, exhausted } = plateau.see(epoch);
          if (improved && (options.restoreBest ?? true)) epoch.keepWeights();
          if (exhausted) epoch.stop("earlyStopping");
        },
      };
    },
  };
}

/**
 * Multiplies the learning rate by `factor` when the monitored loss has not improved for `patience` epochs.
 *
 * @param options.factor  default 0.1
 * @param options.minimum  the rate is not lowered below this; default 0
 * @source as Keras's ReduceLROnPlateau
 */
export function reduceOnPlateau(
  options: Plateau & { readonly factor?: number; readonly minimum?: number } = {},
): Callback {
  const { factor = 0.1, minimum = 0 } = options;
  if (!(factor > 0 && factor < 1)) {
    fail({ code: "argument", given: `reduceOnPlateau: factor is ${factor}`, allowed: "between 0 and 1" });
  }
  return {
    name: "reduceOnPlateau",
    start() {
      const plateau = watch("reduceOnPlateau", { patience: 5, ...options });
      return {
        epochEnd(epoch) {
          if (!plateau.see(epoch).exhausted) return;
          epoch.learningRate = Math.max(minimum, epoch.learningRate * factor);
          plateau.restart();
        },
      };
    },
  };
}

/** Stops at a loss that is NaN or infinite, with the best weights kept so far if another callback keeps them. */
export function terminateOnNonFinite(): Callback {
  return {
    name: "terminateOnNonFinite",
    start: () => ({
      epochEnd(epoch) {
        if (!Number.isFinite(epoch.loss) || (epoch.hasValidation && !Number.isFinite(epoch.validationLoss)))
          epoch.stop("nonFinite");
      },
    }),
  };
}

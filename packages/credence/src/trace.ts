/** How many functions are being traced just now (differentiated or compiled), one inside the other. */
let depth = 0;

export const isTracing = (): boolean => depth > 0;

/** Runs `fn` as a trace: tensors evaluated meanwhile keep their inputs, so that gradients still find them. */
export function traced<T>(fn: () => T): T {
  depth++;
  try {
    return fn();
  } finally {
    depth--;
  }
}

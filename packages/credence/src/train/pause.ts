/** Lets waiting events run: a message to ourselves returns sooner than a timer. */
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

/** Milliseconds of work after which training lets other events run: half a frame of an animation. */
const FRAME = 8;
/** Milliseconds of work in one call, which nothing interrupts. */
const CALL = 4;
/** Milliseconds between two reports of progress. */
const REPORT = 100;

/** Tells how many steps to do in one call, and when it is time to let others run, and to report. */
export class Pacer {
  /** As many as should take the time of a call. */
  steps = 1;
  private paused = performance.now();
  private reported = Number.NEGATIVE_INFINITY;

  /** Learns from a call. The first steps are slow, so the number grows by and by. */
  took(steps: number, milliseconds: number): void {
    const fitting = Math.floor((CALL * steps) / Math.max(milliseconds, 1e-3));
    this.steps = Math.max(1, Math.min(fitting, 2 * steps));
  }

  async breathe(): Promise<boolean> {
    if (performance.now() - this.paused < FRAME) return false;
    await pause();
    this.paused = performance.now();
    return true;
  }

  shouldReport(): boolean {
    const now = performance.now();
    if (now - this.reported < REPORT) return false;
    this.reported = now;
    return true;
  }
}

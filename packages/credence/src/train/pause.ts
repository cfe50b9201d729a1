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

/** Milliseconds of work after which training lets other events run: a frame of an animation. */
const FRAME = 12;
/** Milliseconds between two reports of progress. */
const REPORT = 100;

/** Tells when it is time to let others run, and to report. */
export class Pacer {
  private paused = performance.now();
  private reported = Number.NEGATIVE_INFINITY;

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

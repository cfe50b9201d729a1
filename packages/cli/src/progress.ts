import pc from "picocolors";
import { duration } from "./report/format.js";

export interface MemberProgress {
  /** Epochs done. */
  readonly epoch: number;
  /** The most epochs that training may take. */
  readonly epochs: number;
  readonly loss?: number;
  /** NaN where no rows are held out. */
  readonly validationLoss?: number;
  /** Whether its training has ended, early or not. */
  readonly done: boolean;
}

export interface ProgressState {
  /** Members of the ensemble, one after the other or side by side; a single model is one. */
  readonly members: readonly MemberProgress[];
  /** Time since training began. */
  readonly seconds: number;
}

/** What a line holds, the richest first: the terminal's width decides how far down the list one must go. */
const LAYOUTS = [
  { bar: 16, left: true, loss: true, validation: true, member: true },
  { bar: 8, left: true, loss: true, validation: true, member: true },
  { bar: 0, left: true, loss: true, validation: true, member: true },
  { bar: 0, left: false, loss: true, validation: true, member: true },
  { bar: 0, left: false, loss: false, validation: true, member: true },
  { bar: 0, left: false, loss: false, validation: false, member: true },
  { bar: 0, left: false, loss: false, validation: false, member: false },
] as const;

/**
 * One line that tells how far training is. It never fills the last column, where some terminals wrap.
 *
 * Of several members the first unfinished one is named; the bar and the time left are those of all.
 *
 * @param width  columns of the terminal
 */
export function progressLine(state: ProgressState, width: number, color: boolean): string {
  const paint = pc.createColors(color);
  const index = state.members.findIndex((member) => !member.done);
  const at = index < 0 ? state.members.length - 1 : index;
  const member = state.members[at];
  if (member === undefined) return "";
  const validation = member.validationLoss ?? Number.NaN;
  const share = shareDone(state.members);

  const draw = (layout: (typeof LAYOUTS)[number], { bold, cyan, dim }: Pick<typeof paint, "bold" | "cyan" | "dim">) => {
    const total = String(member.epochs);
    const filled = Math.round(share * layout.bar);
    const parts = [
      layout.member && state.members.length > 1 && `member ${at + 1}/${state.members.length}`,
      `epoch ${String(member.epoch).padStart(total.length)}/${total}`,
      layout.bar > 0 && cyan("█".repeat(filled)) + dim("░".repeat(layout.bar - filled)),
      layout.loss && member.loss !== undefined && `loss ${lossText(member.loss)}`,
      layout.validation && !Number.isNaN(validation) && `validation ${bold(lossText(validation))}`,
      layout.left && timeLeft(share, state.seconds),
    ];
    return `  ${parts.filter((part) => typeof part === "string").join("  ")}`;
  };

  const room = width - 1;
  const layout = LAYOUTS.find((candidate) => draw(candidate, plain).length <= room);
  const narrowest = LAYOUTS[LAYOUTS.length - 1] as (typeof LAYOUTS)[number];
  return layout === undefined ? draw(narrowest, plain).trimStart().slice(0, Math.max(0, room)) : draw(layout, paint);
}

export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  /** Redraws the line, at most ten times a second. */
  update(state: ProgressState): void;
  /** Wipes the line, so that what comes next starts on a clean one; call it on success, failure and Ctrl-C alike. */
  finish(): void;
}

/** Fewer redraws flicker less and cost training nothing. */
const INTERVAL_MILLISECONDS = 100;
const CLEAR_TO_END = "\x1b[K";

/** A live line on `stream`; silent where nobody watches: a pipe, a file, a terminal that cannot redraw. */
export function liveProgress(
  stream: ProgressStream,
  { env = process.env, now = () => performance.now() }: { env?: NodeJS.ProcessEnv; now?: () => number } = {},
): Progress {
  const live = stream.isTTY === true && env.TERM !== "dumb";
  const color = !env.NO_COLOR; // no-color.org: set and not empty
  let drawnAt = Number.NEGATIVE_INFINITY;
  let dirty = false;
  return {
    update(state) {
      if (!live || now() - drawnAt < INTERVAL_MILLISECONDS) return;
      drawnAt = now();
      dirty = true;
      stream.write(`\r${progressLine(state, stream.columns || 80, color)}${CLEAR_TO_END}`);
    },
    finish() {
      if (dirty) stream.write(`\r${CLEAR_TO_END}`);
      dirty = false;
    },
  };
}

const plain = { bold: String, cyan: String, dim: String };

function shareDone(members: readonly MemberProgress[]): number {
  const done = members.map((member) => (member.done ? 1 : Math.min(1, member.epoch / Math.max(1, member.epochs))));
  return done.reduce((sum, share) => sum + share, 0) / done.length;
}

/** At this pace and without stopping early. */
function timeLeft(share: number, seconds: number): string | undefined {
  if (share <= 0 || share >= 1) return undefined;
  return `${duration((seconds / share) * (1 - share))} left`;
}

function lossText(loss: number): string {
  return Math.abs(loss) < 1e4 ? loss.toFixed(3) : loss.toPrecision(4);
}

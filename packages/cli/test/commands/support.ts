/** Runs the built command as its users do: a process of its own, in an empty folder. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll } from "vitest";

const main = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly stdin?: string | Uint8Array;
  readonly env?: Record<string, string>;
  /** Called with what has come on stderr so far, and a way to signal. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void;
}

export function credence(words: readonly string[], { cwd, stdin, env, onStderr }: RunOptions): Promise<Outcome> {
  if (!existsSync(main)) throw new Error(`${main} is not there: npm run build makes it`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], {
      cwd,
      // the test runner's own wish for colour is not the user's
      env: { ...process.env, FORCE_COLOR: "", ...env },
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onStderr?.(stderr, (signal) => child.kill(signal));
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(stdin ?? "");
  });
}

/** Runs the command and closes the pipe from its stdout after the first piece. */
export function readSome(
  words: readonly string[],
  { cwd, stdin }: { readonly cwd: string; readonly stdin: string },
): Promise<{ readonly code: number | null; readonly bytes: number; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...words], { cwd });
    let [bytes, stderr] = [0, ""];
    child.stdout.once("data", (piece: Buffer) => {
      bytes = piece.length;
      child.stdout.destroy();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, bytes, stderr }));
    child.stdin.end(stdin);
  });
}

const folders: string[] = [];

/** An empty folder that goes when the file's tests are over, as they may run side by side. */
export function emptyFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "credence-"));
  folders.push(folder);
  return folder;
}

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Every file under a folder, by its path from there. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** Options that make training quick rather than good. */
export const QUICK = ["--components", "3", "--hidden", "8", "--epochs", "3"] as const;

/** y is x plus a jump of one in half of the rows; the same numbers every time. */
export function smallTable(rows = 60): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const x = (i * 0.37) % 3;
    return `${x.toFixed(2)},${i % 3 === 0 ? "red" : "blue"},${(x + (i % 2) + 0.1 * Math.sin(i)).toFixed(3)}`;
  });
  return `x,colour,y\n${lines.join("\n")}\n`;
}

// The command line of `npm run bench`. What it does not understand ends the program with exit code 2.
import { parseArgs } from "node:util";
import { jobs } from "./jobs.mjs";
import { peers } from "./peers.mjs";

const ROUNDS = 7;
const DEFAULT_JOBS = ["mdn.step"];
const BROWSER_PEERS = ["credence", "Chromium"];

const list = (names) => names.join(", ");

export const HELP = `Usage: npm run bench -- [options] [JOB...]

Times credence beside other libraries that do the same job, one thread each, in turn: a round of the first, of the second
and so on, then again. Prints medians over the rounds, and keeps them in bench/results/latest.json.

Jobs (default: ${list(DEFAULT_JOBS)}):
${Object.entries(jobs)
  .map(([name, { title }]) => `  ${name.padEnd(34)} ${title}`)
  .join("\n")}

A name's beginning stands for all jobs that begin so: "kernels", "kernels.exp".

Options:
  --rounds N      rounds to take the median of (default: ${ROUNDS})
  --peers A,B     only these: ${list(peers.map((peer) => peer.name))}
  --browser       credence in headless Chromium beside Node: the same as --peers ${list(BROWSER_PEERS).replaceAll(" ", "")}
  --all           all jobs (some minutes)
  --json          one JSON object a line instead of the table (with npm run -s)
  --plan          print how credence compiles the job: kernels with their times, and memory; run no peer
  --compile       time the first step of credence's training jobs, compilation included, in fresh processes
  --scaling       time credence's mdn.step with other batches and widths, and draw docs/scaling.svg (about a minute)
  --help

Example:
  npm run bench -- --rounds 3 --peers limit,credence,PyTorch mdn.step`;

function refuse(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}

function readArguments() {
  const options = {
    rounds: { type: "string", default: String(ROUNDS) },
    peers: { type: "string" },
    browser: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    plan: { type: "boolean", default: false },
    compile: { type: "boolean", default: false },
    scaling: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const named = positionals.length > 0 ? positionals : DEFAULT_JOBS;
    return { ...values, jobs: values.all ? Object.keys(jobs) : named };
  } catch (error) {
    return refuse(`${error.message.split(". ")[0]}; see npm run bench -- --help`);
  }
}

function chooseJobs(names) {
  const chosen = names.map((name) => Object.keys(jobs).filter((job) => job === name || job.startsWith(`${name}.`)));
  const unknown = chosen.findIndex((found) => found.length === 0);
  if (unknown >= 0) refuse(`there is no job "${names[unknown]}".\n  allowed: ${list(Object.keys(jobs))}`);
  return [...new Set(chosen.flat())];
}

function choosePeers(wanted) {
  if (wanted === undefined) return peers.filter((peer) => !peer.onRequest);
  const find = (name) => peers.find((peer) => peer.name.toLowerCase() === name.trim().toLowerCase());
  const names = wanted.split(",");
  const unknown = names.find((name) => !find(name));
  if (unknown !== undefined)
    refuse(`there is no peer "${unknown}".\n  allowed: ${list(peers.map((peer) => peer.name))}`);
  return peers.filter((peer) => names.some((name) => find(name) === peer));
}

function chooseRounds(text) {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1)
    refuse(`--rounds is "${text}".\n  allowed: a whole number of at least 1`);
  return rounds;
}

/** @returns {{ help: boolean, json: boolean, plan: boolean, compile: boolean, rounds: number, names: string[], chosen: object[] }} */
export function readCommandLine() {
  const { jobs: named, peers: wanted, browser, rounds, ...flags } = readArguments();
  const chosen = choosePeers(wanted ?? (browser ? BROWSER_PEERS.join(",") : undefined));
  return { ...flags, names: chooseJobs(named), rounds: chooseRounds(rounds), chosen };
}

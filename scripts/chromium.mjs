// A page in headless Chromium that runs the built library as it is, without a bundler, and exchanges messages with this process.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const LIBRARY = fileURLToPath(new URL("../packages/credence/", import.meta.url));
const DEBIAN = "/usr/bin/chromium";
const FLAGS = [
  "--headless",
  "--no-sandbox", // which root can't have; the page is ours
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const KEPT_COMPLAINTS = 2000;

/** Where Chromium is, or why it is not used. */
export function findChromium() {
  const command = process.env.CREDENCE_CHROMIUM ?? DEBIAN;
  if (existsSync(command)) return { command };
  return { missing: `there is no ${command}; name a Chromium in CREDENCE_CHROMIUM` };
}

/** What makes a page cross-origin isolated: its threads may share memory. */
const ISOLATION = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };

/** The page's end: it says what it has to say, and waits to be asked for more. */
const CHANNEL = `
const post = (path, body) => fetch(path, { method: "POST", body });
export const say = (message) => post("/say", JSON.stringify(message));
export const asked = async () => (await (await post("/asked", "")).text()) === "again";
const failed = (error) => post("/failed", String(error?.stack ?? error));
addEventListener("error", (event) => failed(event.error ?? event.message));
addEventListener("unhandledrejection", (event) => failed(event.reason));
`;

/** The built library's modules by address, and the import map of its public names. */
function libraryModules() {
  const files = readdirSync(path.join(LIBRARY, "dist"), { recursive: true }).filter((file) => file.endsWith(".js"));
  const modules = files.map((file) => [
    `/dist/${file.split(path.sep).join("/")}`,
    readFileSync(path.join(LIBRARY, "dist", file), "utf8"),
  ]);
  const { exports } = JSON.parse(readFileSync(path.join(LIBRARY, "package.json"), "utf8"));
  const names = Object.entries(exports).flatMap(([name, target]) =>
    target.default ? [[path.posix.join("credence", name), target.default.slice(1)]] : [],
  );
  return { modules, imports: { ...Object.fromEntries(names), channel: "/channel.js" } };
}

const pageOf = (imports) => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">import "channel"; await import("/main.js");</script><title>credence</title>`;

async function readBody(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  return body;
}

/**
 * Opens a page that runs a module. The module may import "credence" and its subpaths, the given modules by their addresses,
 * and `say` and `asked` from "channel": `say(message)` sends a message here, `await asked()` waits for `ask` and answers true.
 *
 * @param main      text of the page's module
 * @param modules   texts of further modules by address, such as "/data.mjs"
 * @param isolated  whether the page is cross-origin isolated
 * @returns        `next()`, the page's next message, rejected if the page fails; `ask()`; `close()`
 */
export async function openPage({ main, modules = {}, isolated = false }) {
  const { command, missing } = findChromium();
  if (missing) throw new Error(missing);
  const library = libraryModules();
  const files = new Map([
    ...library.modules,
    ...Object.entries(modules),
    ["/channel.js", CHANNEL],
    ["/main.js", main],
    ["/", pageOf(library.imports)],
  ]);
  const said = new Queue();
  const questions = new Queue();

  const server = createServer(async (request, response) => {
    const { url, method } = request;
    if (method === "POST") {
      const body = await readBody(request);
      if (url === "/say") said.put(JSON.parse(body));
      if (url === "/failed") said.fail(new Error(`in Chromium: ${body}`));
      response.end(url === "/asked" ? await questions.take() : "");
      return;
    }
    const text = files.get(url);
    const type = url === "/" ? "text/html" : "text/javascript";
    const headers = { "content-type": `${type}; charset=utf-8`, ...(isolated && ISOLATION) };
    response.writeHead(text === undefined ? 404 : 200, headers).end(text);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

  const profile = mkdtempSync(path.join(tmpdir(), "credence-chromium-"));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const child = spawn(command, [...FLAGS, `--user-data-dir=${profile}`, address], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, TMPDIR: profile }, // it leaves files there when it is killed
    detached: true, // a group of its own: closing ends its helper processes too
  });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints = `${complaints}${text}`.slice(-KEPT_COMPLAINTS);
  });
  child.on("error", (error) => said.fail(error));
  child.on("close", (code) => said.fail(new Error(`Chromium ended with code ${code}: ${complaints.trim()}`)));

  // at once, so that it can be done while this process exits
  const end = () => {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // it has ended by itself, or never begun
    }
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }); // helpers may still be writing
  };
  process.once("exit", end);
  return {
    next: () => said.take(),
    ask: () => questions.put("again"),
    close() {
      process.off("exit", end);
      end();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Messages in order; whoever takes one waits for it. After `fail`, waiting is in vain. */
class Queue {
  #messages = [];
  #waiting = [];
  #error;

  put(message) {
    const waiter = this.#waiting.shift();
    if (waiter) waiter.resolve(message);
    else this.#messages.push(message);
  }

  fail(error) {
    this.#error ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#error);
  }

  take() {
    if (this.#messages.length > 0) return Promise.resolve(this.#messages.shift());
    if (this.#error) return Promise.reject(this.#error);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }
}

import { type Control, type Mail, type Parts, partsOf, serve } from "./control.js";

/**
 * Entry of a helper: a thread that runs parts of kernels. It goes back to its event loop for mail alone, which whoever gives
 * jobs announces in the control block.
 */
const programs = new Map<number, Parts>();
let started: { own: number; control: Control } | undefined;

function receive(mail: Mail): void {
  if (mail.kind === "start") started = mail;
  else {
    const env = { memory: mail.memory, fork: () => {} }; // parts are not divided again
    programs.set(mail.id, partsOf(new WebAssembly.Instance(mail.module, { env }).exports));
  }
  if (started) serve(started.control, started.own, programs);
}

const node = typeof process === "undefined" ? undefined : process.getBuiltinModule?.("node:worker_threads");
if (node?.parentPort) node.parentPort.on("message", receive);
else addEventListener("message", (event: MessageEvent<Mail>) => receive(event.data));

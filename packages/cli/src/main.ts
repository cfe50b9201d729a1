import { quitOnSignals } from "./interrupt.js";
import { endWhenNobodyReads } from "./terminal.js";

endWhenNobodyReads();
quitOnSignals();
// after the signals are listened for, as loading the rest takes a moment
const { run } = await import("./program.js");
// not process.exit, which would cut short what is still on its way to a pipe
process.exitCode = (await run(process.argv.slice(2))) ?? process.exitCode;

// Prints the hash of a training run on this engine. Usage: node [V8's flags] inNode.mjs STEPS
import { trainedHash } from "./training.mjs";

console.log(await trainedHash(Number(process.argv[2])));

// Prints the hash of a training run on this engine. Usage: node [V8's flags] inNode.mjs STEPS [OPTIONS]
// OPTIONS are those of `setEngine` in JSON, such as {"threads": 2}.
import { hashOf } from "./training.mjs";

const [steps, options = "{}"] = process.argv.slice(2);
console.log(await hashOf(Number(steps), JSON.parse(options)));

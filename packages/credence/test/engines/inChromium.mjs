// Prints the hash of a training run in headless Chromium. Usage: node inChromium.mjs STEPS [OPTIONS]
// OPTIONS are those of `setEngine` in JSON; with any, the page is cross-origin isolated.
import { readFileSync } from "node:fs";
import { openPage } from "../../../../scripts/chromium.mjs";

const [steps, options] = process.argv.slice(2);
const page = await openPage({
  main: `
    import { say } from "channel";
    import { hashOf } from "/training.mjs";
    await say(await hashOf(${Number(steps)}, ${options ?? "{}"}));
  `,
  modules: { "/training.mjs": readFileSync(new URL("training.mjs", import.meta.url), "utf8") },
  isolated: options !== undefined,
});
try {
  console.log(await page.next());
} finally {
  page.close();
}

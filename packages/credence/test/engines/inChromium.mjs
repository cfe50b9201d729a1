// Prints the hash of a training run in headless Chromium. Usage: node inChromium.mjs STEPS
import { readFileSync } from "node:fs";
import { openPage } from "../../../../scripts/chromium.mjs";

const page = await openPage({
  main: `
    import { say } from "channel";
    import { trainedHash } from "/training.mjs";
    await say(await trainedHash(${Number(process.argv[2])}));
  `,
  modules: { "/training.mjs": readFileSync(new URL("training.mjs", import.meta.url), "utf8") },
});
try {
  console.log(await page.next());
} finally {
  page.close();
}

// credence's own program in headless Chromium: the same files, in a page. Usage: node browser.mjs JOB EPOCHS_PER_ROUND
import { readdirSync, readFileSync } from "node:fs";
import { openPage } from "../scripts/chromium.mjs";
import { serve } from "./rounds.mjs";

const [name, perRound] = process.argv.slice(2);

/** The modules of a folder by address: the page has this folder for its root. */
const modulesOf = (folder) =>
  readdirSync(new URL(`.${folder}`, import.meta.url))
    .filter((file) => file.endsWith(".mjs"))
    .map((file) => [folder + file, readFileSync(new URL(`.${folder}${file}`, import.meta.url), "utf8")]);

const page = await openPage({
  main: `
    import { asked, say } from "channel";
    import { jobs } from "/jobs.mjs";
    import { warmTraining } from "/timing.mjs";
    const { makeJob } = await jobs[${JSON.stringify(name)}].load();
    const round = await warmTraining({ perRound: ${Number(perRound)}, epoch: makeJob().epoch });
    await say(navigator.userAgent.match(/Chrome\\/([0-9]+)/)[1]);
    while (await asked()) await say(await round());
  `,
  modules: Object.fromEntries([...modulesOf("/"), ...modulesOf("/jobs/")]),
});
process.once("SIGTERM", () => process.exit()); // which closes the page

await serve({
  peer: "Chromium",
  version: await page.next(),
  round() {
    page.ask();
    return page.next();
  },
});

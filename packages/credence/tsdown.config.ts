import { defineConfig } from "tsdown";

// One output file for each source file, so that `sideEffects` in package.json can name the few that have any.
export default defineConfig({
  entry: [
    "src/index.ts",
    "src/{nn,models,metrics,special,distributions,bijectors,divergences,losses}/index.ts",
    "src/models/worker.ts",
    "src/compiler/threads/worker.ts",
  ],
  unbundle: true,
  platform: "neutral",
  target: "es2022",
  outExtensions: () => ({ js: ".js", dts: ".d.ts" }),
  // dropping what is unused is for the bundler of whoever uses the library
  treeshake: false,
  external: [/^node:/],
  dts: true,
  inputOptions: { checks: { pluginTimings: false } }, // writing types is most of the work, and meant to be
});

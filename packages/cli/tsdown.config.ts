import { defineConfig } from "tsdown";

export default defineConfig({
  entry: ["src/main.ts"],
  platform: "node",
  target: "node20.19",
  outExtensions: () => ({ js: ".js" }),
  // the library stays a package of its own, with its worker beside it; tsconfig's paths serve the type check alone
  external: [/^credence(\/|$)/],
  tsconfig: false,
  dts: false,
});

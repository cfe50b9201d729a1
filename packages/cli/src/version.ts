import { readFileSync } from "node:fs";

// from src/ and from the bundle in dist/ alike
const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };

export const version: string = manifest.version;

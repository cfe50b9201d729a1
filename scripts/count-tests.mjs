// Prints "N passed, N failed" from Vitest's JSON report; a run that ended before its report counts as one failure.
import { readFileSync } from "node:fs";

const text = readFileSync(process.argv[2], "utf8");
const report = text ? JSON.parse(text) : { numPassedTests: 0, numFailedTests: 1, success: false };
// a file that cannot be loaded has no tests to count, yet it failed
const brokenFiles = (report.testResults ?? []).filter(
  (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
).length;
const failed = report.numFailedTests + brokenFiles;

console.log(`${report.numPassedTests} passed, ${failed} failed`);
process.exit(report.success && failed === 0 ? 0 : 1);

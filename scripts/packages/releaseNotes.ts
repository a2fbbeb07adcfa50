import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, manifestOf } from "./packages.ts";
import { releaseOf } from "./release.ts";

// Prints the notes of the release that a tag names, and refuses a tag that does not fit.
const [, , tag = ""] = process.argv;
const release = releaseOf(
  tag,
  manifestOf().version,
  readFileSync(join(ROOT, "CHANGELOG.md"), "utf8"),
);
if ("problem" in release) {
  process.stderr.write(`${release.problem}\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(`${release.notes}\n`);
}

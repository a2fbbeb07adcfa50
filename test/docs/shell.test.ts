import { expect, test } from "vitest";
import { documents } from "./documents.ts";

/** The programs that the documents run. A comment that continues on a second line, or a wrapped command, begins with none of them. */
const PROGRAMS = [
  ...[".ci/run", "az", "cd", "cp", "flux", "git", "istioctl", "kubectl", "node", "npm", "npx"],
  "pulumi",
];

test("every line of a shell example is one command that a reader can copy", () => {
  const wrong: string[] = [];
  for (const [document, text] of documents()) {
    for (const [, block = ""] of text.matchAll(/^ *```sh\n(.*?)^ *```$/gms)) {
      for (const line of block.replaceAll("\\\n", " ").split("\n")) {
        const [, program] = /^ *(?:[A-Z_0-9]+=\S+ )*(\S+)/.exec(line) ?? [];
        if (program !== undefined && !PROGRAMS.includes(program)) {
          wrong.push(`${document}: ${line}`);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

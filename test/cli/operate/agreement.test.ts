import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { agreesToRegister } from "../../../cli/operate/agreement.ts";

test.each([
  ["yes\n", true, ""],
  ["Y\n", true, ""],
  ["\n", false, ""],
  ["n\n", false, ""],
  ["sure\nyes\n", true, "  It must be yes or no.\n"],
])("%j is an answer", async (typed, agrees, complaint) => {
  const stdin = new PassThrough();
  const stderr = new PassThrough();
  stdin.end(typed);
  const missing = { providers: ["Microsoft.Monitor"], features: ["Microsoft.Compute/A"] };
  const terminal = { stdin, stderr } as unknown as NodeJS.Process;
  expect(await agreesToRegister(missing, "s", terminal)).toBe(agrees);
  const question =
    "Register Microsoft.Monitor, Microsoft.Compute/A in the subscription s? yes or no [no]: ";
  const shown = String(stderr.read());
  expect(shown).toBe(complaint === "" ? question : question + complaint + question);
});

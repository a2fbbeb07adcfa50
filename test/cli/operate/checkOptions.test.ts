import { expect, test } from "vitest";
import { requireChecks } from "../../../cli/operate/checkOptions.ts";

const require = (...skip: readonly string[]) => {
  requireChecks({ output: "table", skip }, ["flux", "metrics"]);
};

test("at least one check must remain", () => {
  expect(() => {
    require("flux");
  }).not.toThrow();
  expect(() => {
    require("metrics", "flux");
  }).toThrow("--skip leaves out every check, so nothing would be checked.");
});

import { expect, test } from "vitest";
import { egressGatewayNameProblem } from "../../mesh/egressGateways.ts";

const LETTERS =
  "must consist of lowercase letters, digits and hyphens, start with a letter, and end with a letter or digit";

test.each(["a", "partners", "asm-egress-2", "a".repeat(53)])("%s is a name", (name) => {
  expect(egressGatewayNameProblem(name)).toBeUndefined();
});

test.each([
  ["", "must not be empty"],
  ["a".repeat(54), "must be at most 53 characters long, but has 54"],
  ["Partners", LETTERS],
  ["partners-", LETTERS],
  ["-partners", LETTERS],
  ["part_ners", LETTERS],
  // AKS accepts these, but Kubernetes accepts no Service with such a name.
  ["partners.eu", LETTERS],
  ["2partners", LETTERS],
])("%s is not a name", (name, problem) => {
  expect(egressGatewayNameProblem(name)).toBe(problem);
});

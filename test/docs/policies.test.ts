import { test } from "vitest";
import { policyIndex, policyPages } from "./policyPages.ts";
import { expectFolder, expectPrinted } from "./printed.ts";

test("docs/policies.md lists every policy; npx vitest run test/docs --update prints it again", async () => {
  await expectPrinted("policies.md", policyIndex());
});

test("docs/policies/ has a current page for every policy and no other; --update prints them again", async () => {
  await expectFolder("policies", policyPages());
});

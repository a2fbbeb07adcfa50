import { test } from "vitest";
import { policyReference } from "./policyReference.ts";
import { expectPrinted } from "./printed.ts";

test("docs/policies.md says what the rules do; npx vitest run test/docs --update prints it anew", async () => {
  await expectPrinted("policies.md", policyReference());
});

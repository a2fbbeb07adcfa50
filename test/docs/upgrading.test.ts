import { test } from "vitest";
import { expectPrinted } from "./printed.ts";
import { upgradeTables } from "./upgradeTables.ts";

test("docs/upgrading.md says what the code does; npx vitest run test/docs --update prints it again", async () => {
  await expectPrinted("upgrading.md", upgradeTables());
});

import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { stringify } from "yaml";
import { Assumptions } from "../../../offline/engine/assumptions.ts";
import { CALLER } from "../../../rehearsal/azure/accounts.ts";

/**
 * The information that the engine gets from the login before anything is created, as assumptions for the offline
 * preview, which does not send requests.
 */
export function loginOfTheStandIn(): Assumptions {
  const file = join(mkdtempSync(join(inject("tools").scratch, "assume-")), "assume.yaml");
  const returns = { ...CALLER };
  writeFileSync(
    file,
    stringify({ invokes: { "azure-native:authorization:getClientConfig": [{ returns }] } }),
  );
  return Assumptions.fromFile(file);
}

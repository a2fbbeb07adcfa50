import { checkOfManifests } from "./checkOfManifests.ts";
import { growth } from "./growth.ts";
import { packs } from "./packs.ts";
import { previewAgainst } from "./previewAgainst.ts";
import { previewOfDevStack } from "./previewOfDevStack.ts";

/**
 * Runs every measurement, one after the other. Whole commands are measured by wall time and the peak memory of the
 * largest process, the pack alone only by time. Other load on the machine affects all of them, but ratios less.
 */
async function main(): Promise<void> {
  await previewOfDevStack();
  await previewAgainst();
  await checkOfManifests();
  await packs();
  await growth();
}

void main();

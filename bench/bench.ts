import { growth } from "./growth.ts";
import { packs } from "./packs.ts";
import { previewOfDevStack } from "./previewOfDevStack.ts";

/**
 * Every measurement, one after the other. Of whole commands it is wall time and the peak of the largest process, of
 * the pack by itself only time. What else the machine does moves all of them; ratios less.
 */
async function main(): Promise<void> {
  await previewOfDevStack();
  await packs();
  await growth();
}

void main();

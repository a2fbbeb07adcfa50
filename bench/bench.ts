import { growth } from "./growth.ts";
import { previewOfDevStack } from "./previewOfDevStack.ts";

/** Every measurement, one after the other: wall time of the whole command, peak of its largest process. */
async function main(): Promise<void> {
  await previewOfDevStack();
  await growth();
}

void main();

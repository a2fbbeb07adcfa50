import { join } from "node:path";
import { median, measurePreview } from "./measure.ts";
import type { Measurement } from "./measure.ts";
import { row } from "./table.ts";

const RUNS = 5;
const IMPORTS_ONLY = join(__dirname, "programs", "imports");

/**
 * The dev stack with the whole pack, compared with a program that has the same imports and creates nothing: the
 * difference is the cost of the program and its policies.
 */
export async function previewOfDevStack(): Promise<void> {
  const dev: Measurement[] = [];
  const empty: Measurement[] = [];
  for (let run = 0; run < RUNS; run++) {
    dev.push(await measurePreview([]));
    empty.push(await measurePreview([IMPORTS_ONLY]));
  }
  const [whole, imports] = [median(dev), median(empty)];
  row(
    "dev stack, whole pack",
    whole,
    `${(whole.seconds / imports.seconds).toFixed(2)} x the imports`,
  );
  row("same imports, no resources", imports);
}

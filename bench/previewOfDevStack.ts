import { join } from "node:path";
import { median, measurePreview } from "./measure.ts";
import type { Measurement } from "./measure.ts";
import { row } from "./table.ts";

const RUNS = 5;
const IMPORTS_ONLY = join(__dirname, "programs", "imports");

/**
 * The dev stack with the whole pack, next to a program with the same imports that makes nothing:
 * the difference is what the program and its policies cost.
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

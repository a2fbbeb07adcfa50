import { measurePreview, median } from "./measure.ts";
import type { Measurement } from "./measure.ts";
import { row } from "./table.ts";

const RUNS = 5;

/** The dev stack compared with the last commit: a checkout and a second preview, beside the first one. */
export async function previewAgainst(): Promise<void> {
  const plain: Measurement[] = [];
  const compared: Measurement[] = [];
  for (let run = 0; run < RUNS; run++) {
    plain.push(await measurePreview([]));
    compared.push(await measurePreview(["--against", "HEAD"]));
  }
  const [alone, both] = [median(plain), median(compared)];
  row("dev stack", alone);
  row(
    "dev stack against HEAD",
    both,
    `${(both.seconds / alone.seconds).toFixed(2)} x, ${(both.seconds - alone.seconds).toFixed(2)} s more`,
  );
}

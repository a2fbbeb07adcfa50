import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measurePreview } from "./measure.ts";
import { row } from "./table.ts";

const PROGRAM = join(__dirname, "programs", "generated");
const SIZES = [100, 1_000, 5_000];

/** Stacks of growing size: the time of one more resource must stay the same. */
export async function growth(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "aks-istio-bench-"));
  try {
    let previous: { readonly size: number; readonly seconds: number } | undefined;
    for (const size of SIZES) {
      const file = join(directory, `${size}.yaml`);
      writeFileSync(file, `config:\n  bench-generated:resources: ${size}\n`);
      const measured = await measurePreview([PROGRAM, "--config-file", file]);
      const step =
        previous === undefined
          ? ""
          : `${(((measured.seconds - previous.seconds) * 1000) / (size - previous.size)).toFixed(2)} ms for one more`;
      row(`generated, ${size} resources`, measured, step);
      previous = { size, seconds: measured.seconds };
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program that creates the number of ordinary resources in its configuration. */
export const GENERATED = join(__dirname, "programs", "generated");

/** Calls a function with a way to write a stack file for a number of resources. */
export async function withStackFiles(
  use: (stackFile: (resources: number) => string) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "aks-istio-bench-"));
  try {
    await use((resources) => {
      const file = join(directory, `${resources}.yaml`);
      writeFileSync(file, `config:\n  bench-generated:resources: ${resources}\n`);
      return file;
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

import { createRequire } from "node:module";
import { join } from "node:path";

/** The package.json of the SDK of a provider that a program imports; undefined if it has none. */
export function programSdk(programDirectory: string, packageName: string): string | undefined {
  const require = createRequire(join(programDirectory, "index.js"));
  try {
    return require.resolve(`@pulumi/${packageName}/package.json`);
  } catch {
    return undefined;
  }
}

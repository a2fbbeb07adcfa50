import { createRequire } from "node:module";
import { join } from "node:path";
import { UsageError } from "../errors.ts";

/**
 * Finds a file of the Pulumi SDK the way the language host does: from the program's own directory, so a program runs
 * with its own SDK.
 */
export function locateSdk(entry: string, directory: string, what: string): string {
  try {
    return createRequire(join(directory, "index.js")).resolve(`@pulumi/pulumi/${entry}`);
  } catch {
    throw new UsageError(
      `${what} at ${directory} does not have @pulumi/pulumi installed. Run \`npm install\` there first.`,
    );
  }
}

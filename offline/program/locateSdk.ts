import { createRequire } from "node:module";
import { join } from "node:path";
import { UsageError } from "../errors.ts";

/**
 * Finds a file of the Pulumi SDK as the language host does: from the program's own directory, so
 * that a program runs on the SDK that it was installed with.
 */
export function locateSdk(entry: string, directory: string, what: string): string {
  try {
    return createRequire(join(directory, "index.js")).resolve(`@pulumi/pulumi/${entry}`);
  } catch {
    throw new UsageError(
      `${what} at ${directory} has no @pulumi/pulumi installed. Run \`npm install\` there first.`,
    );
  }
}

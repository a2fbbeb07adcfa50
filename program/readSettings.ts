import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/schema.ts";

/**
 * The settings of the running stack: every key, read here, once, and nowhere else. Warnings go to its log.
 *
 * @throws pulumi.RunError with a line for everything that is wrong. Pulumi prints its message and no stack trace.
 */
export function readSettings(): Settings {
  const parsed = parseSettings({
    values: pulumi.runtime.allConfig(),
    isSecret,
    project: pulumi.getProject(),
  });
  if ("problems" in parsed) {
    const lines = parsed.problems.map((line) => `\n  ${line}`).join("");
    throw new pulumi.RunError(
      `The settings of the stack "${pulumi.getStack()}" cannot be used:${lines}`,
    );
  }
  for (const warning of parsed.warnings) void pulumi.log.warn(warning);
  return parsed.settings;
}

function isSecret(key: string): boolean {
  // There at run time but not declared, and nothing that is declared tells a secret key from another. Should it go
  // away, every value counts as a secret.
  const runtime = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };
  return runtime.isConfigSecret?.(key) ?? true;
}

import * as pulumi from "@pulumi/pulumi";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/schema.ts";

/**
 * Reads the settings of the running stack; nothing else reads configuration. Warnings are logged.
 *
 * @throws pulumi.RunError with a line for each problem. Pulumi prints its message without a stack trace.
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
  // The SDK has this function but does not declare it, and it declares no other way to recognize a
  // secret key. If a later SDK removes it, every value counts as a secret.
  const runtime = pulumi.runtime as { readonly isConfigSecret?: (key: string) => boolean };
  return runtime.isConfigSecret?.(key) ?? true;
}

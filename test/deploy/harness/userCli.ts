import { mkdtempSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { inject } from "vitest";

/** The environment of a user with the Pulumi CLI, and more directories in the PATH. */
export function userCli(...more: readonly string[]): Readonly<Record<string, string>> {
  const { pulumi, language, scratch } = inject("tools");
  return {
    PATH: [dirname(pulumi), language, ...more, process.env["PATH"]].join(delimiter),
    PULUMI_HOME: mkdtempSync(join(scratch, "home-")),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

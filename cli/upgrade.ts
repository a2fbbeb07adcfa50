import { Command } from "commander";
import { resolveConfig } from "../local/config.ts";
import { UsageError } from "../local/errors.ts";
import { loadProject } from "../local/project.ts";
import type { Project } from "../local/project.ts";
import { passphraseDecrypter } from "../local/secretsProvider.ts";
import { loadStackFile } from "../local/stackFile.ts";
import { changeProblems } from "../settings/change.ts";
import { parseSettings } from "../settings/parse.ts";
import type { Settings } from "../settings/parse.ts";
import { upgradeText } from "./reports/upgrade.ts";

interface UpgradeFlags {
  readonly stack?: string;
  readonly configFile?: string;
  readonly before?: string;
}

const ILLEGAL_EXIT_CODE = 1;

/** `aks-istio upgrade`: where the upgrade of a mesh stands, and whether a change of its settings is a legal step. */
export function upgradeCommand(home: string): Command {
  return new Command("upgrade")
    .description("Tell where a canary upgrade stands, what is next, and how to go back")
    .option("-s, --stack <name>", "the stack (default: the only one with a file, or dev)")
    .option("--config-file <file>", "use this stack file instead of Pulumi.<stack>.yaml")
    .option(
      "--before <file>",
      "the stack file as it was deployed last: whether one deployment may go from there to here",
    )
    .action(({ before, ...flags }: UpgradeFlags) => {
      const project = loadProject(home);
      const settings = settingsOf(project, flags);
      process.stdout.write(upgradeText(settings));
      if (before === undefined) return;
      const problems = changeProblems(
        settingsOf(project, { ...flags, configFile: before }),
        settings,
      );
      for (const { severity, path, message } of problems) {
        process.stderr.write(`${severity}: ${project.name}:${path}: ${message}\n`);
      }
      if (problems.some(({ severity }) => severity === "error")) {
        process.exitCode = ILLEGAL_EXIT_CODE;
      } else {
        process.stdout.write(`\nFrom ${before} this is a legal step.\n`);
      }
    });
}

/** @throws UsageError with everything that is wrong with the settings */
function settingsOf(project: Project, flags: Omit<UpgradeFlags, "before">): Settings {
  const stack = loadStackFile(project, flags);
  const decrypt = passphraseDecrypter(stack.encryptionSalt, process.env);
  const config = resolveConfig(project, stack, decrypt);
  const parsed = parseSettings({
    values: Object.fromEntries([...config].map(([key, { value }]) => [key, value])),
    isSecret: (key) => config.get(key)?.secret ?? false,
    project: project.name,
  });
  if ("settings" in parsed) return parsed.settings;
  const where = stack.file ?? `the stack ${stack.stack}`;
  throw new UsageError(
    [`The settings in ${where} cannot be used:`, ...parsed.problems].join("\n  "),
  );
}

import { Command } from "commander";
import { loadStackFile } from "../local/stackFile.ts";
import { addStackOptions, projectOf } from "./previewOptions.ts";
import { inMessage } from "./reports/foreignText.ts";
import { expectOwnProgram, settingsOf } from "./stackSettings.ts";

interface ValidateFlags {
  readonly stack?: string;
  readonly configFile?: string;
}

/** `aks-istio validate`: whether the settings of a stack can be used, without a start of the program. */
export function validateCommand(): Command {
  const command = new Command("validate").description(
    "Check the settings of a stack, in seconds, without running the program",
  );
  return addStackOptions(command).action((directory: string | undefined, flags: ValidateFlags) => {
    const project = projectOf(directory);
    expectOwnProgram(project);
    const stack = loadStackFile(project, flags);
    const { warnings } = settingsOf(project, stack);
    for (const warning of [...(stack.hints ?? []), ...warnings]) {
      process.stderr.write(inMessage(`warning: ${warning}\n`));
    }
    process.stdout.write(
      `The settings in ${stack.file ?? `the stack ${stack.stack}`} can be used.\n`,
    );
  });
}

import { Argument, Command } from "commander";
import { SHELLS, completionScript } from "./completion/scripts.ts";
import type { Shell } from "./completion/scripts.ts";

/** `completion`: the script with which a shell completes the command lines of a program. */
export function completionCommand(program: string): Command {
  return new Command("completion")
    .description("Write the script with which a shell completes commands, options and stacks")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText(
      "after",
      `
To load it in each new shell:
  bash        eval "$(${program} completion bash)"   in ~/.bashrc
  zsh         eval "$(${program} completion zsh)"    in ~/.zshrc, after compinit
  fish        ${program} completion fish | source    in ~/.config/fish/config.fish
  PowerShell  ${program} completion powershell | Out-String | Invoke-Expression    in $PROFILE`,
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, program));
    });
}

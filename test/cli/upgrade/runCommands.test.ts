import { expect, test } from "vitest";
import type { Command } from "commander";
import { upgradeCommand } from "../../../cli/upgrade.ts";
import { runCommands } from "../../../cli/upgrade/runCommands.ts";

/** The commands that a run with these options would print. */
async function commandsOf(directory: string | undefined, ...options: readonly string[]) {
  const command: Command = upgradeCommand("policy").action(() => undefined);
  await command.parseAsync(options, { from: "user" });
  return runCommands(command, directory, "prod");
}

test("repeat what the user typed, but not what was meant for this run", async () => {
  const options = ["--stack", "prod", "--run", "--to", "asm-1-31"];
  const more = ["--context", "my cluster", "--timeout", "2m", "--no-policy-pack"];
  const skip = ["--skip", "upgrade-azure", "upgrade-gateways"];
  const again = "npx aks-istio upgrade --stack prod";
  expect(await commandsOf(undefined, ...options)).toEqual({
    status: again,
    forward: `${again} --run`,
    back: `${again} --back --run`,
  });
  const skipped = " --skip upgrade-azure upgrade-gateways";
  const all = `${again} --context 'my cluster'${skipped} --timeout 120s --no-policy-pack`;
  expect(await commandsOf(undefined, ...options, ...more, ...skip)).toEqual({
    status: `${again} --context 'my cluster'${skipped}`,
    forward: `${all} --run`,
    back: `${all} --back --run`,
  });
});

test("stop where this run was to stop, unless they turn round", async () => {
  const again = "npx aks-istio upgrade --stack prod";
  expect(await commandsOf(undefined, "--run", "--stop-after", "canary")).toEqual({
    status: again,
    forward: `${again} --stop-after canary --run`,
    back: `${again} --back --run`,
  });
  expect(await commandsOf(undefined, "--run", "--back", "--stop-after", "canary")).toEqual({
    status: again,
    forward: `${again} --run`,
    back: `${again} --stop-after canary --back --run`,
  });
});

test("name the project if the user did", async () => {
  expect((await commandsOf("infra/mesh", "--run")).forward).toBe(
    "npx aks-istio upgrade infra/mesh --stack prod --run",
  );
});

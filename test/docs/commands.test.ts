import type { Command } from "commander";
import { expect, test } from "vitest";
import { checkCommand } from "../../cli/check.ts";
import { commentCommand } from "../../cli/comment.ts";
import { completionCommand } from "../../cli/completion.ts";
import { explainCommand } from "../../cli/explain.ts";
import { initCommand } from "../../cli/init.ts";
import { injectCommand } from "../../cli/inject.ts";
import { migrateIstioCommand } from "../../cli/migrateIstio.ts";
import { migrateOsmCommand } from "../../cli/migrateOsm.ts";
import { preflightCommand } from "../../cli/preflight.ts";
import { previewCommand } from "../../cli/preview.ts";
import { rehearseCommand } from "../../cli/rehearse.ts";
import { renderCommand } from "../../cli/render.ts";
import { configOf } from "../../cli/stackConfig.ts";
import { revisionsCommand } from "../../cli/revisions.ts";
import { upgradeCommand } from "../../cli/upgrade.ts";
import { validateCommand } from "../../cli/validate.ts";
import { verifyCommand } from "../../cli/verify.ts";
import { documents } from "./documents.ts";

const COMMAND = /aks-istio(?:\.js)? ([a-z]+(?:-[a-z]+)?)\b([^`\n#|]*)/g;

const DEFAULTS = { pack: "policy", configOf };

const COMMANDS = [
  checkCommand(),
  commentCommand(),
  completionCommand("aks-istio"),
  explainCommand("."),
  initCommand(),
  injectCommand(),
  migrateIstioCommand(),
  migrateOsmCommand(),
  preflightCommand(),
  previewCommand(DEFAULTS),
  rehearseCommand(),
  renderCommand(DEFAULTS),
  revisionsCommand("."),
  upgradeCommand("policy"),
  validateCommand(),
  verifyCommand(),
];

/** The options of each command and subcommand, by its name: `upgrade`, `explain request`. */
const OPTIONS = new Map(
  COMMANDS.flatMap((command) => [
    [command.name(), longOptions(command)] as const,
    ...command.commands.map(
      (sub) => [`${command.name()} ${sub.name()}`, longOptions(sub)] as const,
    ),
  ]),
);

function longOptions({ options }: Command): readonly (string | undefined)[] {
  return options.map(({ long }) => long);
}

test("every command in a document supports the options that are used there", () => {
  const wrong: string[] = [];
  const shown = new Set<string>();
  for (const [document, text] of documents()) {
    const commands = text.matchAll(/^(?:.*`)?(?: *- run: | *)((?:npx|node) [^\n`]*)/gm);
    for (const [, line = ""] of commands) {
      for (const [, name = "", rest = ""] of line.matchAll(COMMAND)) {
        shown.add(name);
        const [, sub = ""] = /^ ([a-z]+)/.exec(rest) ?? [];
        const options = OPTIONS.get(`${name} ${sub}`) ?? OPTIONS.get(name) ?? [];
        const unknown = [...rest.matchAll(/--[a-z-]+/g)].filter(([one]) => !options.includes(one));
        if (!OPTIONS.has(name) || unknown.length > 0) wrong.push(`${document}: ${line}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect([...shown].sort()).toEqual(COMMANDS.map((command) => command.name()).sort());
});

import { expect, test } from "vitest";
import { checkCommand } from "../../cli/check.ts";
import { explainCommand } from "../../cli/explain.ts";
import { initCommand } from "../../cli/init.ts";
import { previewCommand } from "../../cli/preview.ts";
import { rehearseCommand } from "../../cli/rehearse.ts";
import { renderCommand } from "../../cli/render.ts";
import { upgradeCommand } from "../../cli/upgrade.ts";
import { validateCommand } from "../../cli/validate.ts";
import { documents } from "./documents.ts";

const COMMAND = /aks-istio(?:\.js)? ([a-z]+)\b([^`\n#|]*)/g;

/** The options of each command, by its name. */
const OPTIONS = new Map(
  [
    checkCommand("."),
    explainCommand("."),
    initCommand(),
    previewCommand("."),
    rehearseCommand(),
    renderCommand("."),
    upgradeCommand(),
    validateCommand(),
  ].map((command) => [command.name(), command.options.map(({ long }) => long)]),
);

test("every command in a document supports the options that are used there", () => {
  const wrong: string[] = [];
  const shown = new Set<string>();
  for (const [document, text] of documents()) {
    const commands = text.matchAll(/^(?:.*`)?(?: *- run: | *)((?:npx|node) [^\n`]*)/gm);
    for (const [, line = ""] of commands) {
      for (const [, name = "", rest = ""] of line.matchAll(COMMAND)) {
        shown.add(name);
        const options = OPTIONS.get(name) ?? [];
        const unknown = [...rest.matchAll(/--[a-z-]+/g)].filter(([one]) => !options.includes(one));
        if (!OPTIONS.has(name) || unknown.length > 0) wrong.push(`${document}: ${line}`);
      }
    }
  }
  expect(wrong).toEqual([]);
  expect([...shown].sort()).toEqual([...OPTIONS.keys()].sort());
});

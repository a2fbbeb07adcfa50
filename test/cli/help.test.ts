import { expect, test } from "vitest";
import { initCommand } from "../../cli/init.ts";
import { preflightCommand } from "../../cli/preflight.ts";
import { previewCommand } from "../../cli/preview.ts";
import { collectValues } from "../../cli/previewOptions.ts";
import { rehearseCommand } from "../../cli/rehearse.ts";
import { renderCommand } from "../../cli/render.ts";
import { configOf } from "../../cli/stackConfig.ts";
import { upgradeCommand } from "../../cli/upgrade.ts";
import { validateCommand } from "../../cli/validate.ts";
import { verifyCommand } from "../../cli/verify.ts";

const DEFAULTS = { pack: "policy", configOf };

const READING = [
  preflightCommand(),
  previewCommand(DEFAULTS),
  renderCommand(DEFAULTS),
  validateCommand(),
  rehearseCommand(),
];
const ALL = [...READING, upgradeCommand("policy"), verifyCommand(), initCommand()];

test.each(["--stack", "--config-file"])(
  "%s has one text in every command that reads one stack",
  (long) => {
    const found = READING.map(({ options }) => options.find((option) => option.long === long));
    expect(found).not.toContain(undefined);
    // Where several stacks may be given, the option says so.
    const ofOne = found.filter((option) => option?.parseArg !== (collectValues as unknown));
    expect(ofOne.length).toBeGreaterThan(1);
    expect(new Set(ofOne.map((option) => option?.description)).size).toBe(1);
  },
);

test("the directory has one text in every command", () => {
  const texts = ALL.map(({ registeredArguments: [directory] }) => directory?.description);
  expect(new Set(texts)).toEqual(
    new Set([
      "the directory of the Pulumi project (default: the current directory or the nearest one above it)",
    ]),
  );
});

test("every option that may be given more than once says so in the same words", () => {
  const several = ALL.flatMap(({ options }) =>
    options.filter(({ parseArg }) => parseArg === (collectValues as unknown)),
  );
  expect(several.length).toBeGreaterThan(5);
  const unsaid = several.filter(
    ({ description }) => !/; repeatable$|, one for each --policy-pack in /.test(description),
  );
  expect(unsaid.map(({ long }) => long)).toEqual([]);
});

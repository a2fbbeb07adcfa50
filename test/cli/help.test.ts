import { expect, test } from "vitest";
import { initCommand } from "../../cli/init.ts";
import { previewCommand } from "../../cli/preview.ts";
import { collectValues } from "../../cli/previewOptions.ts";
import { rehearseCommand } from "../../cli/rehearse.ts";
import { renderCommand } from "../../cli/render.ts";
import { upgradeCommand } from "../../cli/upgrade.ts";
import { validateCommand } from "../../cli/validate.ts";

const READING = [
  previewCommand("."),
  renderCommand("."),
  validateCommand(),
  upgradeCommand(),
  rehearseCommand(),
];
const ALL = [...READING, initCommand()];

test.each(["--stack", "--config-file"])("%s has one text in every command", (long) => {
  const texts = READING.map(
    ({ options }) => options.find((option) => option.long === long)?.description,
  );
  expect(texts[0]).toBeDefined();
  expect(new Set(texts).size).toBe(1);
});

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

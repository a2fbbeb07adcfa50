import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { parse } from "yaml";
import { expectPrinted, table } from "./printed.ts";

interface Described {
  readonly description: string;
  readonly default?: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
}

test("docs/pull-requests.md has what action.yml says; npx vitest run test/docs --update prints it again", async () => {
  const { inputs, outputs } = parse(
    readFileSync(join(__dirname, "../../action.yml"), "utf8"),
  ) as Action;
  await expectPrinted("pull-requests.md", {
    "action inputs": table(
      ["input", "default", "is"],
      Object.entries(inputs).map(([name, { description, default: value = "" }]) => [
        `\`${name}\``,
        value === "" ? "" : `\`${value}\``,
        description,
      ]),
    ),
    "action outputs": table(
      ["output", "is"],
      Object.entries(outputs).map(([name, { description }]) => [`\`${name}\``, description]),
    ),
  });
});

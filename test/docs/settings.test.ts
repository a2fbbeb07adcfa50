import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { format, resolveConfig } from "prettier";
import { describe, expect, test } from "vitest";
import { parseDocument } from "yaml";
import { pathText } from "../../settings/core/path.ts";
import { isSensitive } from "../../settings/core/secrets.ts";
import { problemsOf, withKey } from "../support/settings.ts";
import { expectPrinted } from "./printed.ts";
import { exampleNames, sample, settingsReference } from "./settingsReference.ts";
import { NAME, everySetting, settingSchemas, stackSchema } from "./stackSchema.ts";

describe("printed from the settings' schemas; npx vitest run test/docs --update prints it again", () => {
  test("docs/settings.md", async () => {
    await expectPrinted("settings.md", settingsReference());
  });

  test("schemas/stack.schema.json", async () => {
    await expectFile("schemas/stack.schema.json", JSON.stringify(stackSchema()));
  });

  test("the descriptions in Pulumi.yaml", async () => {
    const project = parseDocument(readFileSync("Pulumi.yaml", "utf8"));
    for (const [key, { description = "" }] of Object.entries(settingSchemas())) {
      project.setIn(["config", key, "description"], `${description} See docs/settings.md#${key}.`);
    }
    await expectFile("Pulumi.yaml", project.toString({ lineWidth: 0 }));
  });
});

test("every setting has a description of one or more sentences", () => {
  const without = everySetting().filter(
    ({ schema }) => !/^[^\s].*\.$/.test(schema.description ?? ""),
  );
  expect(without.map(({ path }) => path.join("."))).toEqual([]);
});

test("every example of a setting is valid by its schema", () => {
  const ajv = new Ajv({ strict: false });
  const wrong = everySetting().filter(({ schema }) => {
    const value = sample(schema);
    return value !== undefined && !ajv.validate(schema, value);
  });
  expect(wrong.map(({ path }) => path.join("."))).toEqual([]);
});

test("an example breaks a rule of its own setting only if it needs another setting", () => {
  const all = everySetting();
  const problems = all.flatMap(({ path, schema }) => {
    const value = sample(schema);
    if (value === undefined || isSensitive(path) || path.at(-1) === NAME) return [];
    const names = exampleNames(path, all);
    const [key = "", ...inner] = names;
    const nested = inner.reduceRight<unknown>((below, step) => ({ [step]: below }), value);
    const own = `${pathText("aks-istio", names)}: `;
    return problemsOf(withKey(key, nested)).filter((line) => line.startsWith(own));
  });
  const alone = problems.filter(
    (line) => !/: does not apply|; is not one of the stack's /.test(line),
  );
  expect(alone).toEqual([]);
});

test("every heading of docs/settings.md has a unique anchor", () => {
  const headings = [...readFileSync("docs/settings.md", "utf8").matchAll(/^###? (.*)$/gm)];
  const anchors = headings.map(([, heading = ""]) =>
    heading.replaceAll(/[^\w-]/g, "").toLowerCase(),
  );
  expect(anchors.filter((anchor, index) => anchors.indexOf(anchor) !== index)).toEqual([]);
});

async function expectFile(file: string, text: string): Promise<void> {
  const options = { ...(await resolveConfig(file)), filepath: file };
  await expect(await format(text, options)).toMatchFileSnapshot(`../../${file}`);
}

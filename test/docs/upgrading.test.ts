import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect, test } from "vitest";
import { upgradeTables } from "./upgradeTables.ts";

const FILE = join(__dirname, "../../docs/upgrading.md");

/** A place for what is printed, with whatever stands there. */
const PLACE = /(<!-- printed: (.*?) -->\n).*?(<!-- end -->)/gs;

test("docs/upgrading.md says what the code does; npx vitest run test/docs --update prints it anew", async () => {
  const tables = upgradeTables();
  const places: string[] = [];
  const text = readFileSync(FILE, "utf8").replaceAll(
    PLACE,
    (_, begin: string, name: string, end: string) => {
      places.push(name);
      return `${begin}\n${tables[name] ?? ""}\n\n${end}`;
    },
  );
  expect(places).toEqual(Object.keys(tables));
  const printed = await format(text, { ...(await resolveConfig(FILE)), parser: "markdown" });
  await expect(printed).toMatchFileSnapshot(FILE);
});

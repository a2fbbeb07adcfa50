import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { expect, test } from "vitest";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";
import type { OsmMigration } from "../../../migrate/osm/migrateOsm.ts";
import { readManifestText } from "../../../manifests/manifestText.ts";

const CASES = join(__dirname, "cases");
const OUTCOME = ".outcome.yaml";

/** What a migration says and creates, in a form that can be reviewed. */
function outcomeOf({ entries, objects, untouched }: OsmMigration): string {
  const said = entries.map(({ fate, subject, place, becomes, message, fix }) =>
    [
      `# ${fate}: ${subject}, line ${place.line}`,
      ...becomes.map((one) => `#   -> ${one}`),
      `#   ${message}`,
      ...(fix === undefined ? [] : [`#   ${fix}`]),
    ].join("\n"),
  );
  return [
    ...said,
    `# ${untouched} untouched`,
    ...objects.map(
      (object) =>
        `---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()}`,
    ),
    "",
  ].join("\n");
}

const names = readdirSync(CASES)
  .filter((name) => name.endsWith(".yaml") && !name.endsWith(OUTCOME))
  .map((name) => name.slice(0, -".yaml".length));

test.each(names)("%s: -u updates the outcome, to be reviewed", async (name) => {
  const text = readFileSync(join(CASES, `${name}.yaml`), "utf8");
  const { manifests, unread } = readManifestText(text, `${name}.yaml`);
  expect(unread).toEqual([]);
  const migration = migrateOsm(manifests, { revision: "asm-1-30", out: "out" });
  await expect(outcomeOf(migration)).toMatchFileSnapshot(join(CASES, name + OUTCOME));
});

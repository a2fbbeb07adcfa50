import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { exampleFile } from "./support/exampleStacks.ts";
import type { Recorder } from "./support/mocks.ts";
import { madeBy } from "./support/program.ts";
import type { Config } from "./support/settings.ts";

const TAGS = { "cost center": "4711", owner: "platform" };
const SDK = dirname(require.resolve("@pulumi/azure-native/package.json"));

/** Whether the SDK's declaration of a type's inputs has tags. */
function takesTags(type: string): boolean {
  const [, module = "", name = ""] = type.split(":");
  const file = join(SDK, module, `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`);
  expect([type, existsSync(file)]).toEqual([type, true]);
  const text = readFileSync(file, "utf8");
  const args = text.slice(text.indexOf(`export interface ${name}Args`));
  expect(args).toContain("resourceGroupName");
  return /^ {4}tags\?:/m.test(args);
}

/** Types that support tags but have no `resourceGroupName`, or the reverse, according to the API's documentation. */
const BY_HAND: Readonly<Record<string, boolean>> = {
  "azure-native:resources:ResourceGroup": true,
  "azure-native:authorization:RoleAssignment": false,
  "azure-native:features:SubscriptionFeatureRegistration": false,
  "azure-native:monitor:DataCollectionRuleAssociation": false,
  "azure-native:monitor:DiagnosticSetting": false,
};

function config(file: string): Config {
  return (parse(readFileSync(file, "utf8")) as { config: Config }).config;
}

describe.each(["Pulumi.dev.yaml", ...["production", "plug-in-ca", "egress"].map(exampleFile)])(
  "%s",
  (file) => {
    let engine: Recorder;
    beforeAll(async () => {
      engine = await madeBy({ ...config(file), "aks-istio:tags": TAGS }, { preview: true });
    });

    test("every Azure resource that supports tags has them, and no other", () => {
      const azure = engine.registered.filter(({ type }) => type.startsWith("azure-native:"));
      expect(azure.length).toBeGreaterThan(20);
      const shown = azure.map(({ type, name, inputs }) => [type, name, inputs["tags"]]);
      const right = azure.map(({ type, name }) => [
        type,
        name,
        (BY_HAND[type] ?? takesTags(type)) ? TAGS : undefined,
      ]);
      expect(shown).toEqual(right);
    });
  },
);

test("without tags, no tags are sent", async () => {
  const engine = await madeBy(config("Pulumi.dev.yaml"));
  expect(engine.registered.filter(({ inputs }) => "tags" in inputs)).toEqual([]);
});

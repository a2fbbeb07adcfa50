import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { madeBy } from "./support/program.ts";
import type { Config } from "./support/settings.ts";

const { config: DEV } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: Config };

test("what is in the cluster goes with it: nothing of it is taken down one by one", async () => {
  const engine = await madeBy(DEV);
  const cluster = engine.one("azure-native:containerservice:ManagedCluster", "mesh");
  const byUrn = new Map(engine.registered.map((each) => [each.urn, each]));
  // The engine has children inherit it from their parents.
  const goesWith = (urn: string): string => {
    const resource = byUrn.get(urn);
    return resource === undefined ? "" : resource.deletedWith || goesWith(resource.parent);
  };

  const within = engine.registered.filter(
    ({ type }) =>
      type.startsWith("kubernetes:") || type.startsWith("azure-native:kubernetesconfiguration:"),
  );
  expect(within.length).toBeGreaterThan(5);
  for (const { urn } of within) expect([urn, goesWith(urn)]).toEqual([urn, cluster.urn]);
});

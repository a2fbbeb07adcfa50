import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ANSWERS } from "./support/gateways.ts";
import type { Recorder } from "./support/mocks.ts";
import { madeBy } from "./support/program.ts";
import type { Config } from "./support/settings.ts";

const { config: DEV } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: Config };

type Made = Recorder["registered"][number];

/** The resource with which a resource is deleted: the engine lets children inherit it from their parents. */
function goesWith(engine: Recorder): (resource: Made) => string {
  const byUrn = new Map(engine.registered.map((each) => [each.urn, each]));
  const of = ({ deletedWith, parent }: Made): string => {
    const above = byUrn.get(parent);
    return deletedWith !== "" || above === undefined ? deletedWith : of(above);
  };
  return of;
}

const CLUSTER = "azure-native:containerservice:ManagedCluster";
/** Resources that exist only in a cluster, or as a part of it. */
const PARTS = new RegExp(
  "^(kubernetes:|azure-native:(kubernetesconfiguration:|containerservice:(AgentPool|MaintenanceConfiguration)$))",
);

const production = parse(readFileSync("examples/production.yaml", "utf8")) as { config: Config };

describe.each([
  ["dev", DEV],
  ["production", production.config],
])("of the stack %s", (_, config) => {
  test("objects in the cluster are deleted with it, not one by one", async () => {
    const engine = await madeBy(config, ANSWERS);
    const cluster = engine.one(CLUSTER, "mesh");
    const of = goesWith(engine);
    const within = engine.registered.filter(({ type }) => PARTS.test(type));
    expect(within.length).toBeGreaterThan(5);
    for (const part of within) expect([part.urn, of(part)]).toEqual([part.urn, cluster.urn]);
  });

  test("other resources are not: Pulumi would forget them, and Azure would keep charging", async () => {
    const engine = await madeBy(config, ANSWERS);
    const of = goesWith(engine);
    const outside = engine.registered.filter(({ custom, type }) => custom && !PARTS.test(type));
    expect(outside.length).toBeGreaterThan(20);
    for (const resource of outside) {
      expect([resource.urn, of(resource)]).toEqual([resource.urn, ""]);
    }
  });
});

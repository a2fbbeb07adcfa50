import { expect, test } from "vitest";
import { readManifestText } from "../../../manifests/manifestText.ts";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";

/** How often the contents of the objects of a mesh are looked at, for each of a number of equal parts. */
function looks(parts: number): number {
  const text = Array.from({ length: parts }, (_, index) => {
    const metadata = (name: string) => ({ name: `${name}-${index}`, namespace: "shop" });
    const account = { kind: "ServiceAccount", name: `web-${index}`, namespace: "shop" };
    const labels = { app: `web-${index}` };
    return [
      {
        ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: metadata("web") },
        spec: {
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { serviceAccountName: account.name } },
        },
      },
      {
        ...{ apiVersion: "v1", kind: "Service", metadata: metadata("web") },
        spec: { selector: labels, ports: [{ name: "http", port: 80 }] },
      },
      {
        ...{ apiVersion: "specs.smi-spec.io/v1alpha4", kind: "HTTPRouteGroup" },
        ...{ metadata: metadata("routes"), spec: { matches: [{ name: "all" }] } },
      },
      {
        ...{ apiVersion: "access.smi-spec.io/v1alpha3", kind: "TrafficTarget" },
        metadata: metadata("web"),
        spec: {
          ...{ destination: account, sources: [account] },
          rules: [{ kind: "HTTPRouteGroup", name: `routes-${index}`, matches: ["all"] }],
        },
      },
    ];
  })
    .flat()
    .map((one) => JSON.stringify(one))
    .join("\n---\n");
  let count = 0;
  const counted = readManifestText(text, "a.yaml").manifests.map((manifest) => ({
    ...manifest,
    get object() {
      count++;
      return manifest.object;
    },
  }));
  const { objects } = migrateOsm(counted, { revision: "asm-1-30", out: "out" });
  const policies = objects.filter(({ metadata }) => metadata.name.startsWith("web-"));
  expect(policies).toHaveLength(parts);
  return count / parts;
}

test("each object is read as often in a large mesh as in a small one", () => {
  expect(looks(40)).toBe(looks(10));
});

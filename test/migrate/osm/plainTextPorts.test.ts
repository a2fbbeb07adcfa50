import { stringify } from "yaml";
import { expect, test } from "vitest";
import { readManifestText } from "../../../manifests/manifestText.ts";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";
import { labelOf, valueAt } from "../../../operate/cluster/clusterObject.ts";

const inShop = (name: string) => ({ metadata: { name, namespace: "shop" } });
const service = (name: string, selector: object) => ({
  ...{ apiVersion: "v1", kind: "Service", ...inShop(name) },
  spec: { selector, ports: [8080, 8081].map((port) => ({ name: `http-${port}`, port })) },
});
const workload = {
  ...{ apiVersion: "apps/v1", kind: "Deployment", ...inShop("web") },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web", tier: "front" } }, spec: {} },
  },
};
const backend = (name: string, block: string, ...to: readonly (readonly [string, number])[]) => ({
  ...{ apiVersion: "policy.openservicemesh.io/v1alpha1", kind: "IngressBackend", ...inShop(name) },
  spec: {
    backends: to.map(([of, number]) => ({ name: of, port: { number, protocol: "http" } })),
    sources: [{ kind: "IPRange", name: block }],
  },
});

function migrated(...objects: readonly object[]) {
  const text = [workload, ...objects].map((one) => stringify(one)).join("---\n");
  const migration = migrateOsm(readManifestText(text, "a.yaml").manifests, {
    ...{ revision: "asm-1-30", out: "out" },
  });
  const ofIngress = migration.objects.filter(({ metadata }) => metadata.name.startsWith("ingress"));
  return {
    peers: ofIngress
      .filter(({ kind }) => kind === "PeerAuthentication")
      .map((one) => [labelOf(one), valueAt(one, "spec", "portLevelMtls")]),
    policies: ofIngress
      .filter(({ kind }) => kind === "AuthorizationPolicy")
      .map((one) => [
        labelOf(one),
        valueAt(one, "spec", "rules", 0, "to", 0, "operation", "ports"),
        valueAt(one, "spec", "portLevelMtls"),
      ]),
    said: migration.entries
      .filter(({ subject, fate }) => fate === "untranslated" && subject !== "MeshConfig")
      .map(({ subject, becomes }) => [subject, becomes]),
    becomes: migration.entries
      .filter(({ subject }) => subject.startsWith("IngressBackend"))
      .map((one) => one.becomes),
  };
}

const open = { mode: "PERMISSIVE" };

test("two policies with the same name stay two, and it is said", () => {
  const { peers, policies, said } = migrated(
    service("web", { app: "web" }),
    backend("a", "10.0.0.0/8", ["web", 8080], ["web", 8081]),
    backend("a-1", "10.1.0.0/16", ["web", 8081]),
  );
  expect(peers).toEqual([["PeerAuthentication shop/ingress-web", { 8080: open, 8081: open }]]);
  expect(policies).toEqual([
    ["AuthorizationPolicy shop/ingress-a-1", ["8080"], undefined],
    ["AuthorizationPolicy shop/ingress-a-2", ["8081"], undefined],
    ["AuthorizationPolicy shop/ingress-a-1", ["8081"], undefined],
  ]);
  const label = "AuthorizationPolicy shop/ingress-a-1";
  expect(said).toEqual([[label, [label]]]);
});

test("Services with the same pods share a PeerAuthentication", () => {
  const { peers, said, becomes } = migrated(
    service("web", { app: "web", tier: "front" }),
    service("more", { tier: "front", app: "web" }),
    backend("a", "10.0.0.0/8", ["more", 8080]),
    backend("b", "10.0.0.0/8", ["web", 8081]),
  );
  expect(peers).toEqual([["PeerAuthentication shop/ingress-web", { 8080: open, 8081: open }]]);
  expect(becomes).toEqual([
    ["PeerAuthentication shop/ingress-web", "AuthorizationPolicy shop/ingress-a"],
    ["PeerAuthentication shop/ingress-web", "AuthorizationPolicy shop/ingress-b"],
  ]);
  expect(said).toEqual([]);
});

test("Services that select the same pods by different labels are said", () => {
  const { said } = migrated(
    service("web", { app: "web" }),
    service("more", { tier: "front" }),
    service("other", { app: "other" }),
    backend("a", "10.0.0.0/8", ["web", 8080], ["other", 8080]),
    backend("b", "10.0.0.0/8", ["more", 8081]),
  );
  const rivals = ["PeerAuthentication shop/ingress-web", "PeerAuthentication shop/ingress-more"];
  expect(said).toEqual([["Deployment shop/web", rivals]]);
});

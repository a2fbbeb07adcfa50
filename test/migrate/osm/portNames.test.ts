import { expect, test } from "vitest";
import { listAt, valueAt } from "../../../operate/cluster/clusterObject.ts";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";
import { readManifestText } from "../../../manifests/manifestText.ts";

interface Named {
  readonly port: string;
  readonly rules: string;
  readonly routes?: string;
  readonly sources?: string;
}

const TCP_ROUTE = "{ kind: TCPRoute, name: sql }";

/** What becomes of a Service with one port and of a TrafficTarget for it. */
function migrated({
  port,
  rules,
  routes = "[{ name: odd, pathRegex: '/\\d+' }, { name: all }]",
  sources = "[{ kind: ServiceAccount, name: api, namespace: shop }]",
}: Named) {
  const { manifests } = readManifestText(
    `apiVersion: config.openservicemesh.io/v1alpha2
kind: MeshConfig
metadata: { name: osm-mesh-config, namespace: kube-system }
spec: { traffic: { enablePermissiveTrafficPolicyMode: false } }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec:
  template: { metadata: { labels: { app: db } }, spec: { serviceAccountName: db, containers: [] } }
---
apiVersion: v1
kind: Service
metadata: { name: db, namespace: shop }
spec: { selector: { app: db }, ports: [${port}] }
---
apiVersion: specs.smi-spec.io/v1alpha4
kind: TCPRoute
metadata: { name: sql, namespace: shop }
spec: { matches: { ports: [5432] } }
---
apiVersion: specs.smi-spec.io/v1alpha4
kind: HTTPRouteGroup
metadata: { name: routes, namespace: shop }
spec: { matches: ${routes} }
---
apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata: { name: sql, namespace: shop }
spec:
  destination: { kind: ServiceAccount, name: db, namespace: shop }
  sources: ${sources}
  rules: [${rules}]
`,
    "mesh.yaml",
  );
  const { objects, entries } = migrateOsm(manifests, { revision: "asm-1-30", out: "out" });
  const service = objects.find(({ kind }) => kind === "Service");
  const policy = objects.find(
    ({ kind, metadata }) => kind === "AuthorizationPolicy" && metadata.name === "sql",
  );
  return {
    appProtocol: valueAt(service, "spec", "ports", 0, "appProtocol"),
    operations: listAt(policy, "spec", "rules").flatMap((rule) => listAt(rule, "to")),
    target: entries.find(({ subject }) => subject === "TrafficTarget shop/sql"),
  };
}

const TCP = [{ operation: { ports: ["5432"] } }];

test.each([
  // As OSM 1.2 reads ports: by appProtocol, by the beginning of the name, or as HTTP.
  ["{ name: tcp-pg, port: 5432 }", undefined, TCP],
  ["{ name: tcp-server-first-my, port: 5432 }", undefined, TCP],
  ["{ name: pg, port: 5432, appProtocol: tcp }", undefined, TCP],
  ["{ name: http-pg, port: 5432, appProtocol: tcp }", undefined, TCP],
  ["{ name: pg, port: 5432, appProtocol: tcp-server-first }", "tcp", TCP],
  ["{ name: http-pg, port: 5432 }", undefined, []],
  ["{ name: grpc-pg, port: 5432 }", undefined, []],
  ["{ name: tcp-pg, port: 5432, appProtocol: http }", undefined, []],
  ["{ name: tcp, port: 5432 }", "http", []],
  ["{ name: tcpx-pg, port: 5432 }", "http", []],
  ["{ name: pg-tcp-, port: 5432 }", "http", []],
  ["{ name: https-pg, port: 5432 }", "http", []],
  ["{ port: 5432 }", "http", []],
])("%s", (port, appProtocol, operations) => {
  const { target, ...rest } = migrated({ port, rules: TCP_ROUTE });
  expect(rest).toEqual({ appProtocol, operations });
  expect([target?.fate, target?.becomes]).toEqual(
    operations.length === 0 ? ["unneeded", []] : ["translated", ["AuthorizationPolicy shop/sql"]],
  );
});

test.each([
  [
    "a TCPRoute for a port that OSM reads as HTTP",
    { port: "{ name: pg, port: 5432 }", rules: TCP_ROUTE },
    "unneeded",
    "It allows no HTTP request, and OSM reads the port 5432 as HTTP. If that is wrong, set appProtocol: tcp in the Services, and run this again.",
  ],
  [
    "no source that counts",
    { port: "{ name: tcp-pg, port: 5432 }", rules: TCP_ROUTE, sources: "[]" },
    "unneeded",
    "It has no sources, so OSM lets nobody through either.",
  ],
  [
    "a match of which nothing is left",
    {
      port: "{ port: 5432 }",
      rules: "{ kind: HTTPRouteGroup, name: routes, matches: [odd] }",
    },
    "untranslated",
    "It refuses what the match odd allowed.",
  ],
  [
    "a match of which nothing is left, beside one that stays",
    {
      port: "{ port: 5432 }",
      rules: "{ kind: HTTPRouteGroup, name: routes, matches: [odd, all] }",
    },
    "approximated",
    "It refuses what the match odd allowed.",
  ],
])("a TrafficTarget with %s is not called translated", (_, named, fate, message) => {
  const { target } = migrated(named);
  expect([target?.fate, target?.message]).toEqual([fate, message]);
  expect(target?.becomes).toEqual(fate === "approximated" ? ["AuthorizationPolicy shop/sql"] : []);
  expect(target?.fix).toBe(
    fate === "untranslated" ? "See what is said about its matches." : undefined,
  );
});

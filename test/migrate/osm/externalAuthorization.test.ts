import { expect, test } from "vitest";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";
import { readManifestText } from "../../../manifests/manifestText.ts";

/** The policies and the entry in place of an authorizer, in a mesh with one namespace that has sidecars and one that has none. */
function migrated(authorizer: string, isPermissive: boolean) {
  const namespace = (name: string, injection: string) => `apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
  labels: { openservicemesh.io/monitored-by: osm }
  annotations: { openservicemesh.io/sidecar-injection: ${injection} }
`;
  const { manifests } = readManifestText(
    [
      `apiVersion: config.openservicemesh.io/v1alpha2
kind: MeshConfig
metadata: { name: osm-mesh-config, namespace: kube-system }
spec:
  traffic:
    enablePermissiveTrafficPolicyMode: ${isPermissive}
    inboundExternalAuthorization: ${authorizer}
`,
      namespace("shop", "enabled"),
      namespace("none", "disabled"),
    ].join("---\n"),
    "mesh.yaml",
  );
  const { objects, entries } = migrateOsm(manifests, { revision: "asm-1-30", out: "out" });
  return {
    policies: objects.filter(({ metadata }) => metadata.name === "external-authorization"),
    said: entries
      .filter(({ subject }) => subject.endsWith("traffic.inboundExternalAuthorization"))
      .map(({ fate, becomes }) => [fate, becomes]),
  };
}

const DENIED = {
  policies: [
    {
      ...{ apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy" },
      metadata: { name: "external-authorization", namespace: "shop" },
      spec: { action: "DENY", rules: [{}] },
    },
  ],
  said: [["untranslated", ["AuthorizationPolicy shop/external-authorization"]]],
};

test.each([
  ["{ enable: true, address: opa.opa.svc.cluster.local, port: 9191 }", DENIED],
  ["{ enable: true, failureModeAllow: true }", DENIED],
  // What it means is not known.
  ['{ enable: "true" }', DENIED],
  ["{ enable: false, address: opa.opa.svc.cluster.local }", { policies: [], said: [] }],
  ["{ address: opa.opa.svc.cluster.local }", { policies: [], said: [] }],
  ["{}", { policies: [], said: [] }],
])("without the authorizer %s, nothing is allowed", (authorizer, outcome) => {
  expect(migrated(authorizer, false)).toEqual(outcome);
  expect(migrated(authorizer, true)).toEqual(outcome);
});

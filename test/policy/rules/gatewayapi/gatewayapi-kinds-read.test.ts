import { describe, expect, test } from "vitest";
import { gatewayapiKindsRead } from "../../../../policy/rules/gatewayapi/gatewayapi-kinds-read.ts";
import { UNKNOWN, cluster, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { HTTP, gateway, gatewayApi, provider } from "../../../support/gatewayApi.ts";
import { run } from "../../../support/policy.ts";

/** A cluster with a Kubernetes version and revisions. */
function on(kubernetesVersion: unknown, revisions: unknown = ["asm-1-30"], props: Props = {}) {
  return cluster({
    kubernetesVersion,
    serviceMeshProfile: { mode: "Istio", istio: { revisions } },
    ...props,
  });
}

async function messages(of: Fixture, ...stack: Fixture[]) {
  const reports = await run(gatewayapiKindsRead, [of, provider, ...stack]);
  expect(reports.filter(({ when }) => when !== "late")).toEqual([]);
  return reports.map(({ level, message }) => [level, message]);
}

const made = (kind: string, version = "v1") => gatewayApi(kind, "web", {}, {}, version);
const tls = { name: "tls", port: 443, protocol: "TLS", tls: { mode: "Passthrough" } };
const GROUP = "gateway.networking.k8s.io";

describe("gatewayapi-kinds-read", () => {
  test.each<[string, Fixture, Fixture]>([
    ["an HTTPRoute on any version", on("1.33"), made("HTTPRoute")],
    ["an HTTPRoute of v1beta1", on("1.33"), made("HTTPRoute", "v1beta1")],
    ["an HTTPRoute on an unknown version", on(UNKNOWN, UNKNOWN), made("HTTPRoute")],
    ["a GRPCRoute", on("1.33"), made("GRPCRoute")],
    [
      "a ReferenceGrant of v1beta1 with any revision",
      on("1.33"),
      made("ReferenceGrant", "v1beta1"),
    ],
    ["a ReferenceGrant of v1 from 1.36 on", on("1.36"), made("ReferenceGrant")],
    ["a TLSRoute from 1.36 on", on("1.36.2"), made("TLSRoute")],
    ["a TLSRoute on a version newer than the table", on("1.40"), made("TLSRoute")],
    [
      "a TLSRoute that one of two revisions reads",
      on("1.36", ["asm-1-29", "asm-1-30"]),
      made("TLSRoute"),
    ],
    ["a listener for TLS", on("1.36"), gateway("web", [tls])],
    [
      "a listener with a protocol that does not exist",
      on("1.36"),
      gateway("web", [{ protocol: "http" }]),
    ],
    [
      "a Gateway of another class",
      on("1.36"),
      gateway("web", [{ protocol: "UDP" }], {}, { gatewayClassName: "nginx" }),
    ],
    ["a Gateway without listeners", on("1.36"), gateway("web", undefined)],
    ["a BackendTLSPolicy from 1.35 on", on("1.35", ["asm-1-28"]), made("BackendTLSPolicy")],
    ["a cluster without the add-on", cluster({ serviceMeshProfile: undefined }), made("UDPRoute")],
  ])("accepts %s", async (_, of, object) => {
    expect(await messages(of, object)).toEqual([]);
  });

  const definition = (name: string) =>
    object(provider, "apiextensions.k8s.io/v1", "CustomResourceDefinition", {
      metadata: { name: `${name}.${GROUP}` },
    });

  test("leaves the versions to definitions of the stack", async () => {
    expect(await messages(on("1.35"), made("TLSRoute"), definition("tlsroutes"))).toEqual([]);
    expect(await messages(on("1.35"), made("TLSRoute"), definition("udproutes"))).toHaveLength(1);
    expect(
      await messages(on("1.34"), made("BackendTLSPolicy"), definition("backendtlspolicies")),
    ).toEqual([]);
  });

  test.each<[string, Fixture, Fixture, string]>([
    [
      "a TLSRoute before 1.36",
      on("1.35.7"),
      made("TLSRoute"),
      `TLSRoute "web": it is a TLSRoute of ${GROUP}/v1, but on Kubernetes 1.35.7 AKS installs the Gateway API 1.4.1, which does not serve it, so the API server rejects the object. Upgrade the cluster to Kubernetes 1.36.`,
    ],
    [
      "a ReferenceGrant of v1 before 1.36",
      on("1.35"),
      made("ReferenceGrant"),
      `ReferenceGrant "web": it is a ReferenceGrant of ${GROUP}/v1, but on Kubernetes 1.35 AKS installs the Gateway API 1.4.1, which does not serve it, so the API server rejects the object. Use ${GROUP}/v1beta1, or upgrade the cluster to Kubernetes 1.36.`,
    ],
    [
      "an alpha version",
      on("1.36"),
      made("TLSRoute", "v1alpha2"),
      `TLSRoute "web": it is a TLSRoute of ${GROUP}/v1alpha2, which the managed Gateway API of AKS never serves. Use ${GROUP}/v1, which AKS serves from Kubernetes 1.36 on.`,
    ],
    [
      "a TLSRoute that the revision ignores",
      on("1.36", ["asm-1-29"]),
      made("TLSRoute"),
      'TLSRoute "web": asm-1-29 of ManagedCluster "orders" does not accept TLSRoutes, so it has no effect. Upgrade the mesh to asm-1-30 or later.',
    ],
    [
      "a TCPRoute",
      on("1.37", ["asm-1-29", "asm-1-30"]),
      made("TCPRoute"),
      'TCPRoute "web": asm-1-29 and asm-1-30 of ManagedCluster "orders" do not accept TCPRoutes, so it has no effect. Upgrade the mesh to asm-1-31 or later, once AKS offers it.',
    ],
    [
      "a UDPRoute",
      on("1.37"),
      made("UDPRoute"),
      'UDPRoute "web": no revision of the add-on accepts UDPRoutes, so it has no effect. Use another protocol.',
    ],
    [
      "a listener for TLS before asm-1-30",
      on("1.36", ["asm-1-29"]),
      gateway("web", [HTTP, tls]),
      'Gateway "web": asm-1-29 of ManagedCluster "orders" does not accept listeners with spec.listeners[1].protocol TLS, so nothing listens. Upgrade the mesh to asm-1-30 or later.',
    ],
    [
      "a listener for TCP",
      on("1.36"),
      gateway("web", [{ name: "db", port: 5432, protocol: "TCP" }]),
      'Gateway "web": asm-1-30 of ManagedCluster "orders" does not accept listeners with spec.listeners[0].protocol TCP, so nothing listens. Upgrade the mesh to asm-1-31 or later, once AKS offers it.',
    ],
    [
      "a Gateway before asm-1-26",
      on("1.33", ["asm-1-25"]),
      gateway("web", undefined),
      'Gateway "web": asm-1-25 of ManagedCluster "orders" does not accept Gateways, so it has no effect. Upgrade the mesh to asm-1-26 or later.',
    ],
  ])("reports %s", async (_, of, object, message) => {
    expect(await messages(of, object)).toEqual([["violation", message]]);
  });

  test("does not judge a Kubernetes version that AKS chooses", async () => {
    expect(await messages(on(undefined), made("TLSRoute"))).toEqual([
      [
        "unjudged",
        `TLSRoute "web": it is a TLSRoute of ${GROUP}/v1, which AKS serves from Kubernetes 1.36 on, and the Kubernetes version of ManagedCluster "orders" is not known. Set its kubernetesVersion.`,
      ],
    ]);
  });

  test.each<[string, Fixture, Fixture]>([
    ["kubernetesVersion", on(UNKNOWN), made("TLSRoute")],
    ["serviceMeshProfile.istio.revisions", on("1.36", UNKNOWN), made("TLSRoute")],
    ["serviceMeshProfile.istio.revisions[1]", on("1.36", ["asm-1-29", UNKNOWN]), made("TLSRoute")],
    ["spec.listeners[0].protocol", on("1.36"), gateway("web", [{ protocol: UNKNOWN }])],
  ])("does not judge an unknown %s", async (place, of, object) => {
    expect(await messages(of, object)).toEqual([["unjudged", expect.stringContaining(place)]]);
  });

  test("does not judge revisions that AKS chooses", async () => {
    expect(await messages(on("1.36", []), made("TLSRoute"))).toEqual([
      [
        "unjudged",
        'TLSRoute "web": TLSRoutes require asm-1-30 or later, and the revisions of ManagedCluster "orders" are not known. Set them in its serviceMeshProfile, or as revisions of mesh-scope in the policy pack\'s configuration.',
      ],
    ]);
  });
});

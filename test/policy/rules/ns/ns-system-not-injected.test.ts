import { describe, expect, test } from "vitest";
import { nsDefaultNotInMesh } from "../../../../policy/rules/ns/ns-default-not-in-mesh.ts";
import { nsSystemNotInjected } from "../../../../policy/rules/ns/ns-system-not-injected.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [nsSystemNotInjected, nsDefaultNotInMesh];

const mesh = cluster();
const provider = kubernetes(mesh);
const REV = { "istio.io/rev": "asm-1-30" };

function patch(name: unknown, labels: unknown = REV, on: Fixture = provider): Fixture {
  return object(on, "core/v1", "NamespacePatch", { metadata: { name, labels } });
}

async function messages(stack: readonly Fixture[]) {
  return (await run(RULES, stack)).map(({ level, message }) => [level, message]);
}

function onMesh(fixture: Fixture) {
  return messages([mesh, provider, fixture]);
}

describe("ns-system-not-injected", () => {
  test.each([
    "kube-system",
    "kube-public",
    "kube-node-lease",
    "local-path-storage",
    "aks-istio-system",
    "aks-istio-ingress",
    "app-routing-system",
    "gatekeeper-system",
    "flux-system",
    "calico-system",
    "dapr-system",
  ])("reports %s, once", async (name) => {
    expect(await onMesh(patch(name))).toEqual([
      [
        "violation",
        `NamespacePatch "${name}": metadata.labels["istio.io/rev"] is set on ${name}, a system namespace: while istiod is down, none of its pods can start. Remove it.`,
      ],
    ]);
  });

  test("reports the label with any value", async () => {
    for (const value of [UNKNOWN, "", null]) {
      expect(await onMesh(patch("kube-system", { "istio.io/rev": value }))).toHaveLength(1);
    }
  });

  test("only advises for default", async () => {
    expect(await onMesh(patch("default"))).toEqual([
      [
        "violation",
        'NamespacePatch "default": metadata.labels["istio.io/rev"] is set on default, where objects without a namespace go. Remove it, and put the workloads of the mesh in a dedicated namespace.',
      ],
    ]);
  });

  test.each<[string, Fixture]>([
    ["a namespace of the mesh", namespace(provider)],
    ["a name similar to AKS", namespace(provider, REV, "aks-store")],
    ["a name similar to Azure", namespace(provider, REV, "azure-vote")],
    ["the namespace of egress gateways", namespace(provider, REV, "aks-istio-egress")],
    [
      "a namespace with a generated name",
      object(provider, "core/v1", "Namespace", { metadata: { labels: REV } }),
    ],
    ["a system namespace without the label", patch("kube-system", { team: "platform" })],
    [
      "a system namespace with another Istio label",
      patch("kube-system", { "istio-injection": "disabled" }),
    ],
    ["a system namespace without labels", patch("kube-system", null)],
    ["invalid labels", patch("kube-system", ["istio.io/rev"])],
    ["default with unknown labels", patch("default", UNKNOWN)],
    ["an unknown name, without the label", patch(UNKNOWN, {})],
  ])("ignores: %s", async (_, fixture) => {
    expect(await onMesh(fixture)).toEqual([]);
  });

  test("refuses unknown labels of a system namespace", async () => {
    expect(await onMesh(patch("kube-system", UNKNOWN))).toEqual([
      [
        "violation",
        'NamespacePatch "kube-system": metadata.labels is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.',
      ],
    ]);
  });

  test.each([REV, UNKNOWN])("advises if the name is unknown: %j", async (labels) => {
    expect(await onMesh(patch(UNKNOWN, labels))).toEqual([
      [
        "unjudged",
        'NamespacePatch "shop": metadata.name is known only once it is deployed. Make sure that it is not a system namespace, which must not have metadata.labels["istio.io/rev"].',
      ],
    ]);
  });

  test("ignores a cluster without the add-on, and refuses if it is ambiguous", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const onPlain = kubernetes(plain);
    expect(await messages([plain, onPlain, patch("kube-system", REV, onPlain)])).toEqual([]);
    const unsure = cluster({ serviceMeshProfile: UNKNOWN });
    const on = kubernetes(unsure);
    expect(
      await messages([unsure, on, patch("kube-system", REV, on), patch("default", REV, on)]),
    ).toEqual([
      [
        "violation",
        expect.stringContaining('serviceMeshProfile of ManagedCluster "orders" is known only'),
      ],
    ]);
  });

  describe("remediation", () => {
    async function mended(name: unknown, labels: unknown, on: Fixture = mesh) {
      const by = kubernetes(on);
      const props = await remediate(RULES, [on, by, patch(name, labels, by)]);
      return props?.["metadata"];
    }

    test("drops a label that does not inject anything, permanently", async () => {
      const fixed = { name: "kube-system", labels: { team: "platform" } };
      expect(await mended("kube-system", { ...REV, team: "platform" })).toEqual(fixed);
      expect(await mended("kube-system", fixed.labels)).toBeUndefined();
      expect(await onMesh(patch("kube-system", fixed.labels))).toEqual([]);
    });

    test.each<[string, unknown, unknown, Fixture]>([
      ["if pods may already have sidecars", "gatekeeper-system", REV, mesh],
      ["of default", "default", REV, mesh],
      ["of an unknown namespace", UNKNOWN, REV, mesh],
      ["that is unknown", "kube-system", { "istio.io/rev": UNKNOWN }, mesh],
      ["among unknown labels", "kube-system", UNKNOWN, mesh],
      ["without the add-on", "kube-system", REV, cluster({ serviceMeshProfile: undefined })],
      ["if the add-on is unknown", "kube-system", REV, cluster({ serviceMeshProfile: UNKNOWN })],
    ])("does not change a label %s", async (_, name, labels, on) => {
      expect(await mended(name, labels, on)).toBeUndefined();
    });
  });
});

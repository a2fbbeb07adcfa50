import { describe, expect, test } from "vitest";
import { fluxCanReconcile } from "../../../../policy/rules/flux/flux-can-reconcile.ts";
import { fluxPruneWaitOrder } from "../../../../policy/rules/flux/flux-prune-wait-order.ts";
import { UNKNOWN, cluster, kubernetes, namespace } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [fluxPruneWaitOrder, fluxCanReconcile];

function flux(kustomizations: unknown, props: Props = {}): Fixture {
  return {
    type: "azure-native:kubernetesconfiguration:FluxConfiguration",
    name: "apps",
    props: { clusterName: "orders", kustomizations, ...props },
  };
}

function extension(props: Props = {}, name = "flux"): Fixture {
  return {
    type: "azure-native:kubernetesconfiguration:Extension",
    name,
    props: { clusterName: "orders", extensionType: "microsoft.flux", ...props },
  };
}

async function messages(...stack: Fixture[]) {
  return (await run(RULES, stack)).map(({ level, message }) => [
    level,
    message.replace('FluxConfiguration "apps": ', ""),
  ]);
}

const judged = async (kustomizations: unknown) =>
  (await messages(flux(kustomizations))).map(([, message]) => message);

describe("flux-prune-wait-order", () => {
  test("accepts steps with explicit pruning that wait, and depend on one another", async () => {
    expect(
      await judged({
        infrastructure: { prune: false, wait: true },
        apps: { prune: true, dependsOn: ["infrastructure"] },
      }),
    ).toEqual([]);
    expect(await judged(undefined)).toEqual([]);
  });

  test.each([{}, { prune: null }])("reports implicit pruning: %j", async (step) => {
    expect(await judged({ apps: step })).toEqual([
      "kustomizations.apps.prune is not set, so objects that are removed from the repository stay on the cluster. Set it to true, or to false to keep them deliberately.",
    ]);
  });

  test("reports a step that does not wait", async () => {
    expect(await judged({ apps: { prune: true, wait: false } })).toEqual([
      "kustomizations.apps.wait is false, so the kustomization counts as ready before its objects are, and those that depend on it start too early. Set it to true.",
    ]);
  });

  describe("the order", () => {
    const step = (...dependsOn: unknown[]) => ({ prune: true, dependsOn });

    test("names existing steps", async () => {
      expect(await judged({ infra: step(), apps: step("infar") })).toEqual([
        "kustomizations.apps.dependsOn[0] is infar, which is not a kustomization of this configuration, so the kustomization that depends on it never starts. Did you mean infra?",
      ]);
      expect(await judged({ apps: step("databases") })).toEqual([
        "kustomizations.apps.dependsOn[0] is databases, which is not a kustomization of this configuration, so the kustomization that depends on it never starts. Name an existing one.",
      ]);
      // The closest name is its own, which is not better.
      expect(await judged({ infra: step("infar"), apps: step() })).toEqual([
        "kustomizations.infra.dependsOn[0] is infar, which is not a kustomization of this configuration, so the kustomization that depends on it never starts. Name an existing one.",
      ]);
    });

    test("has no cycle", async () => {
      expect(await judged({ a: step("b"), b: step("c"), c: step("a"), d: step("a") })).toEqual([
        "a waits for b waits for c waits for a, so none of them ever starts. Remove one of the dependencies.",
      ]);
      expect(await judged({ a: step("a") })).toEqual([
        "a waits for a, so none of them ever starts. Remove one of the dependencies.",
      ]);
      // A step that only waits for the cycle is not part of it, nor are the other dependencies of its steps.
      expect(await judged({ d: step("a"), a: step("c", "b"), b: step("a"), c: step() })).toEqual([
        "a waits for b waits for a, so none of them ever starts. Remove one of the dependencies.",
      ]);
      expect(await judged({ c: step(), a: step("c", "b"), b: step("a") })).toEqual([
        "a waits for b waits for a, so none of them ever starts. Remove one of the dependencies.",
      ]);
      // Two paths to one step are not a cycle.
      expect(await judged({ a: step("b", "c"), b: step("d"), c: step("d"), d: step() })).toEqual(
        [],
      );
    });

    test("is judged quickly, regardless of the number of paths", async () => {
      const layers = Array.from({ length: 40 }, (_, layer) =>
        ["a", "b"].map(
          (side) => [`${side}${layer}`, step(`a${layer + 1}`, `b${layer + 1}`)] as const,
        ),
      );
      const steps = Object.fromEntries(layers.flat());
      expect(await judged({ ...steps, a40: step(), b40: step() })).toEqual([]);
    });

    test("may be unknown", async () => {
      expect(await judged({ a: step(UNKNOWN), b: { prune: true, dependsOn: [] } })).toEqual([]);
    });
  });

  test("includes the classic provider's steps", async () => {
    const classic = (kustomizations: unknown) => ({
      ...flux(kustomizations),
      type: "azure:containerservice/fluxConfiguration:FluxConfiguration",
    });
    const step = { name: "apps", garbageCollectionEnabled: true };
    expect(await messages(classic([step, { ...step, name: "b", dependsOns: ["apps"] }]))).toEqual(
      [],
    );
    expect(
      (await messages(classic([{ name: "apps", dependsOns: ["apps"] }]))).map(([, text]) => text),
    ).toEqual([
      expect.stringMatching(/^kustomizations\[0\]\.garbageCollectionEnabled is not set, /),
      expect.stringMatching(/^apps waits for apps, /),
    ]);
    // A dependency with an unknown name may mean any of them.
    expect(
      await messages(
        classic([
          { ...step, name: UNKNOWN },
          { ...step, dependsOns: ["b"] },
        ]),
      ),
    ).toEqual([]);
  });

  describe("the extension", () => {
    const mesh = cluster();
    const steps = { apps: { prune: true } };
    const UNORDERED = [
      "violation",
      'it does not depend on Extension "flux", which runs it, so Pulumi may create or delete either of them first. If the extension is deleted first, the objects that Flux applied stay on the cluster. Make the configuration depend on Extension "flux".',
    ];

    test("comes before the configuration, directly or indirectly", async () => {
      const one = extension();
      expect(await messages(one, { ...flux(steps), dependsOn: [one] })).toEqual([]);
      const other = { ...extension({ extensionType: "microsoft.dapr" }, "dapr"), dependsOn: [one] };
      expect(await messages(one, other, { ...flux(steps), dependsOn: [other] })).toEqual([]);
      const component: Fixture = { type: "team:index:Flux", name: "flux", props: {} };
      const part = { ...one, parent: component };
      expect(await messages(component, part, { ...flux(steps), dependsOn: [component] })).toEqual(
        [],
      );
    });

    test("is reported if it does not", async () => {
      expect(await messages(extension(), flux(steps))).toEqual([UNORDERED]);
      expect(await messages(extension({ extensionType: "Microsoft.Flux" }), flux(steps))).toEqual([
        UNORDERED,
      ]);
      expect(await messages(extension({ clusterName: "Orders" }), flux(steps))).toEqual([
        UNORDERED,
      ]);
      expect(await messages(extension({ clusterName: UNKNOWN }), flux(steps))).toEqual([UNORDERED]);
      expect(await messages(extension(), flux(steps, { clusterName: UNKNOWN }))).toEqual([
        UNORDERED,
      ]);
      const other = extension({ extensionType: "microsoft.dapr" }, "dapr");
      expect(await messages(extension(), other, { ...flux(steps), dependsOn: [other] })).toEqual([
        UNORDERED,
      ]);
    });

    test("comes before it if it is one of several that may run it", async () => {
      const one = extension();
      const other = extension({ clusterName: UNKNOWN }, "other");
      expect(await messages(one, other, { ...flux(steps), dependsOn: [other] })).toEqual([]);
      expect(await messages(one, other, flux(steps))).toEqual([UNORDERED]);
    });

    test.each([undefined, UNKNOWN])("is not one with type %s", async (extensionType) => {
      expect(await messages(extension({ extensionType }), flux(steps))).toEqual([]);
    });

    test("of another cluster does not matter", async () => {
      expect(await messages(extension({ clusterName: "west" }), flux(steps))).toEqual([]);
    });

    test("is missing if the stack has the cluster", async () => {
      expect(await messages(mesh, flux(steps))).toEqual([
        [
          "violation",
          "nothing in the stack installs the extension microsoft.flux on its cluster. Add the extension, and make the configuration depend on it.",
        ],
      ]);
      expect(await messages(mesh, flux(steps, { clusterName: "west" }))).toEqual([]);
      expect(await messages(flux(steps))).toEqual([]);
    });
  });

  describe("a namespace", () => {
    const on = kubernetes(cluster({ serviceMeshProfile: undefined }));
    const LABEL = "kustomize.toolkit.fluxcd.io/name";

    test("belongs to either Pulumi or Flux", async () => {
      for (const value of ["apps", UNKNOWN]) {
        expect(await messages(namespace(on, { [LABEL]: value }))).toEqual([
          [
            "violation",
            `Namespace "shop": metadata.labels["${LABEL}"] marks the namespace as owned by Flux, which may delete it with all its objects, but Pulumi manages it. Remove the label, or leave the namespace to Flux.`,
          ],
        ]);
      }
      expect(await messages(namespace(on, { team: "web" }))).toEqual([]);
      for (const labels of [UNKNOWN, {}, null]) {
        expect(await messages(namespace(on, labels))).toEqual([]);
      }
    });
  });

  test.each<[string, unknown]>([
    ["kustomizations", UNKNOWN],
    ["kustomizations.apps.prune", { apps: { prune: UNKNOWN } }],
    ["kustomizations.apps.wait", { apps: { prune: true, wait: UNKNOWN } }],
    ["kustomizations.apps.dependsOn", { apps: { prune: true, dependsOn: UNKNOWN } }],
  ])("advises if %s is unknown", async (path, kustomizations) => {
    expect(await messages(flux(kustomizations))).toEqual([
      [
        "unjudged",
        `${path} is known only once it is deployed. Give it a value that does not depend on another resource.`,
      ],
    ]);
  });
});

import { describe, expect, test } from "vitest";
import { servicePortProtocol } from "../../../../policy/rules/service/service-port-protocol.ts";
import { podNoHostNetwork } from "../../../../policy/rules/pod/pod-no-host-network.ts";
import { podReservedUid } from "../../../../policy/rules/pod/pod-reserved-uid.ts";
import {
  UNKNOWN,
  classicCluster,
  cluster,
  kubeconfigOf,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";
import {
  container,
  mesh,
  podSpec,
  provider,
  template,
  workload,
} from "../../../support/workloads.ts";

/** A workload that is reported if and only if its pods belong to the mesh. */
function judged(
  on: Fixture = provider,
  metadata: Props = {},
  labels: Props = {},
  spec: Props = {},
): Fixture {
  const of = template(podSpec({ hostNetwork: true, ...spec }), { labels });
  return workload(of, { metadata, on });
}

/** When it is reported, if at all, and whether as a violation. */
async function reported(stack: readonly Fixture[], options?: Run) {
  return (await run(podNoHostNetwork, stack, options)).map(({ when, level }) => [when, level]);
}

const EARLY = [["early", "violation"]];
const LATE = [["late", "violation"]];
const NEVER: readonly never[] = [];

describe("a workload belongs to the mesh by the labels of its namespace", () => {
  test.each<[string, Props, readonly unknown[]]>([
    ["a revision of the cluster", { "istio.io/rev": "asm-1-30" }, EARLY],
    ["an unknown revision", { "istio.io/rev": UNKNOWN }, EARLY],
    ["another revision", { "istio.io/rev": "asm-1-27" }, NEVER],
    [
      "a revision with a legacy label",
      { "istio.io/rev": "asm-1-30", "istio-injection": "" },
      NEVER,
    ],
    ["a legacy label", { "istio-injection": "enabled" }, NEVER],
    ["none", {}, NEVER],
  ])("%s", async (_, labels, expected) => {
    expect(await reported([mesh, provider, namespace(provider, labels), judged()])).toEqual(
      expected,
    );
  });

  test("a tag whose webhook something in the stack may create", async () => {
    const file: Fixture = {
      type: "kubernetes:yaml/v2:ConfigFile",
      name: "tags",
      props: {},
      provider,
    };
    const found = (label: string, ...others: Fixture[]) => {
      const tagged = namespace(provider, { "istio.io/rev": label });
      return reported([mesh, provider, ...others, tagged, judged()]);
    };
    expect(await found("prod")).toEqual(NEVER);
    expect(await found("prod", file)).toEqual(LATE);
    expect(await found("asm-1-27", file)).toEqual(NEVER);
  });

  test("or by its own", async () => {
    const own = judged(provider, {}, { "istio.io/rev": "asm-1-30" });
    expect(await reported([mesh, provider, namespace(provider, {}), own])).toEqual(EARLY);
    expect(await reported([mesh, provider, own])).toEqual(EARLY);
    const wrong = judged(provider, {}, { "istio.io/rev": "asm-1-27" });
    expect(await reported([mesh, provider, wrong])).toEqual(NEVER);
    const later = judged(provider, {}, { "istio.io/rev": UNKNOWN });
    expect(await reported([mesh, provider, later])).toEqual(EARLY);
  });

  test("or by those that a patch adds, before or after", async () => {
    const patch = object(provider, "core/v1", "NamespacePatch", {
      metadata: { name: "shop", labels: { "istio.io/rev": "asm-1-30" } },
    });
    const stack = [mesh, provider, namespace(provider, {})];
    expect(await reported([...stack, patch, judged()])).toEqual(EARLY);
    expect(await reported([...stack, judged(), patch])).toEqual(LATE);
    expect(await reported([mesh, provider, patch, judged()])).toEqual(EARLY);
  });

  test("or possibly by unknown labels of a patch, unless its own are decisive", async () => {
    const patch = object(provider, "core/v1", "NamespacePatch", {
      metadata: { name: "shop", labels: UNKNOWN },
    });
    expect(await reported([mesh, provider, namespace(provider), patch, judged()])).toEqual(EARLY);
    expect(await reported([mesh, provider, namespace(provider, {}), patch, judged()])).toEqual([
      ["late", "unjudged"],
    ]);
  });

  test("or by a tag, wherever that is defined", async () => {
    const stack = [mesh, provider, namespace(provider, { "istio.io/rev": "prod" }), judged()];
    expect(await reported(stack)).toEqual(NEVER);
    const config = (revision: string): Run => ({
      config: { "mesh-scope": { revisionTags: { prod: revision } } },
    });
    expect(await reported(stack, config("asm-1-30"))).toEqual(EARLY);
    expect(await reported(stack, config("asm-1-27"))).toEqual(NEVER);
    const webhook = object(
      provider,
      "admissionregistration.k8s.io/v1",
      "MutatingWebhookConfiguration",
      { metadata: { labels: { "istio.io/tag": "prod", "istio.io/rev": UNKNOWN } } },
    );
    expect(await reported([...stack, webhook])).toEqual(LATE);
  });

  test("regardless of the revision, if AKS manages revisions or they are unknown", async () => {
    for (const istio of [undefined, { revisions: UNKNOWN }, { revisions: ["asm-1-29", UNKNOWN] }]) {
      const left = cluster({ serviceMeshProfile: { mode: "Istio", istio } });
      const on = kubernetes(left);
      const stack = [left, on, namespace(on, { "istio.io/rev": "asm-1-30" }), judged(on)];
      expect(await reported(stack)).toEqual(EARLY);
    }
  });

  test("on the classic provider's cluster too", async () => {
    const classic = classicCluster();
    const on = kubernetes(classic);
    expect(await reported([classic, on, namespace(on), judged(on)])).toEqual(EARLY);
  });

  test("unless istiod injects nothing or the add-on is off", async () => {
    const system = namespace(provider, { "istio.io/rev": "asm-1-30" }, "kube-public");
    const there = judged(provider, { namespace: "kube-public" });
    expect(await reported([mesh, provider, system, there])).toEqual(NEVER);
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    expect(await reported([plain, on, namespace(on), judged(on)])).toEqual(NEVER);
  });
});

describe("a workload with only pause containers", () => {
  const pausing = (labels: Props) => {
    const securityContext = { runAsUser: 1337 };
    const containers = [container({ image: "registry.k8s.io/pause:3.10", securityContext })];
    const labelled = { labels: { "istio.io/rev": "asm-1-30", ...labels } };
    return [mesh, provider, workload(template(podSpec({ containers }), labelled))];
  };
  const out = { "sidecar.istio.io/inject": "false" };

  test("is outside the mesh if it says so", async () => {
    expect(await run(podReservedUid, pausing(out))).toEqual([]);
    expect(await run(podReservedUid, pausing({}))).toHaveLength(1);
    const onNode = (labels: Props) => {
      const containers = [container({ image: "registry.k8s.io/pause:3.10" })];
      return judged(provider, {}, labels, { containers });
    };
    const stack = [mesh, provider, namespace(provider)];
    expect(await reported([...stack, onNode(out)])).toEqual(NEVER);
    expect(await reported([...stack, onNode({})])).toEqual(EARLY);
  });
});

describe("if it is unknown whether a workload belongs to the mesh", () => {
  test.each<[string, Fixture, unknown]>([
    ['metadata.labels of Namespace "shop"', mesh, UNKNOWN],
    [
      'serviceMeshProfile of ManagedCluster "orders"',
      cluster({ serviceMeshProfile: UNKNOWN }),
      { "istio.io/rev": "asm-1-30" },
    ],
  ])("its violations are advice about %s", async (path, on, labels) => {
    const by = kubernetes(on);
    const found = await run(podNoHostNetwork, [on, by, namespace(by, labels), judged(by)]);
    expect(found.map(({ level, message }) => [level, message])).toEqual([
      ["unjudged", expect.stringContaining(`Deployment "web": ${path} is known only once`)],
    ]);
    const fine = workload(template(), { on: by });
    expect(await run(podNoHostNetwork, [on, by, namespace(by, labels), fine])).toEqual([]);
  });
});

describe("the namespace of an object", () => {
  const shop = namespace(provider);

  test("is the one that it names, on its own cluster", async () => {
    const other = judged(provider, { namespace: "other" });
    expect(await reported([mesh, provider, shop, other])).toEqual(NEVER);
    const west = cluster({}, "west");
    const onWest = kubernetes(west);
    const stack = [mesh, west, provider, onWest];
    expect(await reported([...stack, shop, judged(onWest)])).toEqual(NEVER);
    expect(await reported([...stack, namespace(onWest), judged(onWest)])).toEqual(EARLY);
  });

  test("may be on the same cluster with another provider", async () => {
    const config = kubeconfigOf(mesh);
    const first = kubernetes(mesh, config);
    const second: Fixture = { ...kubernetes(mesh, config), name: "second" };
    expect(await reported([mesh, first, second, namespace(first), judged(second)])).toEqual(EARLY);
    const west = cluster({}, "west");
    // Before the deployment, each kubeconfig may belong to either cluster.
    const later: Fixture = { ...provider, name: "later" };
    expect(await reported([mesh, west, provider, later, shop, judged(later)])).toEqual(LATE);
  });

  test("is certain only with the whole stack if one of two providers may use another cluster", async () => {
    const west = cluster({}, "west");
    const sure: Fixture = { ...kubernetes(mesh, kubeconfigOf(mesh)), name: "sure" };
    const stack = [mesh, west, provider, sure];
    expect(await reported([...stack, namespace(sure), judged(provider)])).toEqual(LATE);
    expect(await reported([...stack, namespace(provider), judged(sure)])).toEqual(LATE);
    const onWest: Fixture = { ...kubernetes(west), name: "onWest" };
    expect(await reported([...stack, onWest, namespace(sure), judged(onWest)])).toEqual(NEVER);
  });

  test("is found without providers, on any cluster", async () => {
    const anywhere = (metadata: Props): Fixture =>
      object(undefined, "apps/v1", "Deployment", {
        ...judged().props,
        metadata: { name: "web", ...metadata },
      });
    const there = anywhere({ namespace: "shop" });
    const byDefault = namespace(undefined, { "istio.io/rev": "asm-1-30" }, "default");
    expect(await reported([mesh, byDefault, anywhere({})])).toEqual(LATE);
    expect(await reported([mesh, byDefault, there])).toEqual(NEVER);
    expect(await reported([mesh, provider, shop, there])).toEqual(LATE);
    expect(await reported([mesh, provider, namespace(undefined), judged()])).toEqual(LATE);
    const west = cluster({}, "west");
    expect(await reported([mesh, west, provider, namespace(undefined), judged()])).toEqual(LATE);
    const unsure = cluster({ serviceMeshProfile: { mode: UNKNOWN } }, "unsure");
    expect(await reported([mesh, unsure, namespace(undefined), there])).toEqual([
      ["late", "unjudged"],
    ]);
  });

  test("is default if neither it nor its provider names one", async () => {
    const nowhere = judged(provider, { namespace: undefined });
    const byDefault = namespace(provider, { "istio.io/rev": "asm-1-30" }, "default");
    expect(await reported([mesh, provider, byDefault, nowhere])).toEqual(EARLY);
    expect(await reported([mesh, provider, shop, nowhere])).toEqual(NEVER);
    const inShop: Fixture = { ...provider, props: { ...provider.props, namespace: "shop" } };
    const there = judged(inShop, { namespace: undefined });
    expect(await reported([mesh, inShop, namespace(inShop), there])).toEqual(EARLY);
  });

  test("is the one that it depends on if its name is unknown", async () => {
    const there: Fixture = {
      ...judged(provider, { namespace: UNKNOWN }),
      from: { metadata: [shop] },
    };
    expect(await reported([mesh, provider, shop, there])).toEqual(LATE);
    const outside = namespace(provider, {});
    expect(
      await reported([mesh, provider, outside, { ...there, from: { metadata: [outside] } }]),
    ).toEqual(NEVER);
    expect(await reported([mesh, provider, shop, { ...there, from: {} }])).toEqual(NEVER);
  });

  test("is the source of its name", async () => {
    const account: Fixture = {
      ...object(provider, "core/v1", "ServiceAccount", { metadata: { namespace: UNKNOWN } }),
      from: { metadata: [shop] },
    };
    const there: Fixture = {
      ...judged(provider, { namespace: UNKNOWN }),
      from: { metadata: [account] },
    };
    expect(await reported([mesh, provider, shop, account, there])).toEqual(LATE);
  });

  test("may be declared by another stack, according to the configuration", async () => {
    const elsewhere: Fixture = { ...kubernetes(mesh, "elsewhere"), from: {} };
    const stack = [elsewhere, judged(elsewhere)];
    const config = (namespaces: Props, revisions: string[] = []): Run => ({
      config: { "mesh-scope": { namespaces, revisions } },
    });
    expect(await reported(stack, config({ shop: "asm-1-30" }))).toEqual(LATE);
    expect(await reported(stack, config({ shop: "asm-1-30" }, ["asm-1-30"]))).toEqual(LATE);
    expect(await reported(stack, config({ shop: "asm-1-30" }, ["asm-1-29"]))).toEqual(NEVER);
    expect(await reported(stack, config({ other: "asm-1-30" }))).toEqual(NEVER);
    expect(await reported(stack, config({}, ["asm-1-30"]))).toEqual(NEVER);
    const onMesh = [mesh, provider, judged()];
    expect(await reported(onMesh, config({ shop: "asm-1-30" }))).toEqual(EARLY);
  });
});

describe("other objects", () => {
  test("are in the mesh if a pod without labels would be", async () => {
    const service = object(provider, "core/v1", "Service", {
      metadata: { namespace: "shop" },
      spec: { ports: [{ port: 80 }] },
    });
    const found = (labels: Props) =>
      run(servicePortProtocol, [mesh, provider, namespace(provider, labels), service]);
    expect(await found({ "istio.io/rev": "asm-1-30" })).toHaveLength(1);
    expect(await found({})).toEqual([]);
  });
});

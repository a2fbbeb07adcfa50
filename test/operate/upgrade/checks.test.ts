import { describe, expect, test } from "vitest";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { ClusterState } from "../../../operate/cluster/clusterState.ts";
import { exitCodeOf } from "../../../operate/observation.ts";
import { UPGRADE_CHECKS, upgradeObservations } from "../../../operate/upgrade/checks.ts";
import {
  budget,
  complaints,
  configMap,
  deployment,
  gateway,
  healthy,
  istiod,
  meshIn,
  namespace,
  node,
  pod,
  statefulSet,
  tag,
  upgradeOf,
} from "./objects.ts";

const OLD = "asm-1-29";
const NEW = "asm-1-30";

type Phase = "none" | "prepared" | "canary" | "promoted";

/** The objects of a phase without those that an expression names, such as /ConfigMap .*-30/. */
function without(phase: Phase, name: RegExp, ...more: readonly ClusterObject[]) {
  const kept = healthy(phase).filter(
    ({ kind, metadata }) => !name.test(`${kind} ${metadata.namespace ?? ""}/${metadata.name}`),
  );
  return [...kept, ...more];
}
const withMore = (phase: Phase, ...more: readonly ClusterObject[]) => [...healthy(phase), ...more];

/** The same pod without what istiod recorded. */
const unsaid = (one: ClusterObject): ClusterObject => ({
  ...one,
  metadata: { ...one.metadata, annotations: {} },
});

describe("nothing stands in the way of a healthy upgrade", () => {
  test.each<Phase>(["none", "prepared", "canary", "promoted"])("%s", (phase) => {
    expect(complaints(upgradeOf(meshIn(phase), healthy(phase)))).toEqual([]);
  });

  test("nor of the step back", () => {
    expect(complaints(upgradeOf(meshIn("promoted"), healthy("promoted"), "back"))).toEqual([]);
  });

  test("and every check says that it passed", () => {
    const observations = upgradeObservations(upgradeOf(meshIn("canary"), healthy("canary")));
    expect(observations.map(({ check, message }) => `${check}: ${message}`)).toEqual([
      "upgrade-deployed: AKS runs asm-1-29 and asm-1-30.",
      "upgrade-azure: Azure lists asm-1-29 and asm-1-30, as the settings say.",
      "upgrade-azure: The region offers it.",
      "upgrade-shared-configmap: istio-shared-configmap-asm-1-29 and istio-shared-configmap-asm-1-30 exist.",
      "upgrade-canary-health: All pods that follow the canary are ready: 2.",
      "upgrade-proxies: Every proxy has its control plane, and follows its namespace.",
      "upgrade-namespaces: Every namespace follows a revision that runs.",
      "upgrade-interruptions: No workload on asm-1-29 is interrupted by a restart.",
      "upgrade-disruption-budgets: Every budget of pods on asm-1-29 allows a disruption.",
    ]);
  });
});

test.each<[string, Phase, readonly ClusterObject[], readonly string[]]>([
  [
    "the settings are not deployed yet",
    "canary",
    healthy("prepared").filter(({ kind }) => kind !== "Pod"),
    [
      "failed upgrade-deployed revision asm-1-30: The settings say that AKS runs asm-1-30, but the cluster has no istiod of it. Deploy the settings before the next step.",
    ],
  ],
  [
    "somebody has started a revision outside the program",
    "none",
    withMore("none", istiod(NEW)),
    [
      "failed upgrade-deployed revision asm-1-30: The cluster runs asm-1-30, but the settings say that AKS runs asm-1-29. Deploy the settings; if somebody has upgraded the mesh outside the program, correct the settings first.",
    ],
  ],
  [
    "a control plane is not ready",
    "canary",
    without("canary", /istiod-asm-1-30/, istiod(NEW, 1)),
    [
      "failed upgrade-deployed Deployment aks-istio-system/istiod-asm-1-30: It has 1 of 2 pods available. Wait until it is ready, or find out why it is not. $ kubectl describe deployment/istiod-asm-1-30 --namespace aks-istio-system",
    ],
  ],
  [
    "the new revision would start without its ConfigMap",
    "prepared",
    without("prepared", /configmap-asm-1-30/),
    [
      "failed upgrade-shared-configmap ConfigMap aks-istio-system/istio-shared-configmap-asm-1-30: It does not exist, but istio-shared-configmap-asm-1-29 does: the revision would run with the add-on's defaults. Deploy the phase prepared, which creates it, before the revision starts.",
    ],
  ],
  ["no revision has a ConfigMap", "prepared", without("prepared", /configmap/), []],
  [
    "a ConfigMap of the same name is elsewhere",
    "prepared",
    without("prepared", /configmap-asm-1-30/, {
      ...configMap(NEW),
      metadata: { name: `istio-shared-configmap-${NEW}`, namespace: "default" },
    }),
    [expect.stringMatching(/^failed upgrade-shared-configmap /) as string],
  ],
  [
    "a node is too old for the new revision",
    "prepared",
    withMore("prepared", node("v1.31.9")),
    [
      "failed upgrade-kubernetes-version nodes on Kubernetes 1.31: asm-1-30 does not run on it under KubernetesOfficial; it runs on 1.32 to 1.36. Upgrade the cluster if it is too old, or choose another revision.",
    ],
  ],
  ["a node is just new enough", "prepared", withMore("prepared", node("v1.32.0")), []],
  [
    "a node is newer than the catalog",
    "prepared",
    withMore("prepared", node("v1.37.0")),
    [
      "warning upgrade-kubernetes-version nodes on Kubernetes 1.37: The catalog does not know whether asm-1-30 runs on it. Ask Azure: az aks mesh get-upgrades.",
    ],
  ],
  ["a node is too old, but no revision starts", "canary", withMore("canary", node("v1.31.9")), []],
  [
    "pods that follow the canary are not ready",
    "canary",
    withMore(
      "canary",
      pod("web/cart", NEW, { isReady: false }),
      pod("api/x", OLD, { isReady: false }),
    ),
    [
      "failed upgrade-canary-health Deployment web/cart: 1 pod that should follow the canary is not ready. Find out why, or go back with --back.",
    ],
  ],
  [
    "pods that follow the canary have not restarted",
    "canary",
    withMore("canary", pod("web/cart", OLD), pod("web/cart", OLD)),
    [
      "failed upgrade-proxies Deployment web/cart: 2 pods run a proxy of asm-1-29, but the namespace follows asm-1-30. Restart it; if its proxies are injected manually, inject them again first. $ kubectl rollout restart deployment/cart --namespace web",
    ],
  ],
  [
    "workloads of every kind would lose their control plane",
    "promoted",
    withMore(
      "promoted",
      pod("api/front", OLD),
      pod("other/db", OLD, { kind: "StatefulSet" }),
      pod("other/import", OLD, { kind: "Job" }),
      pod("other/ended", OLD, { kind: "Job", phase: "Succeeded" }),
      pod("other/plain", undefined),
      pod("web/lonely", OLD, { kind: "none" }),
      pod("web/gw-istio", OLD, {
        isRouter: true,
        labels: { "gateway.networking.k8s.io/gateway-name": "gw" },
      }),
      pod("aks-istio-ingress/aks-istio-ingressgateway-external-asm-1-29", OLD, { isRouter: true }),
      pod("web/own-gw-asm-1-29", OLD, { isRouter: true }),
    ),
    [
      "failed upgrade-proxies Deployment api/front: 1 pod runs a proxy of asm-1-29, which the next step stops. Restart it; if its proxies are injected manually, inject them again first. $ kubectl rollout restart deployment/front --namespace api",
      "failed upgrade-proxies StatefulSet other/db: 1 pod runs a proxy of asm-1-29, which the next step stops. Restart it; if its proxies are injected manually, inject them again first. $ kubectl rollout restart statefulset/db --namespace other",
      "failed upgrade-proxies Job other/import: 1 pod runs a proxy of asm-1-29, which the next step stops. Have the Job create its pods anew, or wait until it ends.",
      "failed upgrade-proxies Pod web/lonely-5d4f-x: 1 pod runs a proxy of asm-1-29, which the next step stops. No controller creates this pod again: create it anew where it came from, then delete it. $ kubectl delete pod/lonely-5d4f-x --namespace web",
      "failed upgrade-proxies Deployment web/gw-istio: 1 pod runs a proxy of asm-1-29, which the next step stops. Let a revision that stays own the Gateway. $ kubectl label gateways.gateway.networking.k8s.io/gw istio.io/rev=asm-1-30 --overwrite --namespace web",
      "failed upgrade-proxies Deployment web/own-gw-asm-1-29: 1 pod runs a proxy of asm-1-29, which the next step stops. Restart it; if its proxies are injected manually, inject them again first. $ kubectl rollout restart deployment/own-gw-asm-1-29 --namespace web",
      "warning upgrade-interruptions Pod web/lonely-5d4f-x: No controller creates this pod again. Plan to create it anew during the upgrade, or give it a Deployment.",
    ],
  ],
  [
    "a proxy has lost its control plane, or does not say which it has",
    "none",
    withMore("none", pod("old/app", "asm-1-28"), unsaid(pod("old/app", OLD))),
    [
      "failed upgrade-proxies Deployment old/app: 1 pod runs a proxy of asm-1-28, which the cluster does not run. Restart it; if its proxies are injected manually, inject them again first. $ kubectl rollout restart deployment/app --namespace old",
      "failed upgrade-proxies Deployment old/app: 1 pod runs a proxy of a revision that the pod does not say. Restart it; if its proxies are injected manually, inject them again first. $ kubectl rollout restart deployment/app --namespace old",
    ],
  ],
  [
    "a namespace names a revision that does not run",
    "none",
    withMore("none", namespace("old", { "istio.io/rev": "asm-1-28" })),
    [
      "failed upgrade-namespaces Namespace old: It follows asm-1-28, which the cluster does not run. Let it follow a revision that stays, then restart its workloads. $ kubectl label namespace old istio.io/rev=asm-1-29 --overwrite",
    ],
  ],
  [
    "a namespace of the settings has not its label yet",
    "none",
    without("none", /Namespace \/web/, namespace("web", { "istio.io/rev": "asm-1-28" })),
    [
      "failed upgrade-namespaces Namespace web: It follows asm-1-28, which the cluster does not run. Deploy the settings, which set its label.",
    ],
  ],
  [
    "namespaces outside the settings follow the revision that stops",
    "promoted",
    withMore(
      "promoted",
      namespace("own", { "istio.io/rev": OLD }),
      namespace("tagged", { "istio.io/rev": "stable" }),
      namespace("fine", { "istio.io/rev": "next" }),
      tag("stable", OLD),
      tag("next", NEW),
    ),
    [
      "failed upgrade-namespaces Namespace own: It follows asm-1-29, which the next step stops. Let it follow a revision that stays, then restart its workloads. $ kubectl label namespace own istio.io/rev=asm-1-30 --overwrite",
      "failed upgrade-namespaces Namespace tagged: It follows asm-1-29, by the tag stable, which the next step stops. Let it follow a revision that stays, then restart its workloads. $ istioctl tag set stable --revision asm-1-30 --istioNamespace aks-istio-system --overwrite",
    ],
  ],
  [
    "the new revision would take over a Gateway",
    "prepared",
    [
      ...without("prepared", /Namespace \/web/, namespace("web")),
      gateway("shop"),
      gateway("owned", { "istio.io/rev": OLD }),
      gateway("foreign", {}, "nginx"),
    ],
    [
      "failed upgrade-gateways Gateway web/shop: Neither it nor its namespace has the label istio.io/rev, so asm-1-30 takes it over as soon as it starts. Set the label to the revision that is to own it. $ kubectl label gateways.gateway.networking.k8s.io/shop istio.io/rev=asm-1-29 --overwrite --namespace web",
    ],
  ],
  [
    "a Gateway has no owner, but no revision starts",
    "canary",
    [...without("canary", /Namespace \/web/, namespace("web")), gateway("shop")],
    [
      "warning upgrade-gateways Gateway web/shop: Neither it nor its namespace has the label istio.io/rev, so the newest revision that runs owns it. Set the label to the revision that is to own it. $ kubectl label gateways.gateway.networking.k8s.io/shop istio.io/rev=asm-1-29 --overwrite --namespace web",
    ],
  ],
  [
    "a Gateway is owned by its namespace's revision",
    "prepared",
    withMore("prepared", gateway("a")),
    [],
  ],
  [
    "a Gateway is owned by the revision that stops",
    "promoted",
    withMore("promoted", gateway("shop", { "istio.io/rev": OLD })),
    [
      "failed upgrade-gateways Gateway web/shop: asm-1-29 owns it, which the next step stops. Set its label to the revision that stays. $ kubectl label gateways.gateway.networking.k8s.io/shop istio.io/rev=asm-1-30 --overwrite --namespace web",
    ],
  ],
  [
    "restarts would interrupt workloads",
    "prepared",
    withMore(
      "prepared",
      ...["recreate", "single", "half", "surge", "off", "moved"].map((name) =>
        pod(`api/${name}`, OLD),
      ),
      pod("api/db", OLD, { kind: "StatefulSet" }),
      pod("api/dbs", OLD, { kind: "StatefulSet" }),
      pod("aks-istio-ingress/gw", OLD, { isRouter: true }),
      deployment("aks-istio-ingress/gw", { strategy: { type: "Recreate" } }),
      deployment("api/recreate", { replicas: 3, strategy: { type: "Recreate" } }),
      deployment("api/single", { strategy: { rollingUpdate: { maxUnavailable: 1 } } }),
      deployment("api/half", {
        replicas: 2,
        strategy: { rollingUpdate: { maxUnavailable: "50%" } },
      }),
      deployment("api/surge", { replicas: 1 }),
      deployment("api/off", { replicas: 0, strategy: { type: "Recreate" } }),
      deployment("api/elsewhere", { replicas: 1, strategy: { type: "Recreate" } }),
      statefulSet("api/db", {}),
      statefulSet("api/dbs", { replicas: 2 }),
    ),
    [
      "warning upgrade-interruptions Deployment api/recreate: A restart interrupts it: its strategy Recreate ends all pods before the next ones start. Run a second replica during the upgrade, or restart it when nobody needs it.",
      "warning upgrade-interruptions Deployment api/single: A restart interrupts it: its maxUnavailable lets all of its pods, 1, end before the next ones start. Run a second replica during the upgrade, or restart it when nobody needs it.",
      "warning upgrade-interruptions StatefulSet api/db: A restart interrupts it: its only pod ends before the next one starts. Run a second replica during the upgrade, or restart it when nobody needs it.",
    ],
  ],
  [
    "budgets allow no disruption",
    "prepared",
    withMore(
      "prepared",
      budget("api", "front", { disruptionsAllowed: 0, currentHealthy: 2 }),
      budget("web", "front", { disruptionsAllowed: 1, currentHealthy: 3 }),
      budget("api", "other", { disruptionsAllowed: 0, currentHealthy: 2 }),
      budget("elsewhere", "front", { disruptionsAllowed: 0, currentHealthy: 2 }),
    ),
    [
      "warning upgrade-disruption-budgets PodDisruptionBudget api/front: It allows no disruption: 2 of 2 pods that it wants are healthy. A rollout restart does not heed it, and an eviction is refused. Run one more replica during the upgrade.",
    ],
  ],
  [
    "a budget waits for pods that are not healthy",
    "prepared",
    withMore("prepared", budget("api", "front", { disruptionsAllowed: 0, currentHealthy: 1 })),
    [
      "warning upgrade-disruption-budgets PodDisruptionBudget api/front: It allows no disruption: 1 of 2 pods that it wants are healthy. A rollout restart does not heed it, and an eviction is refused. Find out first why pods are not healthy.",
    ],
  ],
])("%s", (_, phase, objects, expected) => {
  expect(complaints(upgradeOf(meshIn(phase), objects))).toEqual(expected);
});

test("nothing has tried a canary that no namespace follows", () => {
  const objects = without(
    "canary",
    /Pod web|Namespace \/web/,
    namespace("web", { "istio.io/rev": OLD }),
  );
  expect(complaints(upgradeOf(meshIn("canary", false), objects))).toEqual([
    "warning upgrade-canary-health canary: No namespace follows the canary, so nothing has tried it. Set canary on a namespace, and watch its workloads.",
  ]);
});

test("the step back must not strand proxies of the new revision", () => {
  const objects = without(
    "canary",
    /Pod web|Namespace \/web/,
    namespace("web", { "istio.io/rev": OLD }),
  );
  const upgrade = upgradeOf(meshIn("canary", false), [...objects, pod("other/app", NEW)], "back");
  expect(complaints(upgrade).filter((line) => line.startsWith("failed"))).toEqual([
    "failed upgrade-proxies Deployment other/app: 1 pod runs a proxy of asm-1-30, which the next step stops. Restart it; if its proxies are injected manually, inject them again first. $ kubectl rollout restart deployment/app --namespace other",
  ]);
});

test("what could not be read is unchecked", () => {
  const azure = { reason: "Azure was not asked.", fix: "Ask it." };
  const state = new ClusterState("nothing", []);
  const upgrade = { ...upgradeOf(meshIn("prepared"), []), state, azure };
  const observations = upgradeObservations(upgrade);
  expect(new Set(observations.map(({ outcome }) => outcome))).toEqual(new Set(["unchecked"]));
  expect(new Set(observations.map(({ check }) => check))).toEqual(
    new Set(UPGRADE_CHECKS.map(({ name }) => name)),
  );
  expect(exitCodeOf(observations)).toBe(2);
});

test("pods that never left are not in the way of the step back", () => {
  const objects = withMore("canary", pod("web/cart", OLD));
  const proxies = (direction: "next" | "back") =>
    upgradeObservations(upgradeOf(meshIn("canary"), objects, direction))
      .filter(({ check }) => check === "upgrade-proxies")
      .map(({ outcome }) => outcome);
  expect(proxies("back")).toEqual(["passed"]);
  expect(proxies("next")).toEqual(["failed"]);
});

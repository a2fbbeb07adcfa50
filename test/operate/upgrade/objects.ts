import { planMesh } from "../../../mesh/upgrade.ts";
import type { MeshState, UpgradePhase } from "../../../mesh/upgrade.ts";
import type { MeshRevision } from "../../../mesh/revision.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { ClusterState } from "../../../operate/cluster/clusterState.ts";
import type { KindName } from "../../../operate/cluster/kinds.ts";
import { nameOf } from "../../../operate/cluster/kinds.ts";
import type { AzureMesh } from "../../../operate/upgrade/azureMesh.ts";
import type { Upgrade } from "../../../operate/upgrade/check.ts";
import { UPGRADE_KINDS, upgradeObservations } from "../../../operate/upgrade/checks.ts";

const OLD = "asm-1-29";
const NEW = "asm-1-30";

type Labels = Readonly<Record<string, string>>;

function object(apiVersion: string, kind: string, metadata: object, rest: object): ClusterObject {
  return { apiVersion, kind, metadata: metadata as ClusterObject["metadata"], ...rest };
}

export function istiod(revision: string, available = 2): ClusterObject {
  const metadata = { name: `istiod-${revision}`, namespace: "aks-istio-system", generation: 1 };
  const status = { observedGeneration: 1, updatedReplicas: 2, availableReplicas: available };
  return object("apps/v1", "Deployment", metadata, { spec: { replicas: 2 }, status });
}

export function namespace(name: string, labels: Labels = {}): ClusterObject {
  return object("v1", "Namespace", { name, labels }, {});
}

export function configMap(revision: string): ClusterObject {
  const metadata = { name: `istio-shared-configmap-${revision}`, namespace: "aks-istio-system" };
  return object("v1", "ConfigMap", metadata, {});
}

export function node(kubeletVersion: string): ClusterObject {
  const status = { nodeInfo: { kubeletVersion } };
  return object("v1", "Node", { name: `node-${kubeletVersion}` }, { status });
}

export function tag(name: string, revision: string): ClusterObject {
  const labels = { "istio.io/tag": name, "istio.io/rev": revision };
  const metadata = { name: `istio-revision-tag-${name}-aks-istio-system`, labels };
  return object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", metadata, {});
}

/** A pod with a sidecar of a revision; undefined for a pod without a sidecar. */
export function pod(
  workload: string,
  revision: string | undefined,
  {
    kind = "ReplicaSet",
    isReady = true,
    isRouter = false,
    phase = "Running",
    labels = {},
  }: {
    readonly kind?: string | undefined;
    readonly isReady?: boolean;
    readonly isRouter?: boolean;
    readonly phase?: string;
    readonly labels?: Labels;
  } = {},
): ClusterObject {
  const [space = "", name = ""] = workload.split("/");
  const hash = kind === "ReplicaSet" ? { "pod-template-hash": "5d4f" } : {};
  const owner = { apiVersion: "apps/v1", kind, uid: "u", controller: true };
  const annotations =
    revision === undefined ? {} : { "sidecar.istio.io/status": JSON.stringify({ revision }) };
  const metadata = {
    name: `${name}-5d4f-x`,
    namespace: space,
    labels: { app: name, ...hash, ...labels },
    annotations,
    ownerReferences:
      kind === "none" ? [] : [{ ...owner, name: kind === "ReplicaSet" ? `${name}-5d4f` : name }],
  };
  const proxy = { name: "istio-proxy", image: "proxyv2:1.29.2" };
  const args = ["proxy", isRouter ? "router" : "sidecar"];
  const containers = revision === undefined ? [{ name: "app" }] : [{ ...proxy, args }];
  const conditions = [{ type: "Ready", status: isReady ? "True" : "False" }];
  return object("v1", "Pod", metadata, { spec: { containers }, status: { phase, conditions } });
}

export function deployment(workload: string, spec: object): ClusterObject {
  return workloadObject("Deployment", workload, spec);
}

export function statefulSet(workload: string, spec: object): ClusterObject {
  return workloadObject("StatefulSet", workload, spec);
}

function workloadObject(kind: string, workload: string, spec: object): ClusterObject {
  const [space = "", name = ""] = workload.split("/");
  return object("apps/v1", kind, { name, namespace: space }, { spec });
}

export function budget(
  space: string,
  app: string,
  status: { readonly disruptionsAllowed: number; readonly currentHealthy: number },
): ClusterObject {
  const spec = { selector: { matchLabels: { app } } };
  const metadata = { name: app, namespace: space };
  const all = { desiredHealthy: 2, expectedPods: 2, ...status };
  return object("policy/v1", "PodDisruptionBudget", metadata, { spec, status: all });
}

export function gateway(
  name: string,
  labels: Labels = {},
  gatewayClassName = "istio",
): ClusterObject {
  const metadata = { name, namespace: "web", labels };
  return object("gateway.networking.k8s.io/v1", "Gateway", metadata, {
    spec: { gatewayClassName },
  });
}

/** The state of the settings in a phase: `web` follows the canary, `api` does not. */
export function meshIn(phase: UpgradePhase | "none", hasFollower = true): MeshState {
  const upgrade = phase === "none" ? {} : { upgrade: { to: NEW as MeshRevision, phase } };
  return {
    settings: { revision: OLD, ...upgrade },
    namespaces: { web: { canary: hasFollower }, api: { canary: false } },
  };
}

/** A cluster in which a phase is deployed, and every workload has restarted. */
export function healthy(phase: UpgradePhase | "none"): readonly ClusterObject[] {
  const { revisions, labels, configMaps } = planMesh(meshIn(phase));
  return [
    ...revisions.map((revision) => istiod(revision)),
    ...configMaps.map(configMap),
    ...Object.entries(labels).flatMap(([name, revision]) => [
      namespace(name, { "istio.io/rev": revision }),
      pod(`${name}/front`, revision),
      pod(`${name}/front`, revision),
      deployment(`${name}/front`, { replicas: 2 }),
    ]),
    namespace("kube-system"),
    node("v1.35.2"),
  ];
}

/** The cluster in Azure, if it runs some revisions and may be upgraded to one. */
export function azureMesh(revisions: readonly string[], target?: MeshRevision): AzureMesh {
  return {
    cluster: {
      id: "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/orders",
      name: "orders",
      location: "westeurope",
      provisioningState: "Succeeded",
      serviceMeshProfile: { mode: "Istio", istio: { revisions: [...revisions] } },
    },
    upgrades: {
      value: { revision: OLD, upgrades: target === undefined ? [] : [target], kubernetes: {} },
    },
    offered: {
      value: [OLD, NEW].map((revision) => ({
        revision: revision as MeshRevision,
        upgrades: [],
        kubernetes: {},
      })),
    },
  };
}

/** An upgrade whose settings are in a phase, and a cluster with some objects. */
export function upgradeOf(
  mesh: MeshState,
  objects: readonly ClusterObject[],
  direction: "next" | "back" = "next",
): Upgrade {
  const plan = planMesh(mesh);
  const of = (name: KindName) =>
    objects.filter(({ apiVersion, kind }) => nameOf(apiVersion, kind) === name);
  return {
    mesh,
    plan,
    step: plan[direction],
    version: { kubernetesVersion: "1.35", plan: "KubernetesOfficial" },
    day: "2026-08-21",
    state: new ClusterState(
      "a test",
      UPGRADE_KINDS.map((name) => [name, of(name)]),
    ),
    azure: azureMesh(plan.revisions, plan[direction]?.leadsTo.settings.upgrade?.to),
  };
}

/** What the checks say other than that all is well: `failed upgrade-proxies Deployment web/front: …`. */
export function complaints(upgrade: Upgrade): readonly string[] {
  return upgradeObservations(upgrade)
    .filter(({ outcome }) => outcome !== "passed")
    .map(({ outcome, check, subject, message, fix, commands = [] }) =>
      [`${outcome} ${check} ${subject}: ${message} ${fix ?? ""}`, ...commands].join(" $ "),
    );
}

import { cluster, kubernetes, namespace, object } from "./fixtures.ts";
import type { Fixture, Props } from "./fixtures.ts";

export const mesh = cluster();
export const provider = kubernetes(mesh);

/** A cluster with the add-on, and a namespace of its mesh: what comes before the workloads of a stack. */
export const inMesh: readonly Fixture[] = [mesh, provider, namespace(provider)];

/** A namespace that has not joined the mesh, in place of the other. */
export const outsideMesh: readonly Fixture[] = [
  mesh,
  provider,
  namespace(provider, { "aks-istio/mesh": "outside" }),
];

const DIGEST = "sha256:8fa56908408de98f24aed2a162b1bb42c0b98df7abfcc5a76a14a8be510457c5";

/** A container that no rule has anything to say about. */
export function container(changes: Props = {}): Props {
  return {
    name: "web",
    image: `ghcr.io/shop/web:1.4.2@${DIGEST}`,
    ports: [{ name: "http", containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
    livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "128Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...changes,
  };
}

/** The spec of a pod that no rule has anything to say about. */
export function podSpec(changes: Props = {}): Props {
  return {
    serviceAccountName: "web",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [container()],
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { app: "web" } },
      },
    ],
    ...changes,
  };
}

/** The template of a workload, with labels or annotations beside its own. */
export function template(spec: unknown = podSpec(), metadata: Props = {}): Props {
  return { metadata: { ...metadata, labels: { app: "web", ...labelsIn(metadata) } }, spec };
}

/** A workload in the namespace shop. */
export function workload(
  of: unknown = template(),
  { kind = "Deployment", name = "web", metadata = {}, spec = {}, on = provider }: Choice = {},
): Fixture {
  const [group] = GROUPS.find(([, kinds]) => kinds.includes(kind.replace(/Patch$/, ""))) ?? [""];
  const inner = { replicas: 2, selector: { matchLabels: { app: "web" } }, template: of, ...spec };
  return object(
    on,
    group,
    kind,
    {
      metadata: { name, namespace: "shop", ...metadata },
      spec: kind.startsWith("CronJob") ? { jobTemplate: { spec: inner } } : inner,
    },
    name,
  );
}

interface Choice {
  readonly kind?: string;
  readonly name?: string;
  readonly metadata?: Props;
  readonly spec?: Props;
  readonly on?: Fixture;
}

const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ["apps/v1", ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"]],
  ["batch/v1", ["Job", "CronJob"]],
];

/** A disruption budget that suits the workload. */
export function budget(spec: Props = {}, name = "web", on: Fixture = provider): Fixture {
  return object(
    on,
    "policy/v1",
    "PodDisruptionBudget",
    {
      metadata: { name, namespace: "shop" },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: "web" } }, ...spec },
    },
    name,
  );
}

function labelsIn({ labels }: Props): Props {
  return typeof labels === "object" && labels !== null ? { ...labels } : {};
}

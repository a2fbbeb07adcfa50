import { isDeepStrictEqual } from "node:util";
import { textIn } from "../../yaml/json.ts";
import type { Json, JsonObject } from "../../yaml/json.ts";
import type { Asked, Reply } from "./jsonServer.ts";

/** What a stand-in for an API server with an injector has. */
export interface InjectingCluster {
  /** The labels of each namespace. */
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly revisions?: readonly string[];
  /** Replies to a request before anything else. */
  readonly first?: (asked: Asked) => Reply | undefined;
}

type Spec = Readonly<Record<string, Json | readonly JsonObject[]>>;

interface Pod {
  readonly metadata: {
    readonly namespace: string;
    readonly name?: string;
    readonly generateName?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: Spec & { readonly containers: readonly JsonObject[] };
}

/** Replies as an API server does whose webhook adds a small sidecar. It sets some defaults, as the real one does. */
export function injectingReply({
  namespaces = { default: {}, orders: {} },
  revisions = ["asm-1-30"],
  first = () => undefined,
}: InjectingCluster = {}): (asked: Asked) => Reply {
  return (asked) => {
    const { method, path, body } = asked;
    const own = first(asked);
    if (own !== undefined) return own;
    const [, namespace = ""] =
      /^\/api\/v1\/namespaces\/([^/]+)\/pods\?dryRun=All$/.exec(path) ?? [];
    if (method === "POST" && namespace !== "") {
      const labels = namespaces[namespace];
      if (labels === undefined) return status(404, `namespaces "${namespace}" not found`);
      return { status: 201, body: created(body as Pod, labels, revisions) };
    }
    return listReply(path, namespaces, revisions) ?? status(404, `${method} ${path}`);
  };
}

export function status(code: number, message: string): Reply {
  return { status: code, body: { kind: "Status", status: "Failure", message, code } };
}

function listReply(
  path: string,
  namespaces: InjectingCluster["namespaces"],
  revisions: readonly string[],
): Reply | undefined {
  if (path.startsWith("/api/v1/namespaces?")) {
    const items = Object.entries(namespaces ?? {}).map(([name, labels]) => ({
      metadata: { name, labels },
    }));
    return { body: { items } };
  }
  if (path.startsWith("/apis/apps/v1/deployments?")) {
    const items = revisions.map((revision) => ({
      metadata: { name: `istiod-${revision}`, namespace: "aks-istio-system" },
    }));
    return { body: { items } };
  }
  const isWebhooks = path.includes("/mutatingwebhookconfigurations?");
  return isWebhooks ? { body: { items: [] } } : undefined;
}

/** The pod after admission. */
function created(
  pod: Pod,
  ofNamespace: Readonly<Record<string, string>>,
  revisions: readonly string[],
) {
  const { metadata } = pod;
  const defaulted = {
    ...pod,
    metadata: { ...metadata, uid: "1", creationTimestamp: "2026-01-01T00:00:00Z" },
    spec: {
      dnsPolicy: "ClusterFirst",
      tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }],
      ...pod.spec,
      containers: pod.spec.containers.map(withDefaults),
    },
  };
  const revision = ofNamespace["istio.io/rev"] ?? metadata.labels["istio.io/rev"] ?? "";
  const isSelected =
    metadata.labels["sidecar.istio.io/inject"] !== "false" && !("istio-injection" in ofNamespace);
  return isSelected && revisions.includes(revision) ? injected(defaulted, revision) : defaulted;
}

function withDefaults(container: JsonObject): JsonObject {
  const { livenessProbe, ports } = container;
  const probe = livenessProbe as { httpGet?: JsonObject } | undefined;
  return {
    terminationMessagePath: "/dev/termination-log",
    imagePullPolicy: "IfNotPresent",
    ...container,
    ...(Array.isArray(ports) && {
      ports: (ports as readonly JsonObject[]).map((port) => ({ protocol: "TCP", ...port })),
    }),
    ...(probe !== undefined && {
      livenessProbe: {
        periodSeconds: 10,
        ...probe,
        ...(probe.httpGet && { httpGet: { scheme: "HTTP", ...probe.httpGet } }),
      },
    }),
  };
}

/** With a sidecar in small: of each kind of thing that the real one adds or changes, one. */
function injected<P extends Pod>(pod: P, revision: string) {
  const { metadata, spec } = pod;
  const [owner] = metadata.ownerReferences ?? [];
  const status = { containers: ["istio-proxy"], volumes: ["istio-envoy"], revision };
  const probes: Record<string, Json> = {};
  const containers = spec.containers.map((container) => {
    const { httpGet, ...probe } = (container["livenessProbe"] ?? {}) as JsonObject;
    if (httpGet === undefined) return container;
    const path = `/app-health/${textIn(container, "name") ?? ""}/livez`;
    probes[path] = { httpGet };
    return {
      ...container,
      livenessProbe: { ...probe, httpGet: { ...(httpGet as JsonObject), path, port: 15020 } },
    };
  });
  const env = [
    { name: "OWNER", value: `${owner?.kind ?? "Pod"} ${owner?.name ?? metadata.name ?? ""}` },
    { name: "POD_NAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } },
    ...(isDeepStrictEqual(probes, {})
      ? []
      : [{ name: "ISTIO_KUBE_APP_PROBERS", value: JSON.stringify(probes) }]),
  ];
  const proxy = {
    ...{ name: "istio-proxy", image: `proxyv2:${revision}`, imagePullPolicy: "IfNotPresent" },
    ...{
      env,
      resources: {},
      volumeMounts: [{ name: "istio-envoy", mountPath: "/etc/istio/proxy" }],
    },
    ...{ terminationMessagePath: "/dev/termination-log", terminationMessagePolicy: "File" },
  };
  const volumes = Array.isArray(spec["volumes"]) ? (spec["volumes"] as readonly Json[]) : [];
  return {
    ...pod,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, "security.istio.io/tlsMode": "istio" },
      annotations: {
        ...metadata.annotations,
        "istio.io/rev": revision,
        "sidecar.istio.io/status": JSON.stringify(status),
      },
    },
    spec: {
      ...spec,
      containers: [...containers, proxy],
      volumes: [{ name: "istio-envoy", emptyDir: { medium: "Memory" } }, ...volumes],
    },
  };
}

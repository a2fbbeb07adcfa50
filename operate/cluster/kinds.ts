/** A kind of object that commands read from a cluster. */
export interface Kind {
  /** The group; empty for the core group. */
  readonly group: string;
  /** The version that is asked for. Files may have any. */
  readonly version: string;
  readonly kind: string;
  /** The name in URLs, and for `kubectl get`. */
  readonly plural: string;
}

const KINDS_BY_API_VERSION = {
  v1: {
    Namespace: "namespaces",
    Pod: "pods",
    Service: "services",
    ConfigMap: "configmaps",
    Secret: "secrets",
    Node: "nodes",
  },
  "apps/v1": {
    Deployment: "deployments",
    ReplicaSet: "replicasets",
    StatefulSet: "statefulsets",
    DaemonSet: "daemonsets",
  },
  "batch/v1": { Job: "jobs", CronJob: "cronjobs" },
  "policy/v1": { PodDisruptionBudget: "poddisruptionbudgets" },
  "autoscaling/v2": { HorizontalPodAutoscaler: "horizontalpodautoscalers" },
  "admissionregistration.k8s.io/v1": {
    MutatingWebhookConfiguration: "mutatingwebhookconfigurations",
    ValidatingWebhookConfiguration: "validatingwebhookconfigurations",
  },
  "apiextensions.k8s.io/v1": { CustomResourceDefinition: "customresourcedefinitions" },
  "networking.k8s.io/v1": { NetworkPolicy: "networkpolicies" },
  "networking.istio.io/v1": {
    VirtualService: "virtualservices",
    DestinationRule: "destinationrules",
    Gateway: "gateways",
    ServiceEntry: "serviceentries",
    Sidecar: "sidecars",
    WorkloadEntry: "workloadentries",
    WorkloadGroup: "workloadgroups",
  },
  "networking.istio.io/v1beta1": { ProxyConfig: "proxyconfigs" },
  "networking.istio.io/v1alpha3": { EnvoyFilter: "envoyfilters" },
  "extensions.istio.io/v1alpha1": { WasmPlugin: "wasmplugins" },
  "install.istio.io/v1alpha1": { IstioOperator: "istiooperators" },
  "security.istio.io/v1": {
    PeerAuthentication: "peerauthentications",
    AuthorizationPolicy: "authorizationpolicies",
    RequestAuthentication: "requestauthentications",
  },
  "telemetry.istio.io/v1": { Telemetry: "telemetries" },
  "gateway.networking.k8s.io/v1": { Gateway: "gateways", HTTPRoute: "httproutes" },
  "kustomize.toolkit.fluxcd.io/v1": { Kustomization: "kustomizations" },
  "helm.toolkit.fluxcd.io/v2": { HelmRelease: "helmreleases" },
  "source.toolkit.fluxcd.io/v1": { GitRepository: "gitrepositories", Bucket: "buckets" },
  "azmonitoring.coreos.com/v1": { PodMonitor: "podmonitors", ServiceMonitor: "servicemonitors" },
} as const;

type KindsOf<Version> = Version extends keyof typeof KINDS_BY_API_VERSION
  ? Extract<keyof (typeof KINDS_BY_API_VERSION)[Version], string>
  : never;

/** A kind by its group and name: `Pod`, `apps/Deployment`, `networking.istio.io/Gateway`. */
export type KindName = {
  [Version in keyof typeof KINDS_BY_API_VERSION]: Version extends `${infer Group}/${string}`
    ? `${Group}/${KindsOf<Version>}`
    : KindsOf<Version>;
}[keyof typeof KINDS_BY_API_VERSION];

/** Every kind that commands read. */
export const KINDS: Readonly<Record<KindName, Kind>> = Object.fromEntries(
  Object.entries(KINDS_BY_API_VERSION).flatMap(([apiVersion, kinds]) =>
    Object.entries(kinds).map(([kind, plural]) => {
      const { group, version } = partsOf(apiVersion);
      return [nameOf(apiVersion, kind), { group, version, kind, plural }];
    }),
  ),
) as Record<KindName, Kind>;

/** The name of the kind of an object of any version. It may be none of `KINDS`. */
export function nameOf(apiVersion: string, kind: string): string {
  const { group } = partsOf(apiVersion);
  return group === "" ? kind : `${group}/${kind}`;
}

/** The kind as users call it, with its group if another kind has the same name: `Pod`, `Gateway (networking.istio.io)`. */
export function kindLabel(name: KindName): string {
  const { group, kind } = KINDS[name];
  const isShared = Object.values(KINDS).filter((one) => one.kind === kind).length > 1;
  return isShared ? `${kind} (${group})` : kind;
}

/** The kind as an argument of `kubectl get`. */
export function kubectlName(name: KindName): string {
  const { group, plural } = KINDS[name];
  return group === "" ? plural : `${plural}.${group}`;
}

function partsOf(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf("/");
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

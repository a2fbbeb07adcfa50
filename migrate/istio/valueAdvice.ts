/** What becomes of a value: AKS determines it, the add-on does the same, or somebody must know or act. */
interface ValueAdvice {
  /** By its path: `pilot.env.PILOT_TRACE_SAMPLING`. The first row that fits counts. */
  readonly of: RegExp;
  readonly fate: "managed" | "given" | "note" | "blocker";
  readonly why: string;
  readonly fix: string;
  /** Values with which there is nothing to say, because they are Istio's defaults. */
  readonly unless?: readonly string[];
}

const row = (
  of: RegExp,
  fate: ValueAdvice["fate"],
  why = "",
  fix = "",
  unless: readonly string[] = [],
): ValueAdvice => ({ of, fate, why, fix, unless });

const MULTI_CLUSTER = [
  "The add-on does not support meshes of several clusters.",
  "Reach services of other clusters through their gateways, with a ServiceEntry.",
] as const;

const PLUG_IN_CA = [
  "The add-on signs certificates itself, with a root of its own or one from Azure Key Vault.",
  "Enable the add-on with a plug-in CA from Azure Key Vault, whose intermediate certificate has the same root.",
] as const;

/** @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/values.yaml */
export const VALUE_ADVICE: readonly ValueAdvice[] = [
  row(
    /^(?:pilot\.|global\.istiod\.)?env\.|^pilot\.envVarFrom/,
    "blocker",
    "The environment of istiod cannot be set.",
    "Find out whether workloads need it: most features of istiod have the default of the revision.",
  ),
  row(
    /^(?:pilot\.)?traceSampling$/,
    "note",
    "The default share of traced requests is 1 %.",
    "Set randomSamplingPercentage in a Telemetry in aks-istio-system.",
  ),
  row(
    /^global\.(?:meshNetworks|remotePilotAddress|externalIstiod|configCluster)\b/,
    "blocker",
    ...MULTI_CLUSTER,
    ["false"],
  ),
  row(/^(?:global\.network|istiodRemote\.enabled)$/, "blocker", ...MULTI_CLUSTER, ["false"]),
  row(/^(?:global\.(?:meshID|multiCluster\.)|istiodRemote\.)/, "note", ...MULTI_CLUSTER, ["false"]),
  row(/^global\.(?:caAddress|caName|certSigners|sds|sts)\b/, "blocker", ...PLUG_IN_CA, [
    "istio-ca",
    "0",
  ]),
  row(/^global\.pilotCertProvider$/, "blocker", ...PLUG_IN_CA, ["istiod"]),
  row(/^global\.mountMtlsCerts$/, "blocker", ...PLUG_IN_CA, ["false"]),
  row(
    /^(?:pilot\.)?(?:sidecarInjectorWebhook\.)?enableNamespacesByDefault$/,
    "blocker",
    "The add-on injects only in namespaces and pods with the label of a revision.",
    "Set istio.io/rev on every namespace that belongs to the mesh.",
    ["false"],
  ),
  row(
    /^sidecarInjectorWebhook\.(?:neverInjectSelector|alwaysInjectSelector|templates|defaultTemplates|injectedAnnotations)/,
    "blocker",
    "The configuration of the injection cannot be set.",
    "Set sidecar.istio.io/inject, or other annotations, on the pods.",
  ),
  row(
    /^sidecarInjectorWebhook\.rewriteAppHTTPProbe$/,
    "note",
    "The add-on rewrites the HTTP probes of pods.",
    "Set sidecar.istio.io/rewriteAppHTTPProbers on pods.",
    ["true"],
  ),
  row(
    /^global\.proxy\.(?:in|ex)clude(?:Inbound|Outbound)?(?:Ports|IPRanges)$/,
    "blocker",
    "The traffic that sidecars take cannot be set for the whole mesh.",
    "Set the annotations traffic.sidecar.istio.io/… on the pods that need it.",
    ["*"],
  ),
  row(
    /^global\.proxy\.clusterDomain$/,
    "blocker",
    "The domain of the cluster is cluster.local.",
    "Use cluster.local in hosts.",
    ["cluster.local"],
  ),
  row(
    /^global\.proxy\.autoInject$/,
    "blocker",
    "Injection cannot be off by default.",
    "Set sidecar.istio.io/inject to false on the pods that stay out of the mesh.",
    ["enabled"],
  ),
  row(
    /^global\.(?:proxy|waypoint)\.resources\.|^global\.defaultResources\./,
    "note",
    "Sidecars request 100m and 128Mi, with limits of 2 and 1Gi, and the default cannot be set.",
    "Set sidecar.istio.io/proxyCPU, proxyMemory, proxyCPULimit and proxyMemoryLimit on pods that need other resources.",
  ),
  row(
    /^global\.proxy\.(?:logLevel|componentLogLevel)$/,
    "note",
    "The level of the logs of proxies cannot be set for the whole mesh.",
    "Set sidecar.istio.io/logLevel on pods.",
    ["warning", "misc:error"],
  ),
  // It is part of the MeshConfig.
  row(/^global\.proxy\.holdApplicationUntilProxyStarts$/, "given"),
  row(
    /^global\.proxy\.privileged$/,
    "blocker",
    "Sidecars are not privileged.",
    "Do without, or set securityContext with a container istio-proxy in the pod.",
    ["false"],
  ),
  row(
    /^global\.proxy\.(?:image|startupProbe|readiness|lifecycle|seccompProfile|outlierLogPath|tracer|statusPort|enableCoreDump)/,
    "managed",
  ),
  row(
    /^global\.tracer\./,
    "note",
    "Tracing is configured in the shared ConfigMap.",
    "Define the collector in extensionProviders, and name it in a Telemetry.",
  ),
  row(
    /^telemetry\./,
    "note",
    "Metrics are configured with Telemetry.",
    "Write a Telemetry in aks-istio-system if they differ from Istio's default.",
    ["true"],
  ),
  row(
    /^(?:cni|pilot\.cni|istio_cni)\b/,
    "note",
    "From asm-1-30 on, a new mesh uses Istio CNI as a chained plug-in.",
    "Choose with az aks mesh enable --proxy-redirection-mechanism CNIChaining or InitContainers.",
  ),
  row(
    /^(?:ambient|ztunnel)\b|^global\.variant\.ambient/,
    "note",
    "The add-on does not support ambient mode.",
    "Use sidecars.",
    ["false"],
  ),
  row(
    /^gatewayClasses\./,
    "blocker",
    "The defaults of Gateway API gateways are in a ConfigMap that AKS creates.",
    "Move them to istio-gateway-class-defaults in aks-istio-system, which accepts a list of fields.",
  ),
  row(
    /^gateways\..*\.ports$|^service\.ports$/,
    "note",
    "The ports of the add-on's ingress gateways are 80, 443 and 15021.",
    "For other ports, use a Gateway of the Kubernetes Gateway API, for which Istio deploys a proxy.",
  ),
  // They are settings of the gateway's Service, which are judged like those of any.
  row(
    /^(?:gateways\..*\.serviceAnnotations|service\.annotations)\.|^(?:gateways\..*|service)\.(?:loadBalancer(?:IP|SourceRanges)|externalTrafficPolicy)$/,
    "given",
  ),
  row(
    /^gateways\.istio-egressgateway\.enabled$/,
    "blocker",
    "An egress gateway of the add-on needs a static egress gateway.",
    "Create a StaticGatewayConfiguration and run az aks mesh enable-egress-gateway.",
    ["false"],
  ),
  row(
    /^(?:pilot|global|gateways|base|service|autoscaling|resources|podAnnotations|labels|env|securityContext|affinity|tolerations|nodeSelector|topologySpreadConstraints|pdb|podDisruptionBudget|networkGateway|serviceAccount|rbac|name|kind|replicaCount|platform|imagePullPolicy|imagePullSecrets|resourceQuotas|minReadySeconds|terminationGracePeriodSeconds|strategy|annotations|volumes|volumeMounts|initContainers|additionalContainers|readinessProbe|podSecurityContext|containerSecurityContext|unprivilegedPort|logLevel|hub|tag|variant|image|autoscaleEnabled|autoscaleMin|autoscaleMax|rollingMaxSurge|rollingMaxUnavailable|cpu|memory|keepaliveMaxServerConnectionAge|deploymentLabels|podLabels|ipFamilyPolicy|ipFamilies)(?:\.|$)/,
    "managed",
  ),
  row(
    /^(?:profile|revision|revisionTags|defaultRevision|ownerName|compatibilityVersion|experimental|enabled|istio_cni|validationURL|validationCABundle|defaultConfig|defaults|_internal_defaults_do_not_set)(?:\.|$)/,
    "given",
  ),
];

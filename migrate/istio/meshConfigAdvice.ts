import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import { OWN_ISTIO_NAMESPACE } from "../../mesh/ownIstio.ts";

/** What replaces a field of MeshConfig that the add-on blocks: nothing, because the add-on gives the same, or advice. */
export type Advice =
  "given" | { readonly why: string } | { readonly why: string; readonly fix: string };

const PLUG_IN_CA =
  "Store the root, the signing certificate, its key and the chain in Azure Key Vault, and enable the add-on with this plug-in CA.";

/** By the path of the field. A function also regards the value. */
const ADVICE: Readonly<Record<string, Advice | ((value: unknown) => Advice)>> = {
  rootNamespace: (value) =>
    value === OWN_ISTIO_NAMESPACE
      ? "given"
      : {
          why: `The root namespace of the add-on is ${CONTROL_PLANE_NAMESPACE}. What applies to the whole mesh from ${String(value)} moves there.`,
        },
  "defaultConfig.discoveryAddress": "given",
  "defaultConfig.binaryPath": "given",
  "defaultConfig.configPath": "given",
  "defaultConfig.serviceCluster": "given",
  "defaultConfig.controlPlaneAuthPolicy": "given",
  enableAutoMtls: (value) =>
    value === false
      ? {
          why: "The add-on uses automatic mutual TLS.",
          fix: "Say what clients use in the trafficPolicy.tls of DestinationRules.",
        }
      : "given",
  ca: { why: "It names a certificate authority outside of istiod.", fix: PLUG_IN_CA },
  certificates: {
    why: "It makes istiod sign certificates for other components.",
    fix: "Let cert-manager issue these certificates.",
  },
  configSources: {
    why: "The add-on reads its configuration only from its own cluster.",
    fix: "Apply the configuration to the cluster of the add-on.",
  },
  ingressClass: {
    why: "The add-on serves an Ingress of class istio only.",
    fix: "Use a Gateway and a VirtualService, or set ingressSelector and ingressService in the shared ConfigMap.",
  },
  ingressControllerMode: {
    why: "The mode is the default one.",
    fix: "Use a Gateway and a VirtualService instead of an Ingress.",
  },
  defaultTrafficPolicy: {
    why: "Clients have no default policy.",
    fix: "Write a DestinationRule for *.local in aks-istio-system.",
  },
  inboundTrafficPolicy: {
    why: "Sidecars let inbound traffic to undeclared ports pass through.",
    fix: "Use PeerAuthentication and AuthorizationPolicy for ports.",
  },
  protocolDetectionTimeout: {
    why: "Protocols are detected with Istio's default.",
    fix: "Name the protocol of each port of a Service, or set its appProtocol.",
  },
  verifyCertificateAtClient: {
    why: "Clients verify as Istio does by default.",
    fix: "Set caCertificates in the trafficPolicy.tls of DestinationRules.",
  },
  outboundClusterStatName: { why: "Metrics of clusters have Istio's default names." },
  inboundClusterStatName: { why: "Metrics of clusters have Istio's default names." },
  "defaultConfig.image": {
    why: "AKS determines the image of proxies.",
  },
  "defaultConfig.zipkinAddress": {
    why: "Istio itself replaced it.",
    fix: "Define the collector in extensionProviders of the shared ConfigMap, and name it in a Telemetry.",
  },
  "defaultConfig.interceptionMode": (value) =>
    value === "REDIRECT"
      ? "given"
      : {
          why: "Sidecars redirect traffic as Istio does by default.",
          fix: "Set the annotation sidecar.istio.io/interceptionMode on pods.",
        },
  "defaultConfig.runtimeValues": {
    why: "",
    fix: "Set them in the annotation proxy.istio.io/config of pods.",
  },
  "defaultConfig.readinessProbe": { why: "", fix: "Set probes on the containers of pods." },
};

const OTHERWISE: Advice = {
  why: "",
  fix: "Find out whether workloads need it. If they do, look for an Istio resource or a pod annotation that does the same.",
};

export function insteadOf(path: string, value: unknown): Advice {
  const advice = Object.hasOwn(ADVICE, path) ? ADVICE[path] : undefined;
  return (typeof advice === "function" ? advice(value) : advice) ?? OTHERWISE;
}

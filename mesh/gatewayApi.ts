import { kubernetesMinor } from "./catalog.ts";
import { compareRevisions } from "./revision.ts";
import type { MeshRevision } from "./revision.ts";

/** A bundle of the Kubernetes Gateway API that AKS installs, in the standard channel. */
interface Bundle {
  /** The first Kubernetes minor version on which AKS installs it. */
  readonly kubernetes: string;
  /** Its version, such as `1.4.1`. */
  readonly version: string;
  /** The API versions that it serves and older bundles do not, by kind. */
  readonly adds: Readonly<Record<string, readonly string[]>>;
}

/**
 * The bundles, oldest first. Newer bundles also serve everything that older ones do.
 *
 * @see https://learn.microsoft.com/azure/aks/managed-gateway-api#supported-kubernetes-versions-for-gateway-api-bundle-versions
 * @see https://github.com/Azure/AKS/pull/5948 for 1.6.1
 * @see https://github.com/kubernetes-sigs/gateway-api/tree/main/config/crd/standard
 */
const BUNDLES: readonly Bundle[] = [
  {
    kubernetes: "1.26",
    version: "1.2.1",
    adds: {
      Gateway: ["v1", "v1beta1"],
      GatewayClass: ["v1", "v1beta1"],
      GRPCRoute: ["v1"],
      HTTPRoute: ["v1", "v1beta1"],
      ReferenceGrant: ["v1beta1"],
    },
  },
  { kubernetes: "1.34", version: "1.3.0", adds: {} },
  { kubernetes: "1.35", version: "1.4.1", adds: { BackendTLSPolicy: ["v1"] } },
  {
    kubernetes: "1.36",
    version: "1.5.1",
    adds: { ListenerSet: ["v1"], ReferenceGrant: ["v1"], TLSRoute: ["v1"] },
  },
  { kubernetes: "1.37", version: "1.6.1", adds: { TCPRoute: ["v1"], UDPRoute: ["v1"] } },
];

/**
 * The version of the Gateway API that AKS installs on a Kubernetes version (`1.36` or `1.36.2`), such as `1.5.1`.
 * Undefined for a malformed version and for one before 1.26. For a version newer than this table, the newest bundle.
 *
 * @see https://learn.microsoft.com/azure/aks/managed-gateway-api
 */
export function managedGatewayApi(kubernetes: string): string | undefined {
  const minor = kubernetesMinor(kubernetes);
  if (minor === undefined) return undefined;
  return BUNDLES.filter((bundle) => (kubernetesMinor(bundle.kubernetes) ?? 0) <= minor).at(-1)
    ?.version;
}

/**
 * The first Kubernetes version (`1.36`) on which AKS serves a kind of the Gateway API in an API version (`v1`);
 * undefined if there is none.
 *
 * @see https://learn.microsoft.com/azure/aks/managed-gateway-api
 */
export function servedFrom(kind: string, apiVersion: string): string | undefined {
  return BUNDLES.find(({ adds }) => adds[kind]?.includes(apiVersion))?.kubernetes;
}

/**
 * The API version of a kind that AKS serves on the most Kubernetes versions; undefined if it serves none.
 *
 * @see https://learn.microsoft.com/azure/aks/managed-gateway-api
 */
export function servedVersion(kind: string): string | undefined {
  return BUNDLES.find(({ adds }) => adds[kind] !== undefined)?.adds[kind]?.[0];
}

/**
 * The first revision whose istiod reads a kind, or accepts a protocol of a listener, without a feature gate: the add-on
 * sets none. `never` means up to Istio 1.31. For ReferenceGrant, istiod reads `v1beta1`, which every bundle serves.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#prerequisites
 * @see https://github.com/istio/istio/blob/release-1.30/pkg/config/schema/gatewayapi/minimumversions.go
 * @see https://github.com/istio/istio/blob/release-1.30/pilot/pkg/config/kube/gateway/conversion.go for `listenerProtocolToIstio`
 */
const READ_FROM = {
  kinds: {
    BackendTLSPolicy: "asm-1-28",
    Gateway: "asm-1-26",
    GRPCRoute: "asm-1-26",
    HTTPRoute: "asm-1-26",
    ListenerSet: "asm-1-30",
    ReferenceGrant: "asm-1-26",
    TCPRoute: "asm-1-31",
    TLSRoute: "asm-1-30",
    UDPRoute: "never",
  },
  protocols: {
    HTTP: "asm-1-26",
    HTTPS: "asm-1-26",
    TCP: "asm-1-31",
    TLS: "asm-1-30",
    UDP: "never",
  },
} as const satisfies Readonly<
  Record<"kinds" | "protocols", Readonly<Record<string, MeshRevision | "never">>>
>;

/**
 * The first revision that reads a kind of the Gateway API, or accepts a protocol of a listener; `never` if none does,
 * undefined for others.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#limitations-and-considerations
 */
export function readFrom(
  what: keyof typeof READ_FROM,
  name: string,
): MeshRevision | "never" | undefined {
  const table: Readonly<Record<string, MeshRevision | "never">> = READ_FROM[what];
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * Whether a revision is at least as new as the one that `readFrom` returns.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#limitations-and-considerations
 */
export function isReadBy(from: MeshRevision | "never", revision: MeshRevision): boolean {
  return from !== "never" && compareRevisions(revision, from) >= 0;
}

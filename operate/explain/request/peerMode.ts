import { valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { ROOT_NAMESPACE, namespaceOf, oldestFirst, placeOf, selectsWorkload } from "./objects.ts";
import type { Party } from "./request.ts";

/** What a workload accepts on a port, and the field that says so. A mode of a later Istio is unknown. */
export interface PeerMode {
  readonly mode: "STRICT" | "PERMISSIVE" | "DISABLE" | "unknown";
  /** Undefined for the default. */
  readonly place: string | undefined;
}

/**
 * The mutual TLS mode of a workload on a port: that of the port, else of the workload's PeerAuthentication, of its
 * namespace's, of the mesh's, else `PERMISSIVE`. UNSET inherits. Of two at one level, the oldest counts.
 *
 * @param port the port of the pod; undefined if it is not known
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/
 * @see https://github.com/istio/istio/blob/master/pilot/pkg/security/authn/policy_applier.go
 */
export function peerModeOf(
  policies: readonly ClusterObject[],
  { namespace = "", labels }: Pick<Party, "namespace" | "labels">,
  port: number | undefined,
): PeerMode {
  const sorted = oldestFirst(policies);
  const hasSelector = (policy: ClusterObject) =>
    Object.keys(valueAt(policy, "spec", "selector", "matchLabels") ?? {}).length > 0;
  const general = (where: string) =>
    sorted.find((policy) => namespaceOf(policy) === where && !hasSelector(policy));
  const own =
    namespace === ROOT_NAMESPACE
      ? undefined
      : sorted.find(
          (policy) =>
            namespaceOf(policy) === namespace &&
            hasSelector(policy) &&
            selectsWorkload(policy, labels, "spec", "selector", "matchLabels"),
        );
  const ofPort =
    own === undefined || port === undefined
      ? undefined
      : modeAt(own, "spec", "portLevelMtls", String(port), "mode");
  return (
    ofPort ??
    [own, namespace === ROOT_NAMESPACE ? undefined : general(namespace), general(ROOT_NAMESPACE)]
      .map((policy) => (policy === undefined ? undefined : modeAt(policy, "spec", "mtls", "mode")))
      .find((mode) => mode !== undefined) ?? { mode: "PERMISSIVE", place: undefined }
  );
}

/** The mode in a field; undefined if it inherits. */
function modeAt(policy: ClusterObject, ...path: readonly string[]): PeerMode | undefined {
  const mode = valueAt(policy, ...path) ?? "UNSET";
  if (mode === "UNSET") return undefined;
  const isKnown = mode === "STRICT" || mode === "PERMISSIVE" || mode === "DISABLE";
  return { mode: isKnown ? mode : "unknown", place: placeOf(policy, path.join(".")) };
}

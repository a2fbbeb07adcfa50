import type { X509Certificate } from "node:crypto";
import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import { textAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import { certificatesIn } from "./certificate.ts";

/**
 * The ConfigMap in which istiod gives each namespace the roots that its proxies trust.
 *
 * @see https://github.com/istio/istio/blob/master/pilot/pkg/serviceregistry/kube/controller/namespacecontroller.go
 */
export const ROOT_CONFIG_MAP = "istio-ca-root-cert";

/** The roots of the mesh, as istiod publishes them in its own namespace; undefined if it has not. Reads ConfigMaps. */
export function meshRoots(state: ClusterState): readonly X509Certificate[] | undefined {
  const own = rootConfigMaps(state).find(
    ({ metadata }) => metadata.namespace === CONTROL_PLANE_NAMESPACE,
  );
  return own === undefined ? undefined : rootsIn(own);
}

export function rootConfigMaps(state: ClusterState): readonly ClusterObject[] {
  return state.all("ConfigMap").filter(({ metadata }) => metadata.name === ROOT_CONFIG_MAP);
}

/** The certificates in such a ConfigMap; undefined if they cannot be parsed. */
export function rootsIn(configMap: ClusterObject): readonly X509Certificate[] | undefined {
  return certificatesIn(textAt(configMap, "data", "root-cert.pem") ?? "");
}

/** Whether two lists have the same certificates, in any order. */
export function sameCertificates(
  these: readonly X509Certificate[],
  those: readonly X509Certificate[],
): boolean {
  const prints = (list: readonly X509Certificate[]) =>
    [...new Set(list.map(({ fingerprint256 }) => fingerprint256))].sort().join();
  return prints(these) === prints(those);
}

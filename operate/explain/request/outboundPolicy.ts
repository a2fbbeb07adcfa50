import { documentsOf } from "../../../manifests/decodeYaml.ts";
import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { textAt } from "../../cluster/clusterObject.ts";
import type { ClusterState } from "../../cluster/clusterState.ts";

/** What proxies do with hosts that they do not know, and the field that says so. */
export interface OutboundPolicy {
  /** `ALLOW_ANY` or `REGISTRY_ONLY`; undefined if it is not known. */
  readonly mode: string | undefined;
  readonly place: string | undefined;
}

/**
 * The policy in the MeshConfig of a revision: that of the add-on's own ConfigMap, else of the user's shared one, else
 * ALLOW_ANY.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-meshconfig
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-OutboundTrafficPolicy
 */
export function outboundPolicyOf(
  state: ClusterState,
  revision: string | undefined,
): OutboundPolicy {
  if (revision === undefined || state.notRead("ConfigMap") !== undefined) {
    return { mode: undefined, place: undefined };
  }
  for (const name of [`istio-${revision}`, `istio-shared-configmap-${revision}`]) {
    const map = state
      .all("ConfigMap")
      .find(
        ({ metadata }) => metadata.name === name && metadata.namespace === CONTROL_PLANE_NAMESPACE,
      );
    const mode = modeIn(textAt(map, "data", "mesh") ?? "");
    if (mode === "") continue;
    const place = `ConfigMap ${CONTROL_PLANE_NAMESPACE}/${name} data.mesh outboundTrafficPolicy.mode`;
    return { mode, place };
  }
  return { mode: "ALLOW_ANY", place: undefined };
}

/** The mode; empty if there is none, and undefined if the text is not valid. */
function modeIn(mesh: string): string | undefined {
  try {
    return textAt(documentsOf(mesh)[0], "outboundTrafficPolicy", "mode") ?? "";
  } catch {
    return undefined;
  }
}

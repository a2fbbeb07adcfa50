import { CONTROL_PLANE_NAMESPACE, sharedConfigMapName } from "../../../mesh/names.ts";
import { isMeshRevision } from "../../../mesh/revision.ts";
import type { MeshRevision } from "../../../mesh/revision.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { kubernetesObjects } from "../kubernetes/objects.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import type { TargetKind } from "../../engine/resource.ts";

const configMaps = kubernetesObjects("core/v1", "ConfigMap");

/** The only key that a control plane reads. */
export const MESH_CONFIG_KEY = "mesh";

const PREFIX = sharedConfigMapName("asm-0-0").slice(0, -"asm-0-0".length);

/** The ConfigMap from which a revision reads the user's MeshConfig, or one with a similar name. */
export interface SharedConfigMap extends KubernetesObject {
  /** The end of its name; unknown if the name is, and the ConfigMap is in the control plane's namespace. */
  readonly revision: string | Unknown;
}

export const sharedConfigMaps: TargetKind<SharedConfigMap> = {
  ...configMaps,
  in: (resource) =>
    configMaps.in(resource).flatMap((configMap) => {
      const revision = revisionOf(configMap);
      return revision === undefined ? [] : [{ ...configMap, revision }];
    }),
};

function revisionOf({ at }: KubernetesObject): string | Unknown | undefined {
  const name = at("metadata", "name").text();
  if (name instanceof Unknown) {
    return at("metadata", "namespace").text() === CONTROL_PLANE_NAMESPACE ? name : undefined;
  }
  // A name without a revision counts as one with an empty revision.
  if (`${name ?? ""}-` === PREFIX) return "";
  return name?.startsWith(PREFIX) === true ? name.slice(PREFIX.length) : undefined;
}

export function isKnownRevision(revision: Read<string>): revision is MeshRevision {
  return typeof revision === "string" && isMeshRevision(revision);
}

import { valueAt } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Translation } from "../report.ts";
import { istioObject } from "./istioObjects.ts";
import { injectionOf } from "./membership.ts";
import type { OsmMesh } from "./osmMesh.ts";

/** The field of the MeshConfig, below `spec`. */
export const EXTERNAL_AUTHORIZATION = "traffic.inboundExternalAuthorization";

const NAME = "external-authorization";

/**
 * Policies in place of an external authorizer, which OSM asks about every HTTP request to a sidecar. What it would refuse is
 * not known here, so they deny everything until somebody lets Istio ask it.
 *
 * @see https://release-v1-2.docs.openservicemesh.io/docs/guides/integrations/external_auth_opa/
 * @see https://istio.io/latest/docs/tasks/security/authorization/authz-custom/
 */
export function externalAuthorizationOf(mesh: OsmMesh): Translation {
  const { config } = mesh;
  const steps = ["spec", ...EXTERNAL_AUTHORIZATION.split(".")];
  const enable = valueAt(config?.object, ...steps, "enable");
  if (config === undefined || enable === undefined || enable === false) {
    return { objects: [], entries: [] };
  }
  const objects = mesh.members
    .filter((name) => injectionOf(mesh, name) !== "none")
    .map((name) => istioObject("AuthorizationPolicy", name, NAME, { action: "DENY", rules: [{}] }));
  const message =
    "Istio asks an external authorizer where an AuthorizationPolicy says so. Until then, policies deny all requests to the pods of the mesh, because nothing knows which of them the authorizer would refuse.";
  const fix = `Add the authorizer to extensionProviders of the shared ConfigMap, which Azure allows without support. Then give the AuthorizationPolicies ${NAME} the action CUSTOM and its name as the provider.`;
  return {
    objects,
    entries: [
      entryOf(config, "untranslated", message, {
        ...{ part: EXTERNAL_AUTHORIZATION, steps, becomes: objects, fix },
      }),
    ],
  };
}

import type { Translation } from "../report.ts";
import { istioObject } from "./istioObjects.ts";
import { injectionOf } from "./membership.ts";
import type { OsmMesh } from "./osmMesh.ts";

/**
 * What OSM does in every namespace of its mesh without being told: pods with a sidecar accept only mutual TLS and, unless
 * the mesh is permissive, deny what no TrafficTarget and no IngressBackend allows.
 *
 * @see https://release-v1-2.docs.openservicemesh.io/docs/guides/traffic_management/permissive_mode/
 */
export function namespacePolicies(mesh: OsmMesh): Translation["objects"] {
  const injected = mesh.members.filter((name) => injectionOf(mesh, name) !== "none");
  return injected.flatMap((name) => [
    istioObject("PeerAuthentication", name, "default", { mtls: { mode: "STRICT" } }),
    ...(mesh.isPermissive ? [] : [istioObject("AuthorizationPolicy", name, "default-deny", {})]),
  ]);
}

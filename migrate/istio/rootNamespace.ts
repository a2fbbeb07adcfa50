import type { Manifest } from "../../manifests/manifest.ts";
import { CONTROL_PLANE_NAMESPACE, INGRESS_NAMESPACE } from "../../mesh/names.ts";
import { isIstioGroup } from "../../mesh/ownIstio.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { blocker, note, set } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { groupOf } from "./kinds.ts";
import { selectsIngress } from "./selectors.ts";
import { isOwnNamespace } from "./world.ts";
import type { World } from "./world.ts";

const ROUTES = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "Gateway"];

/**
 * The namespace of the add-on that takes the place of the own Istio's for an object: the root namespace, or that of the
 * ingress gateways. Undefined if the object stays where it is.
 *
 * @param namespace of the object
 */
export function addonNamespace(
  manifest: Manifest,
  world: World,
  namespace = world.namespaceOf(manifest),
): string | undefined {
  if (namespace === undefined) return undefined;
  const fromRoot = fromMeshRoot(manifest, namespace, world);
  if (fromRoot !== undefined || !isOwnNamespace(namespace, world)) return fromRoot;
  if (isCredential(manifest, world)) return INGRESS_NAMESPACE;
  // Also its patches, which may have no selector.
  if (manifest.kind === "Service" && world.gatewayServices.has(manifest.name ?? "")) {
    return INGRESS_NAMESPACE;
  }
  const group = groupOf(manifest);
  // A Gateway selects pods in all namespaces.
  if (selectsIngress(manifest, world) && manifest.kind !== "Gateway") return INGRESS_NAMESPACE;
  // What is in a namespace of gateways alone may stay there, and is found by its namespace and name.
  if (!world.roots.has(namespace)) return undefined;
  if (group === "gateway.networking.k8s.io" && ROUTES.includes(manifest.kind)) {
    return INGRESS_NAMESPACE;
  }
  if (!isIstioGroup(group) || isMeshWide(manifest)) return undefined;
  return manifest.kind === "Gateway" || isOfGateways(manifest)
    ? INGRESS_NAMESPACE
    : CONTROL_PLANE_NAMESPACE;
}

/** What applies from a root namespace to the whole mesh, also in one without a control plane. */
function fromMeshRoot(manifest: Manifest, namespace: string, world: World): string | undefined {
  if (!world.meshRoots.has(namespace) || !isMeshWide(manifest)) return undefined;
  return selectsIngress(manifest, world) ? INGRESS_NAMESPACE : CONTROL_PLANE_NAMESPACE;
}

/** The kinds that a root namespace gives another meaning than other namespaces. */
const MESH_WIDE: readonly string[] = [
  ...["AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication", "Telemetry"],
  ...["DestinationRule", "EnvoyFilter", "ProxyConfig", "Sidecar", "WasmPlugin"],
];

function isMeshWide(manifest: Manifest): boolean {
  return isIstioGroup(groupOf(manifest)) && MESH_WIDE.includes(manifest.kind);
}

/** Whether a VirtualService routes for gateways. */
function isOfGateways({ kind, object }: Manifest): boolean {
  return (
    kind === "VirtualService" &&
    listAt(object, "spec", "gateways").some((gateway) => gateway !== "mesh")
  );
}

/** A TLS secret of a gateway, or what creates one. The gateway reads it in its own namespace. */
function isCredential({ kind, name = "", object }: Manifest, { credentials }: World): boolean {
  switch (kind) {
    case "Secret":
      return credentials.has(name);
    case "Certificate":
      return credentials.has(textAt(object, "spec", "secretName") ?? "");
    case "ExternalSecret":
      return credentials.has(textAt(object, "spec", "target", "name") ?? name);
    case "SecretProviderClass":
      return listAt(object, "spec", "secretObjects").some((one) =>
        credentials.has(textAt(one, "secretName") ?? ""),
      );
    default:
      return false;
  }
}

/** What becomes of an object in a namespace of the own Istio. */
export function namespaceFindings(manifest: Manifest, world: World): readonly Finding[] {
  const namespace = world.namespaceOf(manifest);
  if (namespace === undefined) return [];
  const target = addonNamespace(manifest, world);
  if (target === undefined) {
    return isOwnNamespace(namespace, world) ? staying(manifest, namespace, world) : [];
  }
  const short = shortHosts(manifest);
  if (short.length > 0) {
    return [
      blocker(
        ["metadata", "namespace"],
        `It belongs to ${target}, where ${short.join(", ")} would be another Service than in ${namespace}.`,
        `Move the Service to a namespace of its own, write its full name, and set the namespace to ${target}.`,
      ),
    ];
  }
  // Otherwise the Kustomize file sets it.
  if (manifest.namespace !== namespace) return [];
  const why =
    target === CONTROL_PLANE_NAMESPACE
      ? "It is the root namespace of the add-on, so what applies to the whole mesh is there."
      : "The add-on's ingress gateways run there, and read their certificates there.";
  return [set(["metadata", "namespace"], namespace, target, why)];
}

/** The hosts of destinations that are names of Services in the object's own namespace. */
function shortHosts({ kind, object }: Manifest): readonly string[] {
  if (kind !== "VirtualService") return [];
  const routes = ["http", "tcp", "tls"].flatMap((protocol) => listAt(object, "spec", protocol));
  const destinations = routes.flatMap((route) => [
    ...listAt(route, "route").map((one) => textAt(one, "destination", "host")),
    textAt(route, "mirror", "host"),
  ]);
  return destinations.filter((host) => host !== undefined).filter((host) => !host.includes("."));
}

const CARRYING = ["Secret", "SealedSecret", "Namespace", "Kustomization", "Component"];

function staying(manifest: Manifest, namespace: string, world: World): readonly Finding[] {
  const { kind, name = "", object } = manifest;
  if (kind === "SealedSecret" && world.credentials.has(name)) {
    return [
      blocker(
        ["metadata", "namespace"],
        `The gateways of the add-on read the secret in ${INGRESS_NAMESPACE}, and a sealed one is bound to its namespace.`,
        `Seal it again for ${INGRESS_NAMESPACE}.`,
      ),
    ];
  }
  if (world.roots.has(namespace) && isMeshWide(manifest)) {
    return [
      blocker(
        ["metadata", "namespace"],
        `It applies only to ${namespace}, because the root namespace of the mesh is ${[...world.meshRoots].join(" or ")}, and the add-on does not use ${namespace}.`,
        `If it is about the gateways, set its namespace to ${INGRESS_NAMESPACE}. If not, give the pods a namespace of their own.`,
      ),
    ];
  }
  const isCluster = kind.startsWith("Cluster");
  if (!world.roots.has(namespace) || CARRYING.includes(kind) || isCluster) return [];
  if (valueAt(object, "metadata", "labels", "istio.io/rev") !== undefined) return [];
  return [
    note(
      ["metadata", "namespace"],
      `It stays in ${namespace}, which the add-on does not use.`,
      "Give it a namespace of its own, and name that where others refer to it.",
    ),
  ];
}

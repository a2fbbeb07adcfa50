import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { CONTROL_PLANE_NAMESPACE, INGRESS_NAMESPACE } from "../../mesh/names.ts";
import { textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { isIstioGroup } from "../../mesh/ownIstio.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, change, note, set } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { identityFindings } from "./identities.ts";
import { groupOf } from "./kinds.ts";
import { PROXY_CONFIG } from "./pods.ts";
import { isOwnNamespace } from "./world.ts";
import type { World } from "./world.ts";

/** A text in an object, with where it is. */
interface Text {
  readonly at: KeyPath;
  readonly text: string;
}

/** What becomes of the texts of an object that refer to the own Istio. */
export function referenceFindings(manifest: Manifest, world: World): readonly Finding[] {
  if (manifest.kind === "CustomResourceDefinition") return [];
  const texts = textsBelow(manifest.object, []).filter(
    ({ at }) => at[0] !== "metadata" && at[0] !== "status",
  );
  const ofIstio = isIstioGroup(groupOf(manifest));
  return texts.flatMap((one) => {
    const found =
      (ofIstio ? inIstio(manifest, one, world) : undefined) ??
      inGatewayApi(manifest, one, world) ??
      inNetworkPolicy(manifest, one, world);
    return found ?? inHosts(manifest, one, world, ofIstio);
  });
}

/** The references of Istio's own fields. */
function inIstio(manifest: Manifest, one: Text, world: World): readonly Finding[] | undefined {
  const { at, text } = one;
  const field = at.findLast((step) => typeof step === "string") ?? "";
  const own = (namespace: string) => isOwnNamespace(namespace, world);
  const [namespace = "", rest] = text.split(/\/(.*)/s);
  switch (field) {
    case "gateways":
      return rest !== undefined && world.roots.has(namespace)
        ? [set(at, text, `${INGRESS_NAMESPACE}/${rest}`, "The Gateway moves to this namespace.")]
        : [];
    case "exportTo":
      return own(text)
        ? [set(at, text, INGRESS_NAMESPACE, "The gateways that see the object run there.")]
        : [];
    case "hosts":
      if (rest === undefined || !own(namespace)) return undefined;
      return manifest.kind === "Sidecar" && rest === "*"
        ? [set(at, text, `${CONTROL_PLANE_NAMESPACE}/*`, "It is the root namespace of the add-on.")]
        : [set(at, text, `${INGRESS_NAMESPACE}/${rest}`, "What routes for gateways moves there.")];
    default:
      return identityFindings(manifest, one, world);
  }
}

/**
 * Routes of the Kubernetes Gateway API attach to Gateways by namespace, and Gateways and ReferenceGrants admit them by
 * theirs.
 */
function inGatewayApi(manifest: Manifest, { at, text }: Text, world: World) {
  if (groupOf(manifest) !== "gateway.networking.k8s.io" || !world.roots.has(text)) return undefined;
  const isParent = at.includes("parentRefs") && at.at(-1) === "namespace";
  const isGrant = manifest.kind === "ReferenceGrant" && at.includes("from");
  const isAllowed = at.includes("allowedRoutes") && isNamespaceName(manifest, at);
  if (isParent) return [set(at, text, INGRESS_NAMESPACE, "The Gateway moves to this namespace.")];
  if (!(isGrant && at.at(-1) === "namespace") && !isAllowed) return undefined;
  return [set(at, text, INGRESS_NAMESPACE, "Its Gateways and routes move to this namespace.")];
}

const NAMESPACE_NAME = "kubernetes.io/metadata.name";

/** Whether a text in a selector is the name of a namespace. */
function isNamespaceName({ object }: Manifest, at: KeyPath): boolean {
  if (at.at(-1) === NAMESPACE_NAME) return true;
  return textAt(valueAt(object, ...at.slice(0, -2)), "key") === NAMESPACE_NAME;
}

/** Traffic comes from the gateways, and goes to the control plane. */
function inNetworkPolicy(manifest: Manifest, { at, text }: Text, world: World) {
  if (manifest.kind !== "NetworkPolicy" || !at.includes("namespaceSelector")) return undefined;
  if (!isOwnNamespace(text, world)) return undefined;
  const target = at.includes("egress") ? CONTROL_PLANE_NAMESPACE : INGRESS_NAMESPACE;
  if (isNamespaceName(manifest, at)) {
    return [set(at, text, target, "The traffic of the mesh has another namespace.")];
  }
  return [
    blocker(
      at,
      `The policy selects the namespace of the self-installed Istio by a label, and the add-on's namespaces may not have it.`,
      `Select ${NAMESPACE_NAME}: ${target}.`,
    ),
  ];
}

/** The names of Services of the own Istio, alone or in addresses, in any object. */
function inHosts(
  manifest: Manifest,
  { at, text }: Text,
  world: World,
  ofIstio: boolean,
): readonly Finding[] {
  return [...world.roots, ...world.gateways.namespaces]
    .filter((namespace, index, all) => all.indexOf(namespace) === index)
    .flatMap((namespace) => {
      const pattern = new RegExp(`(?<![\\w.-])([\\w-]+)\\.${escaped(namespace)}(?![\\w-])`, "g");
      const services = [...new Set([...text.matchAll(pattern)].map(([, service = ""]) => service))];
      // There, it is a field of its own that names the control plane.
      const others = services.filter((one) => at.at(-1) !== PROXY_CONFIG || !isControlPlane(one));
      return others.map((service) => host(manifest, at, { service, namespace }, world, ofIstio));
    });
}

function host(
  manifest: Manifest,
  at: KeyPath,
  { service, namespace }: { readonly service: string; readonly namespace: string },
  world: World,
  ofIstio: boolean,
): Finding {
  const from = `${service}.${namespace}`;
  if (world.gateways.isIngress(service)) {
    const to = `${world.gateways.nameFor(service, manifest)}.${INGRESS_NAMESPACE}`;
    return change(at, [from, to], "The add-on's ingress gateway has another Service.", [
      { do: "replace", path: at, from, to },
    ]);
  }
  if (world.gatewayServices.has(service)) {
    const to = `${service}.${INGRESS_NAMESPACE}`;
    return change(at, [from, to], "The Service moves to this namespace.", [
      { do: "replace", path: at, from, to },
    ]);
  }
  if (isControlPlane(service)) {
    return blocker(
      at,
      `${from} is the control plane of the self-installed Istio.`,
      `The add-on's is istiod-${world.revision}.${CONTROL_PLANE_NAMESPACE}; find out whether the caller still needs it.`,
    );
  }
  const message = `${from} is in the namespace of the self-installed Istio, which the add-on does not use.`;
  const fix = "Give the Service a namespace of its own, and name that.";
  return ofIstio ? blocker(at, message, fix) : note(at, message, fix);
}

function isControlPlane(service: string): boolean {
  return service === "istiod" || service === "istio-pilot";
}

function textsBelow(value: unknown, at: KeyPath): readonly Text[] {
  if (typeof value === "string") return [{ at, text: value }];
  if (Array.isArray(value)) {
    return (value as readonly unknown[]).flatMap((one, index) => textsBelow(one, [...at, index]));
  }
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, one]) => textsBelow(one, [...at, key]));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

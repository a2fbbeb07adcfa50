import { isRecord } from "../../manifests/manifest.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { isIstioGroup } from "../../mesh/ownIstio.ts";
import { textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, note, set } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { roleOf } from "./gateways.ts";
import { groupOf } from "./kinds.ts";
import { egressBlocker } from "./operatorSpec.ts";
import type { World } from "./world.ts";

/** The labels of a gateway's pods that name it. */
const NAMING = ["istio", "app"] as const;

/** Where an object of Istio selects pods; undefined if it selects none. */
function selectorPath({ kind, object }: Manifest): KeyPath | undefined {
  const paths: readonly (readonly string[])[] =
    kind === "Gateway" || kind === "Service"
      ? [["spec", "selector"]]
      : [
          ["spec", "selector", "matchLabels"],
          ["spec", "workloadSelector", "labels"],
        ];
  return paths.find((path) => isRecord(valueAt(object, ...path)));
}

interface NamedGateway {
  readonly at: KeyPath;
  readonly name: string;
}

/** The labels with which an object of Istio selects the pods of a gateway. */
function namedGateways(manifest: Manifest, world: World): readonly NamedGateway[] {
  const path = selectorPath(manifest);
  if (path === undefined || !selectsPods(manifest)) return [];
  const labels = valueAt(manifest.object, ...path);
  if (!isRecord(labels) || selectsOwnWorkload(labels, world)) return [];
  return NAMING.flatMap((label) => {
    const name = labels[label];
    return typeof name === "string" ? [{ at: [...path, label], name }] : [];
  });
}

/** Whether an object may apply to the pods of a gateway: one of Istio, or a Service. */
function selectsPods(manifest: Manifest): boolean {
  return isIstioGroup(groupOf(manifest)) || manifest.kind === "Service";
}

/** Whether the selector matches pods of a workload of the user, which may be a gateway of his own. */
function selectsOwnWorkload(labels: Readonly<Record<string, unknown>>, world: World): boolean {
  return world.podLabels.some((pod) =>
    Object.entries(labels).every(([key, value]) => pod[key] === value),
  );
}

/** Whether an object of Istio applies to the pods of an ingress gateway of the own Istio. */
export function selectsIngress(manifest: Manifest, world: World): boolean {
  return namedGateways(manifest, world).some(
    ({ name }) => world.gateways.isIngress(name) || name.startsWith("aks-istio-ingressgateway-"),
  );
}

/** What becomes of the selectors of gateways. */
export function selectorFindings(manifest: Manifest, world: World): readonly Finding[] {
  const named = namedGateways(manifest, world).filter(({ name }) => !name.startsWith("aks-istio-"));
  const isGateway = manifest.kind === "Gateway";
  const [first] = named;
  if (first === undefined) return isGateway ? unnamed(manifest, world) : [];
  const role = roleOf(first.name);
  if (
    role === "egress" &&
    (isGateway || named.some(({ name }) => name.includes("egressgateway")))
  ) {
    return [egressBlocker(first.at)];
  }
  if (role === "east-west" && isGateway) {
    return [
      blocker(
        first.at,
        "It is about a gateway between clusters, and the add-on does not support meshes of several clusters.",
        "Reach services of other clusters through their ingress gateways, with a ServiceEntry.",
      ),
    ];
  }
  // Only a Gateway selects pods that must be a gateway's.
  const isIngress = named.some(({ name }) => world.gateways.isIngress(name));
  if (!isGateway && !isIngress) return [];
  const [by] = named.filter(({ at }) => at.at(-1) === "istio");
  const target = world.gateways.nameFor((by ?? first).name, manifest);
  return named.map(({ at, name }) =>
    set(at, name, target, "The add-on's ingress gateway has other labels."),
  );
}

/** A Gateway whose selector names no gateway by the labels of Istio's charts. */
function unnamed(manifest: Manifest, world: World): readonly Finding[] {
  const path = selectorPath(manifest);
  if (!isIstioGroup(groupOf(manifest)) || world.isPatch(manifest)) return [];
  if (path === undefined) {
    return [
      blocker(
        ["spec"],
        "The Gateway has no selector, so it applies to every gateway of the mesh.",
        "Select the add-on's gateway: istio: aks-istio-ingressgateway-external or -internal.",
      ),
    ];
  }
  const labels = valueAt(manifest.object, ...path);
  const ofGatewayApi = ["gateway.networking.k8s.io/gateway-name", "istio.io/gateway-name"];
  if (!isRecord(labels) || ofGatewayApi.some((label) => labels[label] !== undefined)) return [];
  if (NAMING.some((label) => textAt(labels, label)?.startsWith("aks-istio-") === true)) return [];
  if (selectsOwnWorkload(labels, world)) {
    return [
      note(
        path,
        "The Gateway selects a gateway that you deploy yourself, which the add-on injects like any pod. Microsoft supports only its own gateways.",
        "Consider an ingress gateway of the add-on, or a Gateway of the Kubernetes Gateway API.",
      ),
    ];
  }
  return [
    blocker(
      path,
      "The Gateway selects pods that none of the manifests create.",
      "Select the add-on's gateway: istio: aks-istio-ingressgateway-external or -internal.",
    ),
  ];
}

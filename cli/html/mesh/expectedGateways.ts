import type { PlannedCluster } from "../../../check/plannedClusters.ts";
import { INGRESS_GATEWAY_KINDS, ingressGatewayName } from "../../../mesh/ingressGateways.ts";
import { textAt } from "../../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { nameOf } from "../../../operate/cluster/kinds.ts";
import { selectsWorkload } from "../../../operate/explain/request/objects.ts";
import { OUTSIDE, partyOf } from "../../../operate/explain/request/parties.ts";
import type { Party } from "../../../operate/explain/request/request.ts";
import { ISTIO_GATEWAY_CLASS } from "../../../operate/verify/gatewayApi.ts";
import { addonGatewayPod, standardGatewayPod } from "./expectedPods.ts";
import type { MeshGateway } from "./mesh.ts";

/** A gateway that will run, with a pod of it if it is for requests from outside. */
export interface ExpectedGateway extends Pick<MeshGateway, "name" | "direction"> {
  readonly party: Party;
}

/**
 * The gateways that will run: those of the add-on that the cluster enables, or if the plan does not say, that Gateways
 * select; and those of the Gateway API.
 */
export function expectedGateways(
  { ingress, egress }: PlannedCluster,
  objects: readonly ClusterObject[],
): readonly ExpectedGateway[] {
  const ofKind = (name: string) =>
    objects.filter(({ apiVersion, kind }) => nameOf(apiVersion, kind) === name);
  const opening = ofKind("networking.istio.io/Gateway");
  const isSelected = (name: string) => {
    const labels = addonGatewayPod(name).metadata.labels ?? {};
    return opening.some(
      (gateway) =>
        textAt(gateway, "spec", "selector", "istio") === name &&
        selectsWorkload(gateway, labels, "spec", "selector"),
    );
  };
  const names = ingress ?? INGRESS_GATEWAY_KINDS.map(ingressGatewayName).filter(isSelected);
  const inbound = (name: string, pod: ClusterObject): ExpectedGateway => {
    const { kind, name: of } = pod.metadata.ownerReferences?.[0] ?? { kind: "Pod", name };
    const workload = { ...pod, kind, metadata: { ...pod.metadata, name: of } };
    return { name, direction: "ingress", party: partyOf(workload, [pod]) };
  };
  return [
    ...names.map((name) => inbound(name, addonGatewayPod(name))),
    ...ofKind("gateway.networking.k8s.io/Gateway")
      .filter((one) => textAt(one, "spec", "gatewayClassName") === ISTIO_GATEWAY_CLASS)
      .map((one) => inbound(one.metadata.name, standardGatewayPod(one))),
    ...(egress ?? []).map((name): ExpectedGateway => ({
      name,
      direction: "egress",
      party: { ...OUTSIDE, label: name },
    })),
  ];
}

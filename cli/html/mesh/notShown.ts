import type { PlannedCluster } from "../../../check/plannedClusters.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { nameOf } from "../../../operate/cluster/kinds.ts";
import type { World } from "../../../operate/explain/request/world.ts";
import { unusedGateways } from "./gatewayHosts.ts";
import type { MeshGateway } from "./mesh.ts";

/** What a picture of the mesh leaves out or assumes, as sentences. */
export function notShown(
  { addon, revisions, ingress, egress }: PlannedCluster,
  objects: readonly ClusterObject[],
  gateways: readonly MeshGateway[],
  world: World,
): readonly string[] {
  const opening = objects.filter(({ apiVersion, kind }) =>
    ["networking.istio.io/Gateway", "gateway.networking.k8s.io/Gateway"].includes(
      nameOf(apiVersion, kind),
    ),
  );
  const unused = unusedGateways(
    opening,
    gateways.flatMap(({ hosts }) => hosts),
  );
  return [
    ...world.unread().map(({ reason }) => `${reason} What depends on it is not shown.`),
    ...(addon === undefined ? ["The plan does not say whether the cluster has the add-on."] : []),
    ...(addon === true && revisions === undefined
      ? [
          "The plan does not say which revisions the cluster runs. Labels that name a revision of the add-on count as served.",
        ]
      : []),
    ...(addon === true && ingress === undefined
      ? [
          "The plan does not say which ingress gateways the cluster has. The picture shows those that Gateways select.",
        ]
      : []),
    ...(egress === undefined || egress.length === 0
      ? []
      : ["What workloads send through egress gateways is not shown."]),
    ...unused.map((label) => `${label} opens no port of a gateway that the picture shows.`),
  ];
}

import { EGRESS_NAMESPACE } from "../../../mesh/names.ts";
import type { AksCluster } from "../azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";

/** An egress gateway of the add-on that is enabled or may be. */
export interface EgressGateway {
  readonly enabled: true | Unknown;
  readonly name: Read<string>;
  readonly namespace: string | Unknown;
  /** The name of its StaticGatewayConfiguration. */
  readonly configuration: Read<string>;
  /** Its place in the cluster's properties. */
  readonly place: Cursor;
}

/** The egress gateways of a cluster, without disabled ones. */
export function egressGateways(cluster: AksCluster): readonly EgressGateway[] | Unknown {
  const gateways = cluster.at("egressGateways").items();
  if (gateways instanceof Unknown) return gateways;
  return (gateways ?? []).flatMap((place): EgressGateway[] => {
    const enabled = place.at("enabled").flag();
    if (enabled !== true && !(enabled instanceof Unknown)) return [];
    const name = place.at("name").text();
    const namespace = place.at("namespace").text() ?? EGRESS_NAMESPACE;
    const configuration = place.at("gatewayConfigurationName").text();
    return [{ enabled, name, namespace, configuration, place }];
  });
}

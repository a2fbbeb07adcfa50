import { INGRESS_GATEWAY_KINDS } from "../../../mesh/ingressGateways.ts";
import { enumerated } from "../azure/armEnumeration.ts";
import type { AksCluster } from "../azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";

/** An ingress gateway of the add-on, as a cluster declares it. */
export interface IngressGateway {
  /** External or Internal, or another value that the program sets. */
  readonly mode: Read<string>;
  /** Whether it is enabled; absent if the program does not say. */
  readonly enabled: Read<boolean>;
  /** Its place in the cluster's properties. */
  readonly place: Cursor;
}

/**
 * The ingress gateways that a cluster declares, enabled or not; none if it omits them.
 *
 * @param properties the inputs or the outputs of the cluster
 */
export function ingressGateways(
  cluster: AksCluster,
  properties: Cursor = cluster.resource.inputs,
): readonly IngressGateway[] | Unknown {
  const mesh = properties.at("serviceMeshProfile");
  if (cluster.provider === "classic") {
    return INGRESS_GATEWAY_KINDS.map((mode) => {
      const place = mesh.at(`${mode.toLowerCase()}IngressGatewayEnabled`);
      return { mode, enabled: place.flag(), place };
    });
  }
  const gateways = mesh.at("istio", "components", "ingressGateways").items();
  if (gateways instanceof Unknown) return gateways;
  return (gateways ?? []).map((place) => ({
    mode: enumerated(place.at("mode"), INGRESS_GATEWAY_KINDS),
    enabled: place.at("enabled").flag(),
    place,
  }));
}

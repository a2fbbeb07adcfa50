import { INGRESS_GATEWAY_KINDS } from "../../../mesh/ingressGateways.ts";
import { enumerated } from "../azure/armEnumeration.ts";
import type { AksCluster } from "../azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";

/** An ingress gateway of the add-on, as a cluster names it. */
export interface IngressGateway {
  /** External or Internal, if the program wrote one of the two. */
  readonly mode: Read<string>;
  /** Whether it is on; absent where the program does not say. */
  readonly enabled: Read<boolean>;
  /** Where it is named. */
  readonly place: Cursor;
}

/**
 * The ingress gateways that a cluster names, whether on or off; none where they are left out.
 *
 * @param properties what the program asks for, or what there is
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

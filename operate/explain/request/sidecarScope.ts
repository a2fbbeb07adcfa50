import { listAt, numberAt, textAt, valueAt } from "../../cluster/clusterObject.ts";
import type { ClusterObject } from "../../cluster/clusterObject.ts";
import { hostCovers } from "./hosts.ts";
import {
  ROOT_NAMESPACE,
  namespaceOf,
  oldestFirst,
  placeOf,
  selectsWorkload,
  textsAt,
} from "./objects.ts";
import type { Party } from "./request.ts";

/** The services that the proxy of a client knows. */
export interface Scope {
  /** The Sidecar that limits them; undefined if none does. */
  readonly sidecar: ClusterObject | undefined;
  /** `Sidecar shop/default spec.egress`, for messages. */
  readonly place: string | undefined;
  readonly includes: (host: string, namespace: string) => boolean;
  /** `ALLOW_ANY` or `REGISTRY_ONLY`; undefined if the Sidecar leaves it to the MeshConfig. */
  readonly outboundMode: string | undefined;
}

const EVERYTHING: Scope = {
  sidecar: undefined,
  place: undefined,
  includes: () => true,
  outboundMode: undefined,
};

/**
 * The scope of a client: of the Sidecar that selects it, else of the one for its namespace, else for the mesh. Gateways
 * have none.
 *
 * @see https://github.com/istio/istio/blob/master/pilot/pkg/model/sidecar.go
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/
 */
export function scopeOf(sidecars: readonly ClusterObject[], client: Party, port: number): Scope {
  const { namespace = "", labels } = client;
  const sorted = oldestFirst(sidecars);
  const hasSelector = (one: ClusterObject) =>
    valueAt(one, "spec", "workloadSelector") !== undefined;
  const sidecar =
    sorted.find(
      (one) =>
        namespaceOf(one) === namespace &&
        hasSelector(one) &&
        selectsWorkload(one, labels, "spec", "workloadSelector", "labels"),
    ) ??
    sorted.find((one) => namespaceOf(one) === namespace && !hasSelector(one)) ??
    sorted.find((one) => namespaceOf(one) === ROOT_NAMESPACE && !hasSelector(one));
  if (sidecar === undefined) return EVERYTHING;
  // The first value of Istio's enumeration is the default of a policy that is written.
  const outboundMode =
    textAt(sidecar, "spec", "outboundTrafficPolicy", "mode") ??
    (valueAt(sidecar, "spec", "outboundTrafficPolicy") === undefined ? undefined : "REGISTRY_ONLY");
  const listeners = listAt(sidecar, "spec", "egress");
  if (listeners.length === 0) return { ...EVERYTHING, sidecar, outboundMode };
  // Only one listener serves a port: the first that is for it, or for all.
  const listener = listeners.find((one) =>
    [undefined, port].includes(numberAt(one, "port", "number")),
  );
  const hosts = textsAt(listener, "hosts");
  return {
    sidecar,
    place: placeOf(sidecar, "spec.egress"),
    outboundMode,
    includes: (host, of) =>
      hosts.some((written) => {
        const slash = written.indexOf("/");
        const [where, pattern] = [written.slice(0, slash), written.slice(slash + 1)];
        const isThere = where === "*" || where === of || (where === "." && of === namespace);
        return isThere && hostCovers(pattern === "*" ? "*" : pattern, host);
      }),
  };
}

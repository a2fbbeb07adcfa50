import type { Violation } from "../core/violation.ts";
import type { Settings } from "../schema.ts";

/** Hosts outside the mesh: the gateway terminates TLS, and uses mutual TLS only to sidecars. */
export function gatewayWarnings({ gateways, namespaces }: Settings): readonly Violation[] {
  return Object.entries(gateways.ingress).flatMap(([kind, gateway]) =>
    Object.entries(gateway?.hosts ?? {})
      .filter(([, { namespace }]) => namespaces[namespace]?.mesh === false)
      .map(([host, { namespace }]) => ({
        steps: ["gateways", "ingress", kind, "hosts", host, "namespace"],
        rule: `${namespace} is outside the mesh: requests for ${host} travel from the gateway to the Service in plain text; set namespaces.${namespace}.mesh to true, or route the host to a namespace in the mesh`,
        hideValue: true,
      })),
  );
}

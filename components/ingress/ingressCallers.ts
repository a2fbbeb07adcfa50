import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { IngressHosts } from "./ingressHosts.ts";

/**
 * Allows a gateway's requests for its hosts in namespaces that refuse what no policy allows. A policy names the host
 * and no workload: which pods answer, and on which port, is known to the Service alone.
 *
 * @param gatewayNamespace is where the gateway's pods run.
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation
 */
export function ingressCallers(
  name: string,
  gatewayNamespace: pulumi.Input<string>,
  hosts: IngressHosts,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] {
  return Object.entries(hosts)
    .filter(([, { namespace }]) => namespace.defaultDeny)
    .map(
      ([host, { namespace }]) =>
        new k8s.apiextensions.CustomResource(
          `${name}-${host}`,
          {
            apiVersion: "security.istio.io/v1",
            kind: "AuthorizationPolicy",
            metadata: { name: `${name}-${host}`, namespace: namespace.namespaceName },
            spec: {
              action: "ALLOW",
              rules: [
                {
                  from: [{ source: { namespaces: [gatewayNamespace] } }],
                  // Clients may name the port as well.
                  to: [{ operation: { hosts: [host, `${host}:*`] } }],
                },
              ],
            },
          },
          opts,
        ),
    );
}

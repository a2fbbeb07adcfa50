import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { IngressHosts } from "./ingressHosts.ts";

/**
 * Allows a gateway's requests for its hosts in namespaces that deny requests by default. The policies select hosts, not
 * workloads, because only the Service knows its pods and ports.
 *
 * @param gatewayNamespace namespace of the gateway's pods
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Operation
 */
export function allowIngressCallers(
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
                  // Clients may include the port.
                  to: [{ operation: { hosts: [host, `${host}:*`] } }],
                },
              ],
            },
          },
          opts,
        ),
    );
}

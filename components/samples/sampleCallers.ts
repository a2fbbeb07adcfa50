import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * Allows the sample's requests in a namespace that denies requests by default: from the ingress gateways to the
 * frontend, and from the frontend to the backend's endpoint.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export function allowSampleCallers(
  sample: string,
  namespace: pulumi.Input<string>,
  gatewayNamespaces: readonly string[],
  opts: pulumi.CustomResourceOptions,
): void {
  const allow = (service: string, rule: object) =>
    new k8s.apiextensions.CustomResource(
      `${sample}-${service}-callers`,
      {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        metadata: { name: service, namespace },
        spec: {
          selector: {
            matchLabels: {
              "app.kubernetes.io/name": service,
              "app.kubernetes.io/part-of": sample,
            },
          },
          action: "ALLOW",
          rules: [rule],
        },
      },
      opts,
    );

  // Without a gateway nothing may call it, and a rule without namespaces would allow every caller.
  if (gatewayNamespaces.length > 0) {
    allow("frontend", {
      from: [{ source: { namespaces: [...gatewayNamespaces] } }],
      to: [{ operation: { ports: ["9898"] } }],
    });
  }
  allow("backend", {
    // Istio treats cluster.local as an alias of the mesh's trust domain.
    from: [
      { source: { principals: [pulumi.interpolate`cluster.local/ns/${namespace}/sa/frontend`] } },
    ],
    to: [{ operation: { ports: ["9898"], methods: ["POST"], paths: ["/echo"] } }],
  });
}

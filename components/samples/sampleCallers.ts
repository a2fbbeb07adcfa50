import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/**
 * The requests that a sample is made for, in a namespace that refuses all others: from the ingress gateways to the
 * frontend, and from there on to what the backend answers.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/
 */
export function sampleCallers(
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

  // Without a gateway there is nobody to call it, and a rule that names no namespace would be no rule.
  if (gatewayNamespaces.length > 0) {
    allow("frontend", {
      from: [{ source: { namespaces: [...gatewayNamespaces] } }],
      to: [{ operation: { ports: ["9898"] } }],
    });
  }
  allow("backend", {
    // Istio takes cluster.local for the trust domain of the mesh, whichever that is.
    from: [
      { source: { principals: [pulumi.interpolate`cluster.local/ns/${namespace}/sa/frontend`] } },
    ],
    to: [{ operation: { ports: ["9898"], methods: ["POST"], paths: ["/echo"] } }],
  });
}

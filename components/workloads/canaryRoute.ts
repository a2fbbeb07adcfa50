import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A route that splits the requests of callers in the mesh between two Services. */
export interface CanaryRouteArgs {
  /** The Service that callers name. */
  readonly service: string;
  readonly canary: string;
  readonly namespace: pulumi.Input<string>;
  /** The port of HTTP or gRPC requests. */
  readonly port: number;
  /** The percentage of requests that go to the canary, from 0 to 100. */
  readonly weight: number;
  /** `HTTPRoute` requires the CRDs of the Gateway API in the cluster. */
  readonly api: "VirtualService" | "HTTPRoute";
}

/**
 * Weights decide for callers that have a sidecar. Others, and the add-on's ingress gateways with a VirtualService of
 * their own, reach only the Service that they name.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/
 * @see https://gateway-api.sigs.k8s.io/mesh/
 */
export function createCanaryRoute(
  name: string,
  args: CanaryRouteArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const { service, canary, namespace, port, weight, api } = args;
  const metadata = { name: service, namespace };
  const shares = [
    { service, weight: 100 - weight },
    { service: canary, weight },
  ];
  return api === "VirtualService"
    ? new k8s.apiextensions.CustomResource(
        `${name}-route`,
        {
          apiVersion: "networking.istio.io/v1",
          kind: "VirtualService",
          metadata,
          spec: {
            hosts: [service],
            http: [
              {
                // Other ports of the Service keep their own protocol, and go to it alone.
                match: [{ port }],
                route: shares.map((share) => ({
                  destination: { host: share.service, port: { number: port } },
                  weight: share.weight,
                })),
              },
            ],
          },
        },
        opts,
      )
    : new k8s.apiextensions.CustomResource(
        `${name}-route`,
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "HTTPRoute",
          metadata,
          spec: {
            parentRefs: [{ group: "", kind: "Service", name: service, port }],
            rules: [
              {
                backendRefs: shares.map((share) => ({
                  name: share.service,
                  port,
                  weight: share.weight,
                })),
              },
            ],
          },
        },
        opts,
      );
}

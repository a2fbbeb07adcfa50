import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const API_VERSION = "networking.istio.io/v1";

/** The protocol of an external host: TLS, which passes through unchanged, or plain HTTP. */
export type EgressProtocol = "TLS" | "HTTP";

/** The port for each protocol on an egress gateway; AKS opens no others. */
const PORTS = { TLS: 443, HTTP: 80 } as const;

export interface EgressRoutesArgs {
  readonly namespace: pulumi.Output<string>;
  /** The protocol of each external host, by host name. */
  readonly hosts: Readonly<Record<string, EgressProtocol>>;
}

/**
 * Routes traffic from the mesh to external hosts through an egress gateway: a `ServiceEntry` registers each host, and a
 * `VirtualService` routes to the gateway first and from there to the host.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress#route-traffic-through-the-istio-egress-gateway
 */
export function createEgressRoutes(
  name: string,
  { namespace, hosts }: EgressRoutesArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const entries = Object.entries(hosts);
  // Istio rejects a Gateway without hosts.
  if (entries.length === 0) return;
  const resource = (resourceName: string, kind: string, spec: object) =>
    new k8s.apiextensions.CustomResource(
      resourceName,
      { apiVersion: API_VERSION, kind, metadata: { name: resourceName, namespace }, spec },
      opts,
    );

  resource(name, "Gateway", {
    // The label that AKS gives a gateway's pods.
    selector: { istio: name },
    servers: (["TLS", "HTTP"] as const).flatMap((protocol) => server(protocol, hosts)),
  });
  const gateway = {
    service: pulumi.interpolate`${name}.${namespace}.svc.cluster.local`,
    resource: pulumi.interpolate`${namespace}/${name}`,
  };
  for (const [host, protocol] of entries) {
    const port = { number: PORTS[protocol], name: protocol.toLowerCase(), protocol };
    resource(`${name}-${host}`, "ServiceEntry", {
      hosts: [host],
      ports: [port],
      location: "MESH_EXTERNAL",
      // The gateway needs DNS resolution to find the host.
      resolution: "DNS",
    });
    resource(`${name}-${host}`, "VirtualService", {
      hosts: [host],
      gateways: ["mesh", gateway.resource],
      [protocol.toLowerCase()]: [
        hop("mesh", gateway.service, host, protocol),
        hop(gateway.resource, host, host, protocol),
      ],
    });
  }
}

/** The gateway's listener for a protocol, if a host uses it. */
function server(protocol: EgressProtocol, hosts: EgressRoutesArgs["hosts"]) {
  const speaking = Object.keys(hosts).filter((host) => hosts[host] === protocol);
  if (speaking.length === 0) return [];
  return [
    {
      port: { number: PORTS[protocol], name: protocol.toLowerCase(), protocol },
      hosts: speaking,
      ...(protocol === "TLS" ? { tls: { mode: "PASSTHROUGH" } } : {}),
    },
  ];
}

/** One of the two hops to a host. */
function hop(
  from: pulumi.Input<string>,
  to: pulumi.Input<string>,
  host: string,
  protocol: EgressProtocol,
) {
  const port = PORTS[protocol];
  return {
    match: [{ gateways: [from], port, ...(protocol === "TLS" ? { sniHosts: [host] } : {}) }],
    route: [{ destination: { host: to, port: { number: port } } }],
  };
}

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const API_VERSION = "networking.istio.io/v1";

/** What a host outside is spoken to in: TLS, which passes as it is, or plain HTTP. */
export type EgressProtocol = "TLS" | "HTTP";

/** The one port for a protocol that AKS opens on an egress gateway. */
const PORTS = { TLS: 443, HTTP: 80 } as const;

export interface EgressRoutesArgs {
  readonly namespace: pulumi.Output<string>;
  /** What each host outside is spoken to in, by its name. */
  readonly hosts: Readonly<Record<string, EgressProtocol>>;
}

/**
 * The way of traffic from everywhere in the mesh to hosts outside by an egress gateway: a `ServiceEntry` that makes a
 * host known, and a `VirtualService` that leads to the gateway first and to the host from there.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-egress#route-traffic-through-the-istio-egress-gateway
 */
export function egressRoutes(
  name: string,
  { namespace, hosts }: EgressRoutesArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const entries = Object.entries(hosts);
  // A gateway without a host is none that Istio takes.
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
      // The only one with which the gateway knows where to go.
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

/** The gateway's listener for a protocol, where a host speaks it. */
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

/** One of the two legs of the way to a host. */
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

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ingressGatewayName } from "../../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import type { IngressHosts } from "./ingressHosts.ts";

const API_VERSION = "networking.istio.io/v1";

export interface IstioIngressArgs {
  readonly kind: IngressGatewayKind;
  readonly hosts: IngressHosts;
  /** The name of each host's certificate secret. */
  readonly secretNames: ReadonlyMap<string, string>;
}

/**
 * Hosts on one of the add-on's gateways, in Istio's own resources: one `Gateway` in the namespace of its secrets, and
 * for each host a `VirtualService` in the namespace of its Service.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-secure-gateway
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/
 */
export function createIstioIngress(
  name: string,
  { kind, hosts, secretNames }: IstioIngressArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  // Istio rejects a Gateway without hosts.
  if (Object.keys(hosts).length === 0) return;
  const bound = (host: string) =>
    pulumi.interpolate`${hosts[host]?.namespace.namespaceName}/${host}`;
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: API_VERSION,
      kind: "Gateway",
      metadata: { name, namespace: INGRESS_NAMESPACE },
      spec: {
        selector: { istio: ingressGatewayName(kind) },
        servers: [
          {
            port: { number: 80, name: "http", protocol: "HTTP" },
            hosts: Object.keys(hosts).map(bound),
            tls: { httpsRedirect: true },
          },
          ...hostsBySecret(secretNames).map(([secretName, secretHosts]) => ({
            port: { number: 443, name: `https-${secretName}`, protocol: "HTTPS" },
            hosts: secretHosts.map(bound),
            tls: { mode: "SIMPLE", credentialName: secretName, minProtocolVersion: "TLSV1_2" },
          })),
        ],
      },
    },
    opts,
  );
  for (const [host, { namespace, service, port }] of Object.entries(hosts)) {
    new k8s.apiextensions.CustomResource(
      `${name}-${host}`,
      {
        apiVersion: API_VERSION,
        kind: "VirtualService",
        metadata: { name: `${name}-${host}`, namespace: namespace.namespaceName },
        spec: {
          hosts: [host],
          gateways: [`${INGRESS_NAMESPACE}/${name}`],
          http: [
            {
              route: [
                {
                  destination: {
                    host: pulumi.interpolate`${service}.${namespace.namespaceName}.svc.cluster.local`,
                    port: { number: port },
                  },
                },
              ],
            },
          ],
        },
      },
      opts,
    );
  }
}

/**
 * Hosts with the same certificate must be in one server: browsers reuse the connection to the first host for the
 * second, and a separate server would not match there.
 *
 * @see https://istio.io/latest/docs/ops/common-problems/network-issues/#404-errors-occur-when-multiple-gateways-configured-with-same-tls-certificate
 */
function hostsBySecret(secretNames: ReadonlyMap<string, string>): [string, string[]][] {
  const grouped = new Map<string, string[]>();
  for (const [host, secretName] of secretNames) {
    grouped.set(secretName, [...(grouped.get(secretName) ?? []), host]);
  }
  return [...grouped];
}

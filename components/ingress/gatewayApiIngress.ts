import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { valueAfter } from "../azure/valueAfter.ts";
import type { GatewayReplicas } from "./gatewayService.ts";
import type { IngressHosts } from "./ingressHosts.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { StatusResource } from "../azure/statusResource.ts";

const API_VERSION = "gateway.networking.k8s.io/v1";

export interface GatewayApiIngressArgs {
  readonly kind: IngressGatewayKind;
  readonly namespace: MeshNamespace;
  readonly hosts: IngressHosts;
  /** The name of each host's certificate secret. */
  readonly secretNames: ReadonlyMap<string, string>;
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
  readonly replicas: GatewayReplicas | undefined;
}

interface GatewayStatus {
  readonly addresses: readonly { readonly value: string }[];
}

/**
 * Hosts on a gateway that Istio creates, in the Kubernetes Gateway API: a `Gateway` of class `istio` with its secrets
 * in the same namespace, and for each host an `HTTPRoute` in the namespace of its Service. It uses the revision of its
 * namespace. Istio's default minimum is TLS 1.2; the API has no field for it.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api
 * @see https://github.com/istio/istio/issues/59470
 */
export function createGatewayApiIngress(
  name: string,
  args: GatewayApiIngressArgs,
  opts: pulumi.CustomResourceOptions,
): StatusResource<GatewayStatus> {
  const { kind, namespace, hosts, replicas } = args;
  const inNamespace = { namespace: namespace.namespaceName };
  const options = replicas === undefined ? undefined : gatewayOptions(name, args, replicas, opts);

  const gateway = new StatusResource<GatewayStatus>(
    name,
    {
      apiVersion: API_VERSION,
      kind: "Gateway",
      metadata: {
        ...inNamespace,
        name,
        labels: namespace.mesh.apply((mesh): Record<string, string> =>
          mesh === "outside" ? {} : { [REVISION_LABEL]: mesh },
        ),
        annotations: { "pulumi.com/waitFor": "condition=Programmed" },
      },
      spec: {
        gatewayClassName: "istio",
        infrastructure: {
          annotations: {
            ...args.annotations,
            ...(kind === "Internal"
              ? { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" }
              : {}),
          },
          ...(options === undefined
            ? {}
            : {
                parametersRef: {
                  group: "",
                  kind: "ConfigMap",
                  name: valueAfter(options, optionsOf(name)),
                },
              }),
        },
        listeners: listeners(args),
      },
    },
    opts,
  );
  const route = (routeName: string, where: object, spec: object) =>
    new k8s.apiextensions.CustomResource(
      routeName,
      {
        apiVersion: API_VERSION,
        kind: "HTTPRoute",
        metadata: { ...where, name: routeName },
        spec,
      },
      opts,
    );
  // Without hostnames: the API allows only 16 per route, and the listener serves only this redirect.
  // https://gateway-api.sigs.k8s.io/reference/spec/#httproutespec
  route(`${name}-redirect`, inNamespace, {
    parentRefs: [{ name, sectionName: "http" }],
    rules: [
      {
        filters: [
          { type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } },
        ],
      },
    ],
  });
  for (const [host, { service, port, ...answering }] of Object.entries(hosts)) {
    route(
      `${name}-${host}`,
      { namespace: answering.namespace.namespaceName },
      {
        parentRefs: [{ ...inNamespace, name, sectionName: host }],
        hostnames: [host],
        rules: [{ backendRefs: [{ name: service, port }] }],
      },
    );
  }
  return gateway;
}

/**
 * A plain HTTP listener for the redirect only, and a listener for each host that accepts routes only from the host's
 * namespace.
 */
function listeners({ hosts, secretNames }: GatewayApiIngressArgs) {
  return [
    {
      name: "http",
      port: 80,
      protocol: "HTTP",
      allowedRoutes: { namespaces: { from: "Same" } },
    },
    ...Object.entries(hosts).map(([host, { namespace }]) => ({
      name: host,
      hostname: host,
      port: 443,
      protocol: "HTTPS",
      tls: { mode: "Terminate", certificateRefs: [{ name: secretNames.get(host) }] },
      allowedRoutes: {
        namespaces: {
          from: "Selector",
          selector: { matchLabels: { "kubernetes.io/metadata.name": namespace.namespaceName } },
        },
      },
    })),
  ];
}

/** The name of the ConfigMap with a gateway's options. */
const optionsOf = (gateway: string): string => `${gateway}-options`;

/** @see https://learn.microsoft.com/azure/aks/istio-gateway-api#configure-settings-for-a-specific-gateway */
function gatewayOptions(
  name: string,
  { namespace }: GatewayApiIngressArgs,
  { minimum: minReplicas, maximum: maxReplicas }: GatewayReplicas,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ConfigMap {
  return new k8s.core.v1.ConfigMap(
    optionsOf(name),
    {
      metadata: { name: optionsOf(name), namespace: namespace.namespaceName },
      data: { horizontalPodAutoscaler: stringify({ spec: { minReplicas, maxReplicas } }) },
    },
    opts,
  );
}

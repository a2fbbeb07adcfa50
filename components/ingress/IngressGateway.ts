import * as pulumi from "@pulumi/pulumi";
import type { GatewayAnnotations } from "../../mesh/gatewayAnnotations.ts";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { CertificateVault } from "./certificateVault.ts";
import { createGatewayApiIngress } from "./gatewayApiIngress.ts";
import { patchGatewayReplicas, patchGatewayService } from "./gatewayService.ts";
import type { ExternalTrafficPolicy, GatewayReplicas } from "./gatewayService.ts";
import { allowIngressCallers } from "./ingressCallers.ts";
import { createIngressSecrets } from "./ingressCertificates.ts";
import type { IngressSecrets } from "./ingressCertificates.ts";
import type { IngressHosts } from "./ingressHosts.ts";
import { createIstioIngress } from "./istioIngress.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { retryUntilAddOnsArrive } from "../azure/retries.ts";
import { createStaticAddress } from "./staticAddress.ts";

export type IngressGatewayArgs = CommonArgs &
  (InternalArgs | ExternalArgs) &
  (IstioArgs | GatewayApiArgs);

interface CommonArgs {
  /** The cluster that it serves. */
  readonly cluster: MeshCluster;
  /**
   * The hosts that it serves over HTTPS; plain HTTP is redirected. May be empty if the routes of the add-on's gateway
   * come from elsewhere, such as Flux.
   */
  readonly hosts: IngressHosts;
  /** The vault of certificates that come from Key Vault. */
  readonly vault?: CertificateVault | undefined;
  /** Annotations for the load balancer; limited to those that AKS keeps on the gateway's Service. */
  readonly annotations?: GatewayAnnotations | undefined;
  /** @default - the AKS default: 2 to 5, at 80 % of the requested CPU */
  readonly replicas?: GatewayReplicas | undefined;
}

interface InternalArgs {
  /** Reachable from the virtual network. */
  readonly kind: "Internal";
}

interface ExternalArgs {
  /** Reachable from the internet. */
  readonly kind: "External";
  /**
   * A public address that survives the gateway and the cluster, in these availability zones.
   *
   * @default - a load balancer address that is released with the Service
   */
  readonly staticIP?: { readonly zones: readonly string[] } | undefined;
}

interface IstioArgs {
  /** The add-on's gateway, which the cluster's `ingressGateways` enables, with routes in Istio's own resources. */
  readonly api: "istio";
  /** The revisions that the cluster runs. AKS runs a gateway for each, and `replicas` applies to each. */
  readonly revisions: readonly MeshRevision[];
  /** @default - the Kubernetes default, `Cluster` */
  readonly externalTrafficPolicy?: ExternalTrafficPolicy | undefined;
}

interface GatewayApiArgs {
  /**
   * A gateway that Istio creates, independent of the cluster's `ingressGateways`, with routes in the Kubernetes Gateway
   * API. Requires the Gateway API CRDs in the cluster: install them with `az aks update --enable-gateway-api`, which
   * Pulumi does not support yet.
   *
   * @see https://learn.microsoft.com/azure/aks/managed-gateway-api
   */
  readonly api: "gateway-api";
  /** Namespace of the gateway's pods and certificates. Read access to its secrets includes the private keys. */
  readonly namespace: MeshNamespace;
}

/**
 * An ingress gateway: its hosts, certificates, routes and load balancer options. It listens on ports 80 and 443, the
 * only ones that AKS opens. Its resources depend on the component's `dependsOn`.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress
 */
export class IngressGateway extends pulumi.ComponentResource {
  /** The IPv4 address of the gateway. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: IngressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, kind, api, hosts, vault } = args;
    super("aks-istio:index:IngressGateway", name, { kind, api, hosts: Object.keys(hosts) }, opts);
    const children = { parent: this, dependsOn: opts?.dependsOn ?? [] };
    // Not for all children: a static address is outside the cluster, and would be left behind and
    // billed.
    const inCluster = {
      ...children,
      deletedWith: cluster.cluster,
      hooks: retryUntilAddOnsArrive(`IngressGateway ${name}`),
    };

    const fixed =
      args.kind === "External" && args.staticIP !== undefined
        ? createStaticAddress(name, cluster, args.staticIP.zones, children)
        : undefined;
    const namespace = args.api === "istio" ? INGRESS_NAMESPACE : args.namespace.namespaceName;
    const secrets = createIngressSecrets(
      name,
      {
        cluster,
        vault,
        namespace,
        certificates: Object.fromEntries(
          Object.entries(hosts).map(([host, { certificate }]) => [host, certificate]),
        ),
      },
      inCluster,
    );
    const parts = {
      secretNames: secrets.names,
      first: [...secrets.sources, ...allowIngressCallers(name, namespace, hosts, inCluster)],
      annotations: { ...args.annotations, ...fixed?.annotations },
    };
    // Without the role for its static address, the load balancer gets no address at all.
    const balanced = pulumi.mergeOptions(inCluster, { dependsOn: fixed?.role ?? [] });
    const given =
      args.api === "istio"
        ? addOnGateway(name, args, parts, balanced)
        : gatewayApiGateway(name, args, parts, balanced);
    this.address = fixed?.ipAddress ?? given;
    this.registerOutputs({ address: this.address });
  }
}

type KindArgs = InternalArgs | ExternalArgs;

interface Parts {
  readonly secretNames: IngressSecrets["names"];
  /** The resources that routes depend on: until they exist, requests would be rejected. */
  readonly first: readonly pulumi.Resource[];
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Configures hosts on the add-on's gateway, and returns its address. */
function addOnGateway(
  name: string,
  { kind, hosts, revisions, replicas, externalTrafficPolicy }: CommonArgs & IstioArgs & KindArgs,
  { secretNames, first, annotations }: Parts,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const service = patchGatewayService(name, { kind, annotations, externalTrafficPolicy }, opts);
  if (replicas !== undefined) patchGatewayReplicas(name, kind, revisions, replicas, opts);
  createIstioIngress(
    name,
    { kind, hosts, secretNames },
    pulumi.mergeOptions(opts, { dependsOn: [service, ...first] }),
  );
  return service.status.apply(({ loadBalancer }) => known(loadBalancer.ingress[0]?.ip));
}

/** Configures hosts on a gateway that Istio creates, and returns its address. */
function gatewayApiGateway(
  name: string,
  { kind, namespace, hosts, replicas }: CommonArgs & GatewayApiArgs & KindArgs,
  { secretNames, first, annotations }: Parts,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const gateway = createGatewayApiIngress(
    name,
    { kind, namespace, hosts, secretNames, annotations, replicas },
    pulumi.mergeOptions(opts, { dependsOn: [...first] }),
  );
  return gateway.status.apply(({ addresses }) => known(addresses[0]?.value));
}

function known(address: string | undefined): string {
  if (address === undefined) {
    throw new Error("The load balancer did not assign an address to the gateway.");
  }
  return address;
}

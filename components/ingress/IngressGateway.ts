import * as pulumi from "@pulumi/pulumi";
import type { GatewayAnnotations } from "../../mesh/gatewayAnnotations.ts";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import type { CertificateVault } from "./certificateVault.ts";
import { gatewayApiIngress } from "./gatewayApiIngress.ts";
import { gatewayReplicas, gatewayService } from "./gatewayService.ts";
import type { ExternalTrafficPolicy, GatewayReplicas } from "./gatewayService.ts";
import { ingressCallers } from "./ingressCallers.ts";
import { ingressCertificates } from "./ingressCertificates.ts";
import type { IngressSecrets } from "./ingressCertificates.ts";
import type { IngressHosts } from "./ingressHosts.ts";
import { istioIngress } from "./istioIngress.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { untilAddOnsArrive } from "../azure/retries.ts";
import { staticAddress } from "./staticAddress.ts";

export type IngressGatewayArgs = CommonArgs &
  (InternalArgs | ExternalArgs) &
  (IstioArgs | GatewayApiArgs);

interface CommonArgs {
  /** The cluster that it is a way into. */
  readonly cluster: MeshCluster;
  /**
   * What it answers for: HTTPS, and for plain HTTP a redirect to that. May be empty where the routes of the add-on's
   * gateway come from elsewhere, such as Flux.
   */
  readonly hosts: IngressHosts;
  /** Where the certificates are that come from Key Vault. */
  readonly vault?: CertificateVault | undefined;
  /** For the load balancer: only what AKS leaves on the gateway's Service. */
  readonly annotations?: GatewayAnnotations | undefined;
  /** @default - AKS', which is from 2 to 5 at 80 % of the CPU that a pod asked for. */
  readonly replicas?: GatewayReplicas | undefined;
}

interface InternalArgs {
  /** Reached from the virtual network. */
  readonly kind: "Internal";
}

interface ExternalArgs {
  /** Reached from everywhere. */
  readonly kind: "External";
  /**
   * Gives it a public address that stays when gateway or cluster go, in these availability zones.
   *
   * @default - An address of the load balancer, which goes with the Service.
   */
  readonly staticIP?: { readonly zones: readonly string[] } | undefined;
}

interface IstioArgs {
  /** The gateway that the cluster has by its `ingressGateways`, with routes in Istio's own resources. */
  readonly api: "istio";
  /** The revisions that the cluster runs: AKS runs a gateway of each, and `replicas` are those of each. */
  readonly revisions: readonly MeshRevision[];
  /** @default - Kubernetes', which is `Cluster`. */
  readonly externalTrafficPolicy?: ExternalTrafficPolicy | undefined;
}

interface GatewayApiArgs {
  /**
   * A gateway that Istio makes, whatever the cluster's `ingressGateways`, with routes of the Kubernetes Gateway API.
   * Their definitions have to be in the cluster: `az aks update --enable-gateway-api` brings them, Pulumi cannot yet.
   *
   * @see https://learn.microsoft.com/azure/aks/managed-gateway-api
   */
  readonly api: "gateway-api";
  /** The gateway's pods and certificates run here; whoever can read secrets here can read their keys. */
  readonly namespace: MeshNamespace;
}

/**
 * A way into the mesh: hosts with their certificates and routes, and what of the load balancer can be chosen. Listens
 * on the ports 80 and 443, the only ones that AKS opens. It comes after what the component depends on.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress
 */
export class IngressGateway extends pulumi.ComponentResource {
  /** The IPv4 address at which it is reached. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: IngressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const { cluster, kind, api, hosts, vault } = args;
    super("aks-istio:index:IngressGateway", name, { kind, api, hosts: Object.keys(hosts) }, opts);
    const children = { parent: this, dependsOn: opts?.dependsOn ?? [] };
    // Not all of it goes with the cluster: an address would be left behind, and paid for.
    const inCluster = {
      ...children,
      deletedWith: cluster.cluster,
      hooks: untilAddOnsArrive(`IngressGateway ${name}`),
    };

    const fixed =
      args.kind === "External" && args.staticIP !== undefined
        ? staticAddress(name, cluster, args.staticIP.zones, children)
        : undefined;
    const namespace = args.api === "istio" ? INGRESS_NAMESPACE : args.namespace.namespaceName;
    const secrets = ingressCertificates(
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
      first: [...secrets.sources, ...ingressCallers(name, namespace, hosts, inCluster)],
      annotations: { ...args.annotations, ...fixed?.annotations },
    };
    // An address that the load balancer may not use keeps it from getting any.
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
  /** What the routes come after: until then a request would be refused. */
  readonly first: readonly pulumi.Resource[];
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Hosts on the gateway of the add-on; gives its address. */
function addOnGateway(
  name: string,
  { kind, hosts, revisions, replicas, externalTrafficPolicy }: CommonArgs & IstioArgs & KindArgs,
  { secretNames, first, annotations }: Parts,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const service = gatewayService(name, { kind, annotations, externalTrafficPolicy }, opts);
  if (replicas !== undefined) gatewayReplicas(name, kind, revisions, replicas, opts);
  istioIngress(
    name,
    { kind, hosts, secretNames },
    pulumi.mergeOptions(opts, { dependsOn: [service, ...first] }),
  );
  return service.status.apply(({ loadBalancer }) => known(loadBalancer.ingress[0]?.ip));
}

/** Hosts on a gateway that Istio makes; gives its address. */
function gatewayApiGateway(
  name: string,
  { kind, namespace, hosts, replicas }: CommonArgs & GatewayApiArgs & KindArgs,
  { secretNames, first, annotations }: Parts,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const gateway = gatewayApiIngress(
    name,
    { kind, namespace, hosts, secretNames, annotations, replicas },
    pulumi.mergeOptions(opts, { dependsOn: [...first] }),
  );
  return gateway.status.apply(({ addresses }) => known(addresses[0]?.value));
}

function known(address: string | undefined): string {
  if (address === undefined) throw new Error("The load balancer has given the gateway no address.");
  return address;
}

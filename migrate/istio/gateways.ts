import type { Manifest } from "../../manifests/manifest.ts";
import { ingressGatewayName } from "../../mesh/ingressGateways.ts";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import { listAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import { chartOf } from "./charts.ts";

/** An ingress gateway of the self-installed Istio. */
export interface OwnGateway {
  /** Value of the label `istio` of its pods: `ingressgateway`. */
  readonly label: string;
  readonly namespace: string | undefined;
  /** What its Service says; undefined if it is neither a public nor an internal load balancer, or unseen. */
  readonly kind: IngressGatewayKind | undefined;
}

/** What a name says of a gateway: whether it is for ingress at all. */
export type GatewayRole = "ingress" | "egress" | "east-west";

/**
 * The name of a gateway without what Istio's charts put around it: `ingressgateway` for the label, for the Service
 * `istio-ingressgateway`, and for its service account.
 */
export function gatewayId(name: string): string {
  return name.replace(/^istio-/, "").replace(/-service-account$/, "");
}

export function roleOf(name: string): GatewayRole {
  if (name.includes("egress")) return "egress";
  return /east-?west|cross-?network/.test(name) ? "east-west" : "ingress";
}

const INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal";

/** The ingress gateways whose Services, or whose settings for an installation, are among the objects. */
export function ownGateways(manifests: readonly Manifest[]): readonly OwnGateway[] {
  return [
    ...ofServices(manifests.filter(({ kind }) => kind === "Service")),
    ...manifests.flatMap((manifest) => [...ofOperator(manifest), ...ofChart(manifest)]),
  ];
}

/** A Service and its patches are one, and a gateway with a load balancer may have other Services, too. */
function ofServices(services: readonly Manifest[]): readonly OwnGateway[] {
  const balanced = services.flatMap((service) => {
    const fellows = services.filter(
      ({ name, namespace }) => name === service.name && namespace === service.namespace,
    );
    const types = fellows.map(({ object }) => textAt(object, "spec", "type"));
    const isBalanced = types.every((type) => type === undefined || type === "LoadBalancer");
    return ofService(service).map((gateway) =>
      isBalanced ? gateway : { ...gateway, kind: undefined },
    );
  });
  const told = new Set(balanced.filter(({ kind }) => kind !== undefined).map(({ label }) => label));
  return balanced.filter(({ label, kind }) => kind !== undefined || !told.has(label));
}

function ofService({ kind, namespace, object }: Manifest): readonly OwnGateway[] {
  if (kind !== "Service") return [];
  const selected = textAt(object, "spec", "selector", "istio");
  const ofAddon = namespace?.startsWith("aks-istio-") ?? selected?.startsWith("aks-istio-");
  if (selected === undefined || ofAddon === true || roleOf(selected) !== "ingress") return [];
  return [
    {
      label: selected,
      namespace,
      kind: kindOf(
        textAt(object, "spec", "type") ?? "ClusterIP",
        valueAt(object, "metadata", "annotations", INTERNAL),
      ),
    },
  ];
}

/** @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/#GatewaySpec */
function ofOperator({ kind, object }: Manifest): readonly OwnGateway[] {
  if (kind !== "IstioOperator") return [];
  return listAt(object, "spec", "components", "ingressGateways").map((gateway) => ({
    label: textAt(gateway, "label", "istio") ?? gatewayId(textAt(gateway, "name") ?? ""),
    namespace: textAt(gateway, "namespace"),
    kind: kindOf(
      textAt(gateway, "k8s", "service", "type") ?? "LoadBalancer",
      valueAt(gateway, "k8s", "serviceAnnotations", INTERNAL),
    ),
  }));
}

/** The chart labels its pods with the name of the release, without the prefix `istio-`. */
function ofChart(manifest: Manifest): readonly OwnGateway[] {
  return chartOf(manifest).flatMap(({ chart, release, targetNamespace, values }) => {
    if (chart !== "gateway" || roleOf(release) !== "ingress") return [];
    return [
      {
        label: textAt(values, "labels", "istio") ?? gatewayId(textAt(values, "name") ?? release),
        namespace: targetNamespace ?? manifest.namespace,
        kind: kindOf(
          textAt(values, "service", "type") ?? "LoadBalancer",
          valueAt(values, "service", "annotations", INTERNAL),
        ),
      },
    ];
  });
}

function kindOf(type: string, internal: unknown): IngressGatewayKind | undefined {
  if (type !== "LoadBalancer") return undefined;
  return String(internal) === "true" ? "Internal" : "External";
}

/** Decides which of the add-on's ingress gateways takes the place of an own one. */
export class GatewayChoice {
  readonly #own: readonly OwnGateway[];
  readonly #chosen: ReadonlyMap<string, IngressGatewayKind>;
  readonly #otherwise: IngressGatewayKind | undefined;
  readonly #undecided = new Map<string, Manifest>();
  readonly #used = new Set<IngressGatewayKind>();

  /**
   * @param chosen by the labels of the own gateways
   * @param otherwise for those whose Service does not tell
   */
  constructor(
    own: readonly OwnGateway[],
    chosen: ReadonlyMap<string, IngressGatewayKind>,
    otherwise: IngressGatewayKind | undefined,
  ) {
    this.#own = own;
    this.#chosen = chosen;
    this.#otherwise = otherwise;
  }

  /** Whether a name is that of an own ingress gateway, or looks like one. */
  isIngress(name: string): boolean {
    const id = gatewayId(name);
    if (name.startsWith("aks-istio-") || roleOf(name) !== "ingress") return false;
    return this.#own.some(({ label }) => gatewayId(label) === id) || /ingress-?gateway/.test(name);
  }

  /** The namespaces of the own gateways whose Services are known. */
  get namespaces(): ReadonlySet<string> {
    return new Set(this.#own.flatMap(({ namespace }) => namespace ?? []));
  }

  /** The names that the service accounts of own gateways may have: that of their Service, or the usual ones. */
  get serviceAccounts(): readonly string[] {
    const ids = this.#own.map(({ label }) => gatewayId(label));
    return [...new Set(["ingressgateway", ...ids])].flatMap((id) => [
      ...[id, `istio-${id}`, `istio-${id}-service-account`],
    ]);
  }

  /** The name of the add-on's gateway for an own one. If nothing decides, the External one, and the question is kept. */
  nameFor(gateway: string, asking: Manifest): string {
    const id = gatewayId(gateway);
    const told = new Set(
      this.#own.filter(({ label }) => gatewayId(label) === id).map(({ kind }) => kind),
    );
    const [only] = told.size === 1 ? told : [];
    const kind = this.#chosen.get(id) ?? only ?? this.#otherwise;
    if (kind === undefined && !this.#undecided.has(id)) this.#undecided.set(id, asking);
    this.#used.add(kind ?? "External");
    return ingressGatewayName(kind ?? "External");
  }

  /** The gateways that nothing decides about, each with the first object that refers to it. */
  get undecided(): ReadonlyMap<string, Manifest> {
    return this.#undecided;
  }

  /** The add-on's gateways that are needed. */
  get used(): readonly IngressGatewayKind[] {
    return [...this.#used].sort();
  }
}

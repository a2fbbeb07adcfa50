import type { Manifest } from "../../manifests/manifest.ts";
import { GATEWAY_PORTS } from "../../mesh/ingressGateways.ts";
import { listAt, numberAt, textAt, valueAt } from "../../operate/cluster/clusterObject.ts";
import type { KeyPath } from "../../yaml/place.ts";
import { blocker, note } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { operatorServiceFindings } from "./gatewayServices.ts";
import { roleOf } from "./gateways.ts";

const PORTS: readonly number[] = Object.values(GATEWAY_PORTS);

/**
 * What is said of the components of an IstioOperator.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/
 */
export function operatorFindings({ object }: Manifest): readonly Finding[] {
  const components = ["spec", "components"] as const;
  const gateways = (list: string) =>
    listAt(object, ...components, list).map((gateway, index) => ({
      gateway,
      at: [...components, list, index] as KeyPath,
    }));
  return [
    ...environment(object, [...components, "pilot", "k8s", "env"]),
    ...(textAt(object, "spec", "profile") === "ambient"
      ? [note(["spec", "profile"], "The add-on does not support ambient mode.", "Use sidecars.")]
      : []),
    ...gateways("ingressGateways").flatMap(({ gateway, at }) => ingress(object, gateway, at)),
    ...gateways("egressGateways")
      .filter(({ gateway }) => valueAt(gateway, "enabled") === true)
      .map(({ at }) => egressBlocker(at)),
    ...overlays(object),
  ];
}

/** What Istio's charts set without being told. */
const USUAL = new Set([
  ...["REVISION", "PILOT_CERT_PROVIDER", "POD_NAME", "POD_NAMESPACE", "SERVICE_ACCOUNT"],
  ...["KUBECONFIG", "CA_TRUSTED_NODE_ACCOUNTS", "PILOT_TRACE_SAMPLING", "PILOT_ENABLE_ANALYSIS"],
  ...["CLUSTER_ID", "GOMEMLIMIT", "GOMAXPROCS", "PLATFORM", "EXTERNAL_ISTIOD", "CA_ADDR"],
]);

/** What is said of the environment of an istiod that is installed as plain manifests, or of a patch of one. */
export function istiodFindings({ kind, object }: Manifest): readonly Finding[] {
  const containers = ["spec", "template", "spec", "containers"] as const;
  if (kind !== "Deployment") return [];
  const at = listAt(object, ...containers).findIndex((one) => textAt(one, "name") === "discovery");
  return at === -1 ? [] : environment(object, [...containers, at, "env"]);
}

function environment(object: unknown, at: KeyPath): readonly Finding[] {
  const names = listAt(object, ...at)
    .map((one) => textAt(one, "name") ?? "")
    .filter((name) => !USUAL.has(name));
  if (names.length === 0) return [];
  return [
    blocker(
      at,
      `The environment of istiod cannot be set: ${names.join(", ")}.`,
      "Find out whether workloads need it: most features of istiod have the default of the revision.",
    ),
  ];
}

function ingress(object: unknown, gateway: unknown, at: KeyPath): readonly Finding[] {
  const name = textAt(gateway, "name") ?? "";
  if (valueAt(gateway, "enabled") === false) return [];
  if (roleOf(name) === "egress") return [egressBlocker(at)];
  if (roleOf(name) === "east-west") {
    return [
      blocker(
        at,
        "It connects clusters, and the add-on does not support meshes of several clusters.",
        "Reach services of other clusters through their ingress gateways, with a ServiceEntry.",
      ),
    ];
  }
  const others = listAt(gateway, "k8s", "service", "ports")
    .map((port) => numberAt(port, "port"))
    .filter((port) => port !== undefined && !PORTS.includes(port));
  return [
    ...(others.length === 0
      ? []
      : [
          note(
            [...at, "k8s", "service", "ports"],
            `The gateway ${name} has the ports ${others.join(", ")}; the add-on's have 80, 443 and 15021.`,
            "For other ports, use a Gateway of the Kubernetes Gateway API, for which Istio deploys a proxy.",
          ),
        ]),
    ...operatorServiceFindings(object, at),
  ];
}

/** @see https://learn.microsoft.com/azure/aks/istio-deploy-egress */
export function egressBlocker(at: KeyPath): Finding {
  return blocker(
    at,
    "It is about an egress gateway. Those of the add-on need a static egress gateway of AKS, and have names of your choice.",
    "Create a gateway node pool and a StaticGatewayConfiguration, run az aks mesh enable-egress-gateway, and select its name with the label istio.",
  );
}

/** Patches of what the operator installs. */
function overlays(object: unknown): readonly Finding[] {
  const components = valueAt(object, "spec", "components") ?? {};
  return Object.entries(components).flatMap(([name, component]) =>
    (Array.isArray(component) ? (component as readonly unknown[]) : [component])
      .flatMap((one) => listAt(one, "k8s", "overlays").length > 0)
      .includes(true)
      ? [
          blocker(
            ["spec", "components", name],
            `k8s.overlays patch what Istio installs for ${name}, and AKS reverts changes to its objects.`,
            "Find out what the patches do, and look for a setting of the add-on that does the same.",
          ),
        ]
      : [],
  );
}

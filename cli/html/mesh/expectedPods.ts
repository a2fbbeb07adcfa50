import { INGRESS_NAMESPACE } from "../../../mesh/names.ts";
import { listAt } from "../../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../../operate/cluster/clusterObject.ts";
import { podSpecOf, templateOf } from "../../../operate/explain/pod/subject.ts";
import { GATEWAY_NAME_LABEL } from "../../../operate/explain/request/selectedPolicies.ts";
import type { Sidecar } from "./mesh.ts";

const READY = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

/** The proxy's container, by which `explain request` knows a pod of the mesh. */
const SIDECAR = { name: "istio-proxy", image: "", args: ["proxy", "sidecar"] };
const ROUTER = { name: "istio-proxy", image: "", args: ["proxy", "router"] };

/** A pod of a workload, once it runs. One is enough: its siblings are alike. */
export function podOf(workload: ClusterObject, sidecar: Sidecar): ClusterObject {
  const { labels, annotations, serviceAccount } = templateOf(workload);
  const { name, namespace = "" } = workload.metadata;
  const { kind } = workload;
  const spec = podSpecOf(workload);
  const containers = listAt(spec, "containers");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace,
      labels,
      annotations,
      ...(kind === "Pod"
        ? {}
        : { ownerReferences: [{ apiVersion: "", kind, name, uid: "", controller: true }] }),
    },
    spec: {
      ...spec,
      serviceAccountName: serviceAccount,
      containers: [...containers, ...(sidecar.outcome === "injected" ? [SIDECAR] : [])],
    },
    status: READY,
  };
}

/**
 * A pod of an ingress gateway that AKS runs for the add-on.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-ingress
 */
export function addonGatewayPod(name: string): ClusterObject {
  return routerPod(name, INGRESS_NAMESPACE, { istio: name, app: name }, name);
}

/**
 * A pod of the gateway that Istio runs for a Gateway of the Gateway API.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 */
export function standardGatewayPod({ metadata }: ClusterObject): ClusterObject {
  const name = `${metadata.name}-istio`;
  return routerPod(name, metadata.namespace ?? "", { [GATEWAY_NAME_LABEL]: metadata.name }, name);
}

function routerPod(
  name: string,
  namespace: string,
  labels: Readonly<Record<string, string>>,
  serviceAccountName: string,
): ClusterObject {
  const owner = { apiVersion: "apps/v1", kind: "Deployment", name, uid: "", controller: true };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels, ownerReferences: [owner] },
    spec: { serviceAccountName, containers: [ROUTER] },
    status: READY,
  };
}

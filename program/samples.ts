import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { SampleWorkload } from "../components/samples/SampleWorkload.ts";
import type { Settings } from "../settings/schema.ts";
import { inCluster } from "./inCluster.ts";
import { ingressNamespaces } from "./gateways.ts";
import { requireNamespace } from "./namespaces.ts";
import type { MeshNamespaces } from "./namespaces.ts";

/** The sample workloads, which the ingress gateways may call. */
export function sampleWorkloads(
  settings: Settings,
  cluster: MeshCluster,
  namespaces: MeshNamespaces,
): readonly SampleWorkload[] {
  const gatewayNamespaces = ingressNamespaces(settings.gateways.ingress);
  return Object.entries(settings.workloads).map(
    ([name, { namespace }]) =>
      new SampleWorkload(
        name,
        { namespace: requireNamespace(namespaces, namespace), gatewayNamespaces },
        inCluster(cluster, settings),
      ),
  );
}

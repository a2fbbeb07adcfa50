import type { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { SampleWorkload } from "../components/samples/SampleWorkload.ts";
import type { Injection } from "../components/workloads/injection.ts";
import type { Settings } from "../settings/schema.ts";
import { inCluster } from "./inCluster.ts";
import { injectedManifests } from "./injectedManifests.ts";
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
  return Object.entries(settings.workloads).map(([name, workload]) => {
    const { proxy, canaryWeight } = workload;
    const namespace = requireNamespace(namespaces, workload.namespace);
    const injection: Injection =
      workload.injection === "manual"
        ? {
            injection: "manual",
            injected: injectedManifests(`workloads.${name}.injected`, workload.injected),
          }
        : { injection: workload.injection };
    return new SampleWorkload(
      name,
      { namespace, gatewayNamespaces, proxy, canaryWeight, ...injection },
      inCluster(cluster, settings),
    );
  });
}

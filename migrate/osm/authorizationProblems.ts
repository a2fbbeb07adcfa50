import type { OsmMesh } from "./osmMesh.ts";
import { selectorOf } from "./selector.ts";
import type { WorkloadPort } from "./services.ts";
import type { TrafficTarget } from "./trafficTargets.ts";
import type { Workload } from "./workloads.ts";

interface Problem {
  readonly why: string;
  readonly fix: string;
}

/** Why a TrafficTarget, or a part of it, has no policy. */
export function problemsOf(
  { destination, missing, ports }: TrafficTarget,
  workloads: readonly Workload[],
  mesh: OsmMesh,
): readonly Problem[] {
  const { namespace, name } = destination;
  const add = (kinds: string) => `Add the manifests: kubectl get ${kinds} -n ${namespace} -o yaml.`;
  const absent = missing.map((one) => ({
    why: `The manifests lack the ${one}.`,
    fix: add("httproutegroups,tcproutes"),
  }));
  if (workloads.length === 0) {
    return [
      ...absent,
      {
        why: `An AuthorizationPolicy selects pods by their labels, and no workload among the manifests runs as the ServiceAccount ${name}.`,
        fix: add("deployments,statefulsets,daemonsets,jobs,cronjobs"),
      },
    ];
  }
  const portsOf = (workload: Workload) => mesh.ports.get(workload) ?? [];
  const ofPods = workloads.flatMap((workload): readonly Problem[] => {
    const selector = selectorOf(workload, mesh);
    if ("conflict" in selector) {
      return [
        {
          why: `No policy can select only the pods of the ${workload.subject}: ${selector.conflict}.`,
          fix: "Give its pods a label of their own.",
        },
      ];
    }
    if (portsOf(workload).length > 0) return [];
    const why = `No Service among the manifests selects the pods of the ${workload.subject}, so its ports are not known.`;
    return [{ why, fix: add("services") }];
  });
  const known = workloads.flatMap(portsOf);
  const unknown = (ports ?? []).filter((port) => !known.some(({ number }) => number === port));
  const both = known.filter(
    ({ number, protocol }) =>
      protocol === "TCP" && isHttp(number, known) && (ports ?? [number]).includes(number),
  );
  return [
    ...absent,
    ...ofPods,
    ...(ofPods.length > 0 ? [] : unknown).map((port) => ({
      why: `No Service among the manifests has the port ${port} of the pods.`,
      fix: add("services"),
    })),
    ...both.map(({ number }) => ({
      why: `One Service says that the port ${number} is HTTP and another says that it is TCP, and Istio knows one protocol for a port of pods.`,
      fix: "Let the pods serve the two protocols on ports of their own.",
    })),
  ];
}

function isHttp(number: number, ports: readonly WorkloadPort[]): boolean {
  return ports.some((port) => port.number === number && port.protocol === "HTTP");
}

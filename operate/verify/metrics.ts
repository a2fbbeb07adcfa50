import { labelOf, textAt } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import { rolloutProblem } from "../cluster/rollout.ts";
import type { Observation } from "../observation.ts";
import { azArguments } from "../azure/azArguments.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { armCluster } from "./observedMesh.ts";
import { listed } from "../wording.ts";

const say = sayings("metrics");

const NAMESPACE = "kube-system";

/** The Deployment that scrapes targets of the whole cluster, and the DaemonSet for those of each node. */
const AGENT = "ama-metrics";
const NODE_AGENT = "ama-metrics-node";

/**
 * Whether the agent of managed Prometheus runs, and is told to scrape the mesh. Whether metrics arrive in the workspace
 * only a query shows, which needs rights on the workspace.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-troubleshoot
 */
export const metrics: Check = {
  name: "metrics",
  kinds: [
    "apps/Deployment",
    "apps/DaemonSet",
    "ConfigMap",
    "azmonitoring.coreos.com/PodMonitor",
    "azmonitoring.coreos.com/ServiceMonitor",
  ],
  judge(mesh) {
    const { state, wanted } = mesh;
    const cluster = armCluster(mesh);
    const agents = [
      ...state.all("apps/Deployment").filter(({ metadata }) => isAgent(metadata, AGENT)),
      ...state.all("apps/DaemonSet").filter(({ metadata }) => isAgent(metadata, NODE_AGENT)),
    ];
    const enabled = cluster?.azureMonitorProfile?.metrics?.enabled;
    const isWanted = wanted?.metrics ?? enabled ?? agents.length > 0;
    if (!isWanted) {
      return [say.passed("managed Prometheus", "It is off, so there are no metrics to check.")];
    }
    if (agents.length === 0) {
      return [
        say.failed(
          `Deployment ${NAMESPACE}/${AGENT}`,
          `The agent of managed Prometheus does not exist${enabled === false ? ": azureMonitorProfile.metrics is not enabled" : ""}.`,
          "Enable managed Prometheus.",
          wanted !== undefined
            ? [`pulumi up --stack ${wanted.stack}`]
            : cluster === undefined
              ? []
              : [`az aks update ${azArguments(cluster)} --enable-azure-monitor-metrics`],
        ),
      ];
    }
    return [
      ...agents.flatMap((agent) => {
        const problem = rolloutProblem(agent);
        return problem === undefined
          ? []
          : [
              say.failed(labelOf(agent), `It ${problem}.`, "Look at its pods and their events.", [
                `kubectl describe ${agent.kind.toLowerCase()} ${agent.metadata.name} --namespace ${NAMESPACE}`,
              ]),
            ];
      }),
      scraping(state),
    ];
  },
};

function isAgent(metadata: { readonly name: string; readonly namespace?: string }, name: string) {
  return metadata.namespace === NAMESPACE && metadata.name === name;
}

/**
 * Whether something makes the agent scrape istiod or proxies.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd
 * @see https://learn.microsoft.com/azure/aks/istio-metrics-managed-prometheus
 */
function scraping(state: ClusterState): Observation {
  const sources = [
    ...state.all("azmonitoring.coreos.com/PodMonitor").filter(mentionsMesh),
    ...state.all("azmonitoring.coreos.com/ServiceMonitor").filter(mentionsMesh),
    ...state
      .all("ConfigMap")
      .filter(
        ({ metadata: { name, namespace } }) => namespace === NAMESPACE && CONFIG_MAPS.has(name),
      )
      .filter((configMap) => {
        const key = CONFIG_MAPS.get(configMap.metadata.name) ?? "";
        return SCRAPES.test(textAt(configMap, "data", key) ?? "");
      }),
  ];
  if (sources.length > 0) {
    return say.passed(
      "scraping of the mesh",
      `${listed(sources.map(labelOf))} ${sources.length === 1 ? "asks" : "ask"} for it. A query of istio_requests_total in the workspace shows whether metrics arrive.`,
    );
  }
  return say.failed(
    "scraping of the mesh",
    "No PodMonitor, ServiceMonitor or scrape configuration asks for the metrics of istiod or proxies.",
    "Create monitors of azmonitoring.coreos.com/v1, as a stack with observability does: https://learn.microsoft.com/azure/azure-monitor/containers/prometheus-metrics-scrape-crd.",
  );
}

/** The ConfigMaps that configure the agent, with the key that can name targets in the mesh. */
const CONFIG_MAPS = new Map([
  ["ama-metrics-prometheus-config", "prometheus-config"],
  ["ama-metrics-settings-configmap", "pod-annotation-based-scraping"],
]);

/** Istio's names, or the annotations that istiod adds to pods. */
const SCRAPES =
  /istio|envoy|prometheus_io_scrape|^\s*podannotationnamespaceregex\s*=\s*["']?[^"'\s]/im;

/** By the ports of istiod and proxies, whose names no other project uses. */
function mentionsMesh(monitor: object): boolean {
  return /"(?:http-envoy-prom|http-monitoring|15090|15020|15014)"|istio/.test(
    JSON.stringify({ ...monitor, metadata: undefined }),
  );
}

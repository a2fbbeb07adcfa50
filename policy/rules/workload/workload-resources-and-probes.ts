import { containersOf } from "../../model/kubernetes/containers.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { isPatch, kubernetesObjects, workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshMembershipOf } from "../../model/istio/meshMembership.ts";
import { probedPorts } from "../../model/kubernetes/probes.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";

/**
 * Ports on which the sidecar itself answers, in any state of the application.
 *
 * @see https://istio.io/latest/docs/ops/deployment/application-requirements/#ports-used-by-istio
 */
const SIDECAR_PORTS: readonly string[] = ["15020", "15021", "15090"];

const config: ConfigSchema<{ readonly probes: readonly string[] }> = {
  probes: {
    type: "array",
    items: { type: "string", enum: ["readinessProbe", "livenessProbe", "startupProbe"] },
    uniqueItems: true,
    default: ["readinessProbe", "livenessProbe"],
    description: "The probes that every container of a workload that serves requests must have.",
  },
};

/** Workloads that run to completion, and need no probes. */
const jobs = kubernetesObjects("batch/v1", "Job", "CronJob");

export const workloadResourcesAndProbes = defineRule({
  name: "workload-resources-and-probes",
  displayName: "Workloads in the mesh have resource requests and probes",
  description:
    "Every container in the mesh requests CPU and memory and limits its memory. Containers that serve requests have probes that reach the application, not its sidecar.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set resources.requests.cpu, resources.requests.memory and resources.limits.memory, and a readinessProbe and a livenessProbe on a port of the application.",
  url: "https://learn.microsoft.com/azure/aks/best-practices-app-cluster-reliability",
  tags: [
    "workload",
    "checkov:CKV_K8S_8",
    "checkov:CKV_K8S_9",
    "checkov:CKV_K8S_10",
    "checkov:CKV_K8S_12",
    "checkov:CKV_K8S_13",
    "Trivy:KSV-0015",
    "Trivy:KSV-0016",
    "Trivy:KSV-0018",
    "AzurePolicy:ContainerResourceRequests",
    "AzurePolicy:ContainerResourceLimits",
    "AzurePolicy:ContainerEnforceProbes",
  ],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  config,
  *check(workload, { config: { probes }, stack }) {
    yield* ifTrue(meshMembershipOf(workload, stack).belongs, () => judged(workload, probes));
  },
});

function* judged(workload: Workload, probes: readonly string[]): Iterable<Finding> {
  const containers = containersOf(workload, "containers");
  if (containers instanceof Unknown) {
    yield containers;
    return;
  }
  for (const container of containers) {
    if (!isPatch(workload)) {
      yield* checkResources(container, workload);
      if (serves(workload)) yield* checkProbes(container, probes);
    }
    yield* checkProbedPorts(container);
  }
}

function* checkResources(container: Cursor, { template }: Workload): Iterable<Finding> {
  const places = [container.at("resources"), template("spec", "resources")];
  const unknown = places
    .flatMap((place) => ["requests", "limits"].map((kind) => place.at(kind).keys()))
    .find((keys) => keys instanceof Unknown);
  if (unknown !== undefined) {
    yield unknown;
    return;
  }
  const has = (...path: string[]) => places.some((place) => place.at(...path).read() !== undefined);
  const missing = [
    // Without a request, Kubernetes requests the limit.
    ...["cpu", "memory"].map((name) => ({
      path: `requests.${name}`,
      met: has("requests", name) || has("limits", name),
    })),
    { path: "limits.memory", met: has("limits", "memory") },
  ].filter(({ met }) => !met);
  if (missing.length === 0) return;
  const paths = missing.map(({ path }) => path).join(" and ");
  yield `${container.at("resources").path} has no ${paths}, so the pod may starve others or be starved. Set the amounts that the container needs.`;
}

function* checkProbes(container: Cursor, probes: readonly string[]): Iterable<Finding> {
  const missing = probes.filter((probe) => container.at(probe).read() === undefined);
  if (missing.length === 0) return;
  yield `${container.path} has no ${missing.join(" and no ")}, so Kubernetes always assumes that it is ready and healthy. Add probes that check the application.`;
}

function* checkProbedPorts(container: Cursor): Iterable<Finding> {
  for (const { place, number } of probedPorts(container)) {
    if (typeof number === "string" && SIDECAR_PORTS.includes(number)) {
      yield `${place.path} points to ${number}, a port of the sidecar, so the probe does not check the application. Probe a port of the container.`;
    }
  }
}

/** Whether a workload runs until it is stopped, and so needs probes. */
function serves({ resource, template }: Workload): boolean {
  if (jobs.matches(resource.type)) return false;
  const policy = template("spec", "restartPolicy").text();
  return policy === undefined || policy === "Always";
}

import type { ManagedCluster } from "@azure/arm-containerservice";
import { kubernetesMinor } from "../../mesh/catalog.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import { resourceGroupOf } from "../azure/managedCluster.ts";
import { readMeshUpgrades, readOfferedRevisions } from "../azure/meshRevisions.ts";
import type { OfferedRevision } from "../../mesh/offeredRevision.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check, Context } from "./check.ts";
import type { Wanted } from "./wanted.ts";

const say = sayings("mesh-revision");

/** Whether the region offers the revisions of the mesh, for the version of Kubernetes, and the cluster may move to them. */
export const meshRevision: Check = {
  name: "mesh-revision",
  run: async (context) => {
    const { azure, wanted } = context;
    if (wanted.revisions === undefined) {
      return [say.passed("mesh", "Its revisions are managed outside of the stack.")];
    }
    const offered = await readOfferedRevisions(azure, wanted.location);
    const cluster = isAnswered(context.cluster) ? context.cluster.value : undefined;
    const running = runningRevisions(cluster);
    return [
      ...wanted.revisions.flatMap((revision) => judgeRevision(revision, wanted, offered, running)),
      ...(await upgrade(context, cluster, running)),
    ];
  },
};

/** @see https://learn.microsoft.com/azure/aks/istio-support-policy#supported-revisions */
export function judgeRevision(
  revision: MeshRevision,
  { location, kubernetesVersion, plan }: Wanted,
  answer: Answer<readonly OfferedRevision[]>,
  running: readonly string[],
): readonly Observation[] {
  if (!isAnswered(answer)) return [say.unchecked(revision, answer)];
  const names = answer.value.map((each) => each.revision).join(", ") || "none";
  const found = answer.value.find((each) => each.revision === revision);
  if (found === undefined) {
    return running.includes(revision)
      ? [
          say.warning(
            revision,
            `The cluster runs it, but ${location} no longer offers it: its support has ended or will end soon.`,
            `Upgrade the mesh to one of ${names} (docs/upgrading.md).`,
          ),
        ]
      : [
          say.failed(
            revision,
            `${location} does not offer it; it offers: ${names}.`,
            "Choose one of these as mesh.revision, or wait until the region has it.",
          ),
        ];
  }
  const versions = found.kubernetes[plan] ?? found.kubernetes["kubernetes"];
  if (versions === undefined) {
    return [
      say.unchecked(revision, {
        reason: `${location} offers it, but does not say with which versions of Kubernetes under ${plan}.`,
        fix: `Run az aks mesh get-revisions --location ${location}.`,
      }),
    ];
  }
  const minor = kubernetesMinor(kubernetesVersion);
  if (versions.some((version) => kubernetesMinor(version) === minor)) {
    return [
      say.passed(revision, `${location} offers it, also for Kubernetes ${kubernetesVersion}.`),
    ];
  }
  const others = answer.value
    .filter(({ kubernetes }) =>
      (kubernetes[plan] ?? kubernetes["kubernetes"] ?? []).some(
        (version) => kubernetesMinor(version) === minor,
      ),
    )
    .map((each) => each.revision);
  return [
    say.failed(
      revision,
      `It does not run on Kubernetes ${kubernetesVersion} under ${plan}, only on ${versions.join(", ")}.`,
      others.length === 0
        ? "Choose one of these versions as cluster.kubernetesVersion."
        : `Choose one of these versions as cluster.kubernetesVersion, or ${others.join(" or ")} as mesh.revision.`,
    ),
  ];
}

async function upgrade(
  context: Context,
  cluster: ManagedCluster | undefined,
  running: readonly string[],
): Promise<readonly Observation[]> {
  const { azure, wanted } = context;
  if (!isAnswered(context.cluster)) {
    const subject = `upgrade to ${wanted.revisions?.join(" and ") ?? ""}`;
    return [say.unchecked(subject, context.cluster)];
  }
  const added = wanted.revisions?.filter((revision) => !running.includes(revision)) ?? [];
  if (cluster === undefined || running.length === 0 || added.length === 0) return [];
  const name = { resourceGroup: resourceGroupOf(cluster), name: cluster.name ?? "" };
  return judgeUpgrade(added, running, await readMeshUpgrades(azure, name));
}

/** Whether the mesh of an existing cluster may move to revisions that it does not run yet. */
export function judgeUpgrade(
  added: readonly MeshRevision[],
  running: readonly string[],
  answer: Answer<OfferedRevision | undefined>,
): readonly Observation[] {
  const subject = `upgrade from ${running.join(" and ")} to ${added.join(" and ")}`;
  if (!isAnswered(answer)) return [say.unchecked(subject, answer)];
  const possible = answer.value?.upgrades ?? [];
  const impossible = added.filter((revision) => !possible.includes(revision));
  if (impossible.length === 0) return [say.passed(subject, "The cluster allows it.")];
  return [
    say.failed(
      subject,
      `The cluster does not allow it. It allows: ${possible.join(", ") || "none"}.`,
      "Upgrade to one of these first, or upgrade Kubernetes (docs/upgrading.md).",
    ),
  ];
}

/** The revisions that a cluster runs; none without a mesh. */
function runningRevisions(cluster: ManagedCluster | undefined): readonly string[] {
  const { mode, istio } = cluster?.serviceMeshProfile ?? {};
  return mode === "Istio" ? (istio?.revisions ?? []) : [];
}

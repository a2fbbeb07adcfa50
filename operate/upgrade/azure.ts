import type { ManagedCluster } from "@azure/arm-containerservice";
import type { MeshRevision } from "../../mesh/revision.ts";
import { isAnswered } from "../azure/answer.ts";
import { azArguments } from "../azure/azArguments.ts";
import type { Observation } from "../observation.ts";
import { listed } from "../wording.ts";
import type { AzureMesh } from "./azureMesh.ts";
import type { Observe, Upgrade, UpgradeCheck } from "./check.ts";

/**
 * Whether Azure runs what the settings say, is done with the last deployment, and offers the target of the upgrade: the
 * dates of the catalog are older than Azure's answer.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export const azure: UpgradeCheck = {
  name: "upgrade-azure",
  kinds: [],
  judge: (upgrade, observe) => {
    if ("reason" in upgrade.azure) {
      const { reason, fix } = upgrade.azure;
      return [observe("unchecked", "Azure", reason, { fix })];
    }
    const { cluster } = upgrade.azure;
    return [
      ...judgeRevisions(upgrade, cluster, observe),
      ...judgeOperation(cluster, observe),
      ...judgeTarget(upgrade, upgrade.azure, observe),
    ];
  },
};

function judgeRevisions(
  { plan }: Upgrade,
  cluster: ManagedCluster,
  observe: Observe,
): readonly Observation[] {
  const subject = `cluster ${cluster.name ?? ""}`;
  const { mode, istio } = cluster.serviceMeshProfile ?? {};
  const running = mode === "Istio" ? (istio?.revisions ?? []) : [];
  const wanted: readonly string[] = plan.revisions;
  const isSame = running.length === wanted.length && wanted.every((one) => running.includes(one));
  const lists = `Azure lists ${running.length === 0 ? "no revision" : listed(running)}`;
  if (isSame) return [observe("passed", subject, `${lists}, as the settings say.`)];
  return [
    observe(
      "failed",
      subject,
      `${lists}, but the settings say that AKS runs ${listed(plan.revisions)}.`,
      {
        fix: "Deploy the settings; if somebody has upgraded the mesh outside the program, correct the settings first.",
      },
    ),
  ];
}

/** Azure refuses a change while another is in progress. */
function judgeOperation(cluster: ManagedCluster, observe: Observe): readonly Observation[] {
  const { name = "", provisioningState: state = "Succeeded" } = cluster;
  if (state === "Succeeded") return [];
  const subject = `cluster ${name}`;
  const message = `Its provisioning state is ${state}.`;
  if (state === "Failed" || state === "Canceled") {
    return [
      observe("failed", subject, message, {
        fix: "Read why in the activity log, and let AKS reconcile the cluster.",
        commands: [`az aks update ${azArguments(cluster)}`],
      }),
    ];
  }
  return [
    observe("failed", subject, message, {
      fix: "Wait until the operation is done.",
      commands: [`az aks wait ${azArguments(cluster)} --updated`],
    }),
  ];
}

function judgeTarget(
  { plan, step, mesh }: Upgrade,
  { cluster, upgrades, offered }: AzureMesh,
  observe: Observe,
): readonly Observation[] {
  const target = step?.leadsTo.settings.upgrade?.to;
  if (target !== undefined && !plan.revisions.includes(target)) {
    return [judgeStart(target, upgrades, cluster, observe)];
  }
  const { upgrade } = mesh.settings;
  return upgrade === undefined || !plan.revisions.includes(upgrade.to)
    ? []
    : [judgeCanary(upgrade.to, offered, observe)];
}

/** Judges a revision that AKS does not run yet. */
function judgeStart(
  target: MeshRevision,
  answer: AzureMesh["upgrades"],
  cluster: ManagedCluster,
  observe: Observe,
): Observation {
  const subject = `upgrade to ${target}`;
  if (!isAnswered(answer)) {
    return observe("unchecked", subject, answer.reason, { fix: answer.fix });
  }
  const possible = answer.value?.upgrades ?? [];
  if (possible.includes(target)) {
    return observe("passed", subject, "Azure offers it to this cluster.");
  }
  const offers = possible.length === 0 ? "nor any other" : `only ${listed(possible)}`;
  return observe("failed", subject, `Azure does not offer it to this cluster, ${offers}.`, {
    fix:
      possible.length === 0
        ? "Upgrade Kubernetes first, or wait until the region has the revision (docs/upgrading.md)."
        : `Choose ${possible.join(" or ")} as the target: go back if this upgrade is prepared already, and start again with --to.`,
    commands: [`az aks mesh get-upgrades ${azArguments(cluster)}`],
  });
}

/** Judges a revision that AKS runs beside the old one. */
function judgeCanary(
  canary: MeshRevision,
  answer: AzureMesh["offered"],
  observe: Observe,
): Observation {
  const subject = `canary ${canary}`;
  if (!isAnswered(answer)) {
    return observe("unchecked", subject, answer.reason, { fix: answer.fix });
  }
  if (answer.value.some(({ revision }) => revision === canary)) {
    return observe("passed", subject, "The region offers it.");
  }
  const newer = answer.value.map(({ revision }) => revision).join(", ") || "none";
  return observe("warning", subject, `The region no longer offers it; it offers: ${newer}.`, {
    fix: "Complete this upgrade, since its control plane runs, and begin the next one at once.",
  });
}

import { catalog, kubernetesStatus, newestKubernetes } from "../../mesh/catalog.ts";
import { kubernetesHasEnded, oldestSupportedKubernetes } from "../../mesh/kubernetesCalendar.ts";
import { previewIsOver } from "../../mesh/previewFeatures.ts";
import { isPrivateRange } from "../../mesh/ranges.ts";
import type { Violation } from "../core/violation.ts";
import type { Settings } from "../schema.ts";
import { AUTHORIZED_RANGES } from "./authorizedRanges.ts";

/** Cluster settings that may be right; only the reader can tell. */
export function clusterWarnings(settings: Settings): readonly Violation[] {
  return [
    ...upgradeChannel(settings),
    ...unknownAddress(settings),
    ...privateRanges(settings),
    ...endedPreviews(settings),
    ...kubernetesVersion(settings),
  ];
}

function upgradeChannel({ cluster }: Settings): readonly Violation[] {
  const { upgradeChannel: channel } = cluster.autoUpgrade;
  if (channel !== "stable" && channel !== "rapid") return [];
  return [
    {
      steps: ["cluster", "autoUpgrade", "upgradeChannel"],
      rule: `${channel} moves the cluster to new Kubernetes versions, which may not support the mesh's revisions, and kubernetesVersion then applies only to new clusters; patch stays on the version`,
      hideValue: true,
    },
  ];
}

/** Nodes in an existing subnet call a public API server from an address that only the owner of the network knows. */
function unknownAddress({ cluster: { apiServer, network } }: Settings): readonly Violation[] {
  const { outboundType, subnets } = network;
  if (apiServer.access !== "public" || apiServer.authorizedIPRanges.length === 0) return [];
  if (subnets === undefined || outboundType === "loadBalancer") return [];
  return [
    {
      steps: AUTHORIZED_RANGES,
      rule: `must include the public address from which subnets.nodes reaches the internet: with ${outboundType}, nodes call the API server from it, and the program does not know it`,
      hideValue: true,
    },
  ];
}

function privateRanges({ cluster: { apiServer } }: Settings): readonly Violation[] {
  if (apiServer.access !== "vnet-integrated") return [];
  return apiServer.authorizedIPRanges.flatMap((range, index): readonly Violation[] =>
    isPrivateRange(range)
      ? [
          {
            steps: [...AUTHORIZED_RANGES, index],
            rule: "is private, but AKS documents only public addresses, and the Azure CLI refuses private ones; use the public address that requests come from",
          },
        ]
      : [],
  );
}

function endedPreviews({ cluster }: Settings): readonly Violation[] {
  return cluster.previewFeatures.flatMap((feature, index): readonly Violation[] => {
    const over = previewIsOver(feature);
    if (over === undefined) return [];
    const rule = `${feature} is no longer needed: ${over}; remove it`;
    return [{ steps: ["cluster", "previewFeatures", index], rule, hideValue: true }];
  });
}

/** A version that is newer than the catalog, or that AKS no longer supports. */
function kubernetesVersion({
  cluster: { kubernetesVersion: version, supportPlan },
  mesh: { revisions },
}: Settings): readonly Violation[] {
  const steps = ["cluster", "kubernetesVersion"];
  if (kubernetesStatus(version) === "newer-than-catalog" && revisions !== "external") {
    const runs = [revisions.revision, ...(revisions.upgrade ? [revisions.upgrade.to] : [])];
    return [
      {
        steps,
        rule: `${version} is newer than ${newestKubernetes()}, the newest version known here, so whether it runs ${runs.join(" and ")} could not be checked; ask Azure: az aks mesh get-revisions`,
        hideValue: true,
      },
    ];
  }
  if (!kubernetesHasEnded(version, supportPlan, catalog.asOf)) return [];
  const oldest = oldestSupportedKubernetes(supportPlan, catalog.asOf);
  const longer =
    supportPlan === "KubernetesOfficial" &&
    !kubernetesHasEnded(version, "AKSLongTermSupport", catalog.asOf);
  const wayOut = `upgrade${oldest === undefined ? "" : ` to ${oldest} or later`}, one minor version at a time${longer ? ", or set supportPlan to AKSLongTermSupport" : ""}`;
  return [
    {
      steps,
      rule: `${version} is out of support under ${supportPlan}, and AKS does not create new clusters with it; ${wayOut}`,
      hideValue: true,
    },
  ];
}

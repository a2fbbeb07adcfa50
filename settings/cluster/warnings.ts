import { previewIsOver } from "../../mesh/previewFeatures.ts";
import { isPrivateRange } from "../../mesh/ranges.ts";
import type { Violation } from "../core/violation.ts";
import type { Settings } from "../schema.ts";
import { AUTHORIZED_RANGES } from "./authorizedRanges.ts";

/** What may be right about a cluster, and what the reader has to know more about than the project does. */
export function clusterWarnings({ cluster }: Settings): readonly Violation[] {
  const { upgradeChannel } = cluster.autoUpgrade;
  const { outboundType, subnets } = cluster.network;
  const { access, authorizedIPRanges } = cluster.apiServer;
  const channel = upgradeChannel === "stable" || upgradeChannel === "rapid";
  const unknownAddress =
    access === "public" &&
    authorizedIPRanges.length > 0 &&
    subnets !== undefined &&
    outboundType !== "loadBalancer";
  return [
    ...(channel
      ? [
          {
            steps: ["cluster", "autoUpgrade", "upgradeChannel"],
            rule: `${upgradeChannel} takes the cluster to new Kubernetes versions, which may run none of the mesh's revisions, and leaves kubernetesVersion to new clusters; patch stays with the version`,
            hideValue: true,
          },
        ]
      : []),
    ...(unknownAddress
      ? [
          {
            steps: AUTHORIZED_RANGES,
            rule: `must include the public address from which subnets.nodes reaches the internet: with ${outboundType}, nodes call the API server from it, and the program does not know it`,
            hideValue: true,
          },
        ]
      : []),
    ...authorizedIPRanges.flatMap((range, index): Violation[] =>
      access === "vnet-integrated" && isPrivateRange(range)
        ? [
            {
              steps: [...AUTHORIZED_RANGES, index],
              rule: "is private, and AKS documents public addresses only: the Azure CLI refuses a private one; name the public address that requests come from",
            },
          ]
        : [],
    ),
    ...cluster.previewFeatures.flatMap((feature, index): Violation[] => {
      const over = previewIsOver(feature);
      const steps = ["cluster", "previewFeatures", index];
      return over === undefined
        ? []
        : [{ steps, rule: `${feature} is no longer needed: ${over}; remove it`, hideValue: true }];
    }),
  ];
}

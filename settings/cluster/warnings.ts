import { previewIsOver } from "../../mesh/previewFeatures.ts";
import { isPrivateRange } from "../../mesh/ranges.ts";
import type { Violation } from "../core/violation.ts";
import type { Settings } from "../schema.ts";
import { AUTHORIZED_RANGES } from "./authorizedRanges.ts";

/** What may be right about a cluster, and what the reader has to know more about than the project does. */
export function clusterWarnings({ cluster }: Settings): readonly Violation[] {
  const { upgradeChannel } = cluster.autoUpgrade;
  const { outboundType, subnets } = cluster.network;
  const { access, authorizedIPRanges = [] } = cluster.apiServer;
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
            rule: `${upgradeChannel} moves the cluster to new Kubernetes versions, which may not support the mesh's revisions, and kubernetesVersion then applies only to new clusters; patch stays on the version`,
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
              rule: "is private, but AKS documents only public addresses, and the Azure CLI refuses private ones; use the public address that requests come from",
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

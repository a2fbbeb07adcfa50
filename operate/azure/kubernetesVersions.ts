import { ask } from "./answer.ts";
import type { Answer } from "./answer.ts";
import type { Azure } from "./azure.ts";
import { containerService } from "./containerService.ts";

/** A minor version of Kubernetes that a region offers. */
export interface OfferedKubernetes {
  /** Such as `1.35`. */
  readonly version: string;
  readonly isPreview: boolean;
  /** The support plans under which it is offered: `KubernetesOfficial`, `AKSLongTermSupport`. */
  readonly plans: readonly string[];
}

/**
 * The versions of Kubernetes that a region offers; what `az aks get-versions` shows.
 *
 * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/list-kubernetes-versions
 */
export function readKubernetesVersions(
  azure: Azure,
  location: string,
): Promise<Answer<readonly OfferedKubernetes[]>> {
  return ask(`the Kubernetes versions of ${location}`, async () => {
    const client = await containerService(azure);
    const { values = [] } = await client.managedClusters.listKubernetesVersions(location);
    return values.map(({ version = "", isPreview = false, capabilities }) => ({
      version,
      isPreview,
      plans: capabilities?.supportPlan ?? [],
    }));
  });
}

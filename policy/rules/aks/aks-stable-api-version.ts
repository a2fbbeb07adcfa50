import { previewRetirement } from "../../../mesh/previewApis.ts";
import type { PreviewRetirement } from "../../../mesh/previewApis.ts";
import type { Day } from "../../../mesh/support.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";

/**
 * A type of the AKS API in a preview version, of azure-native itself or of a local package, such as
 * `azure-native:containerservice/v20251002preview:ManagedCluster`. Fleet Manager has versions of its own.
 */
const PREVIEW =
  /^azure-native(?::containerservice\/|_containerservice_)v(\d{4})(\d{2})(\d{2})preview:(?:containerservice:)?(?!Fleet|UpdateRun|AutoUpgradeProfile)\w+$/;

const previews: TargetKind<Target> = {
  type: "azure-native:containerservice/v20251002preview:ManagedCluster",
  matches: (type) => PREVIEW.test(type),
  in: (resource) => [{ resource, label: resource.inputs.owner }],
};

export const aksStableApiVersion = defineRule({
  name: "aks-stable-api-version",
  displayName: "AKS resources use a stable API version",
  description:
    "Clusters and their parts use a stable version of the AKS API. AKS retires a preview version about a year after its release, and every request with it fails from then on, even one that changes nothing.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Use the types of azure-native without a version, or a package of a stable version: pulumi package add azure-native containerservice <version>. Add an alias for the old type, or Pulumi replaces the cluster. If you need a preview feature, move to the latest preview version every six months.",
  url: "https://learn.microsoft.com/azure/aks/concepts-preview-api-life-cycle",
  tags: ["aks"],
  about: previews,
  unknown: "nothing",
  *check({ resource: { type } }, { stack }) {
    const version = PREVIEW.exec(type)?.slice(1).join("-") ?? "";
    const retirement = previewRetirement(`${version}-preview`);
    if (retirement === undefined) return;
    yield `its type ${type} uses version ${version}-preview of the AKS API, ${describe(retirement, stack.scope.today)} Use a stable version, with an alias for the old type.`;
  },
});

function describe({ day, announced }: PreviewRetirement, today: Day): string {
  if (announced) {
    return today < day
      ? `which AKS retires on ${day}: every request then fails.`
      : `which AKS retired on ${day}: every request fails.`;
  }
  return today < day
    ? `which AKS retires around ${day}, a year after its release: every request then fails.`
    : "which is at least a year old, the age at which AKS retires preview versions: every request may fail.";
}

import { kubernetesMinor } from "./catalog.ts";
import type { SupportPlan } from "./catalog.ts";
import type { Day } from "./support.ts";

/** The last month, `YYYY-MM`, in which AKS supports a Kubernetes minor version under each plan. */
interface SupportEnd {
  readonly version: string;
  readonly KubernetesOfficial: string;
  readonly AKSLongTermSupport: string;
}

/**
 * Read on 2026-08-21 from the page of 2026-08-05; future months are expected dates.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#aks-kubernetes-release-calendar-and-upcoming-versions
 */
const ENDS: readonly SupportEnd[] = [
  { version: "1.29", KubernetesOfficial: "2025-03", AKSLongTermSupport: "2026-04" },
  { version: "1.30", KubernetesOfficial: "2025-08", AKSLongTermSupport: "2026-07" },
  { version: "1.31", KubernetesOfficial: "2025-11", AKSLongTermSupport: "2026-11" },
  { version: "1.32", KubernetesOfficial: "2026-03", AKSLongTermSupport: "2027-03" },
  { version: "1.33", KubernetesOfficial: "2026-07", AKSLongTermSupport: "2027-07" },
  { version: "1.34", KubernetesOfficial: "2026-11", AKSLongTermSupport: "2027-11" },
  { version: "1.35", KubernetesOfficial: "2027-03", AKSLongTermSupport: "2028-03" },
  { version: "1.36", KubernetesOfficial: "2027-06", AKSLongTermSupport: "2028-06" },
  { version: "1.37", KubernetesOfficial: "2027-10", AKSLongTermSupport: "2028-10" },
];

/**
 * Whether AKS support for a Kubernetes version (`1.33` or `1.33.2`) has ended by a day. Versions older than the
 * calendar have ended. False for newer and malformed versions, whose end is unknown.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 */
export function kubernetesHasEnded(version: string, plan: SupportPlan, day: Day): boolean {
  const minor = kubernetesMinor(version);
  const [oldest] = ENDS;
  if (minor === undefined || oldest === undefined) return false;
  if (minor < (kubernetesMinor(oldest.version) ?? 0)) return true;
  const entry = ENDS.find((end) => kubernetesMinor(end.version) === minor);
  return entry !== undefined && entry[plan] < day.slice(0, 7);
}

/** The oldest Kubernetes version that AKS supports on a day. */
export function oldestSupportedKubernetes(plan: SupportPlan, day: Day): string | undefined {
  return ENDS.find((end) => end[plan] >= day.slice(0, 7))?.version;
}

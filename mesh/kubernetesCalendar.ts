import { kubernetesMinor } from "./catalog.ts";
import type { SupportPlan } from "./catalog.ts";
import type { Day } from "./support.ts";

/** The last month, `YYYY-MM`, in which AKS supports a Kubernetes minor version under each plan. */
export interface KubernetesSupport {
  readonly version: string;
  readonly KubernetesOfficial: string;
  readonly AKSLongTermSupport: string;
}

/** The day on which the calendar was read, from the page of 2026-08-05. Later months are expected dates. */
export const CALENDAR_READ: Day = "2026-08-21";

/**
 * The release calendar of AKS.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions#aks-kubernetes-release-calendar-and-upcoming-versions
 */
export const KUBERNETES_CALENDAR: readonly KubernetesSupport[] = [
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

/** The end of AKS support for a Kubernetes version. */
export interface KubernetesEnd {
  /** The last month of support, `YYYY-MM`; undefined if the version is older than the calendar. */
  readonly month: string | undefined;
  /** False if the calendar only expected that month. */
  readonly certain: boolean;
}

/**
 * The end of AKS support for a Kubernetes version (`1.33` or `1.33.2`), if it has passed on a day. Undefined if support
 * continues, and for newer and malformed versions, whose end is unknown.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 */
export function passedEnd(version: string, plan: SupportPlan, day: Day): KubernetesEnd | undefined {
  const minor = kubernetesMinor(version);
  const [oldest] = KUBERNETES_CALENDAR;
  if (minor === undefined || oldest === undefined) return undefined;
  if (minor < (kubernetesMinor(oldest.version) ?? 0)) return { month: undefined, certain: true };
  const month = KUBERNETES_CALENDAR.find((end) => kubernetesMinor(end.version) === minor)?.[plan];
  if (month === undefined || month >= day.slice(0, 7)) return undefined;
  return { month, certain: month < CALENDAR_READ.slice(0, 7) };
}

/**
 * Whether AKS support for a Kubernetes version has ended by a day, as `passedEnd` says.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 */
export function kubernetesHasEnded(version: string, plan: SupportPlan, day: Day): boolean {
  return passedEnd(version, plan, day) !== undefined;
}

/** The oldest Kubernetes version that AKS supports on a day. */
export function oldestSupportedKubernetes(plan: SupportPlan, day: Day): string | undefined {
  return KUBERNETES_CALENDAR.find((end) => end[plan] >= day.slice(0, 7))?.version;
}

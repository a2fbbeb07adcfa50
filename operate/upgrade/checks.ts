import type { KindName } from "../cluster/kinds.ts";
import type { Observation } from "../observation.ts";
import { azure } from "./azure.ts";
import { canaryHealth } from "./canaryHealth.ts";
import type { Observe, Upgrade, UpgradeCheck } from "./check.ts";
import { deployed } from "./deployed.ts";
import { gateways } from "./gateways.ts";
import { interruptions } from "./interruptions.ts";
import { kubernetesVersion } from "./kubernetesVersion.ts";
import { namespaces } from "./namespaces.ts";
import { proxies } from "./proxies.ts";
import { sharedConfigMaps } from "./sharedConfigMaps.ts";
import { tightBudgets } from "./tightBudgets.ts";

/** Every check of what stands in the way of a step. */
export const UPGRADE_CHECKS: readonly UpgradeCheck[] = [
  deployed,
  azure,
  sharedConfigMaps,
  kubernetesVersion,
  canaryHealth,
  proxies,
  namespaces,
  gateways,
  interruptions,
  tightBudgets,
];

/** The kinds of objects that the checks read. */
export const UPGRADE_KINDS: readonly KindName[] = [
  ...new Set(UPGRADE_CHECKS.flatMap(({ kinds }) => kinds)),
];

/** What all checks say of an upgrade. A check whose objects could not be read is unchecked. */
export function upgradeObservations(upgrade: Upgrade): readonly Observation[] {
  return UPGRADE_CHECKS.flatMap(({ name, kinds, judge }) => {
    const observe: Observe = (outcome, subject, message, rest = {}) => ({
      check: name,
      outcome,
      subject,
      message,
      ...rest,
    });
    return upgrade.state.whenRead(name, kinds, () => judge(upgrade, observe));
  });
}

import type { ManagedCluster } from "@azure/arm-containerservice";
import { isAnswered } from "../azure/answer.ts";
import type { Answer } from "../azure/answer.ts";
import { readQuotas } from "../azure/compute.ts";
import type { Quota, VmSize } from "../azure/compute.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import type { Wanted, WantedPool } from "./wanted.ts";

const say = sayings("quota");

/** Whether the quota of vCPUs allows every pool at its maximum. */
export const quota: Check = {
  name: "quota",
  run: async ({ azure, wanted, vmSizes, cluster }) => {
    const subject = `vCPUs in ${wanted.location}`;
    if (!isAnswered(vmSizes)) return [say.unchecked(subject, vmSizes)];
    // Without the cluster, its own nodes would count twice.
    if (!isAnswered(cluster)) return [say.unchecked(subject, cluster)];
    const quotas = await readQuotas(azure, wanted.location);
    return judgeQuota(wanted, vmSizes.value, quotas, cluster.value);
  },
};

/** All vCPUs of a region. */
const ALL = "cores";

/** The surge of the program's pools: a third of the nodes. */
const SURGE = 0.33;

/**
 * Judges the family of each VM size and the whole region.
 *
 * @see https://learn.microsoft.com/azure/quotas/per-vm-quota-requests
 * @see https://learn.microsoft.com/azure/aks/upgrade-aks-node-pools-rolling
 */
export function judgeQuota(
  { location, pools }: Wanted,
  sizes: ReadonlyMap<string, VmSize>,
  answer: Answer<readonly Quota[]>,
  cluster: ManagedCluster | undefined,
): readonly Observation[] {
  if (!isAnswered(answer)) return [say.unchecked(`vCPUs in ${location}`, answer)];
  const sizeOf = (vmSize = "") => sizes.get(vmSize.toLowerCase());
  // A size that the region does not have is the business of another check.
  const known = pools.filter(({ vmSize }) => sizeOf(vmSize) !== undefined);
  const families = new Set(known.flatMap(({ vmSize }) => sizeOf(vmSize)?.family ?? []));
  const uncounted = [
    ...new Set(
      known.map(({ vmSize }) => vmSize).filter((size) => sizeOf(size)?.vCPUs === undefined),
    ),
  ];
  if (uncounted.length > 0) {
    return [
      say.unchecked(`vCPUs in ${location}`, {
        reason: `Azure does not say how many vCPUs ${uncounted.join(" and ")} has.`,
        fix: "Compare the quota with the pools yourself.",
      }),
    ];
  }
  const unknown = new Set(pools.map(({ vmSize }) => vmSize).filter((size) => !sizeOf(size)));
  const except =
    unknown.size === 0 ? "" : `, without ${[...unknown].join(" and ")}, which the region lacks`;
  return [ALL, ...families].flatMap((name) => {
    const counts = (vmSize = "") => name === ALL || sizeOf(vmSize)?.family === name;
    const coresOf = ({ vmSize, maxCount }: WantedPool, share = 1) =>
      Math.ceil(maxCount * share) * (sizeOf(vmSize)?.vCPUs ?? 0);
    const concerned = known.filter(({ vmSize }) => counts(vmSize));
    const needed = concerned.reduce((sum, pool) => sum + coresOf(pool), 0);
    if (needed === 0) return [];
    // Azure upgrades one pool at a time.
    const surge = Math.max(...concerned.map((pool) => coresOf(pool, SURGE)));
    const own = (cluster?.agentPoolProfiles ?? [])
      .filter(({ vmSize }) => counts(vmSize))
      .reduce((sum, { vmSize, count = 0 }) => sum + count * (sizeOf(vmSize)?.vCPUs ?? 0), 0);
    const found = answer.value.find((each) => each.name.toLowerCase() === name.toLowerCase());
    return [judged(name, { needed, surge, own, except }, found, location)];
  });
}

/** Numbers of vCPUs. */
interface Need {
  /** Of all pools at their maximum. */
  readonly needed: number;
  /** In addition during an upgrade. */
  readonly surge: number;
  /** Those that the cluster uses already. */
  readonly own: number;
  /** What is not counted; empty, or a phrase with a comma. */
  readonly except: string;
}

function judged(
  name: string,
  { needed, surge, own, except }: Need,
  found: Quota | undefined,
  location: string,
): Observation {
  if (found === undefined || ![found.limit, found.used].every(Number.isFinite)) {
    return say.unchecked(`${name} in ${location}`, {
      reason: `Azure does not ${found === undefined ? "list" : "say the limit and the use of"} this quota.`,
      fix: `Run az vm list-usage --location ${location} --output table.`,
    });
  }
  const { title, used, limit } = found;
  const free = limit - used + own;
  const subject = `${title} in ${location}`;
  const has = `${free} of ${limit} are free${own === 0 ? "" : `, with the ${own} that the cluster uses`}`;
  const more = (count: number) =>
    `Request ${count} more on the page Quotas of the Azure portal, or lower maxCount.`;
  if (needed > free) {
    return say.failed(
      subject,
      `The pools need ${needed} at their maximum${except}, but ${has}.`,
      more(needed - free),
    );
  }
  if (needed + surge > free) {
    return say.warning(
      subject,
      `The pools need ${needed} at their maximum${except}, and ${has}; an upgrade at the maximum needs ${surge} more for surge nodes.`,
      more(needed + surge - free),
    );
  }
  return say.passed(subject, `The pools need ${needed} at their maximum${except}, and ${has}.`);
}

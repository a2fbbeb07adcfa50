import { grouped } from "./grouped.ts";
import { principalOf } from "./istioObjects.ts";
import type { OsmMesh } from "./osmMesh.ts";
import type { ReadTarget } from "./trafficTargets.ts";
import type { Workload } from "./workloads.ts";

/**
 * The workloads, each after those that it calls, as the TrafficTargets tell, and destinations before all others. Of those
 * that call each other, one is first.
 */
export function serversFirst(
  { workloads }: OsmMesh,
  targets: readonly ReadTarget[],
): readonly Workload[] {
  const read = targets.filter((one) => "destination" in one);
  const calls = read.flatMap(({ sources, destination }) =>
    sources.map((source) => ({ from: principalOf(source), to: principalOf(destination) })),
  );
  const byAccount = grouped(workloads, accountOf);
  const bySender = grouped(calls, ({ from }) => from);
  const ordered: Workload[] = [];
  const begun = new Set<string>();
  const visit = (account: string) => {
    if (begun.has(account)) return;
    begun.add(account);
    for (const { to } of bySender.get(account) ?? []) visit(to);
    ordered.push(...(byAccount.get(account) ?? []));
  };
  for (const { destination } of read) visit(principalOf(destination));
  for (const workload of workloads) visit(accountOf(workload));
  return ordered;
}

function accountOf({ namespace, serviceAccount }: Workload): string {
  return principalOf({ namespace, name: serviceAccount });
}

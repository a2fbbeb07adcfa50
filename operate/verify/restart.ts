import { restartCommand, workloadOf } from "../cluster/workload.ts";
import type { MeshWorkload } from "./meshPods.ts";

/** How the pods of a workload are replaced by new ones. */
export function restartOf({ pods: [{ pod }] }: MeshWorkload): {
  readonly fix: string;
  readonly commands: readonly string[];
} {
  const workload = workloadOf(pod);
  if (workload === undefined) {
    return { fix: "Delete the pod and create it again: nothing else does.", commands: [] };
  }
  const command = restartCommand(workload);
  if (command !== undefined) return { fix: "Restart it.", commands: [command] };
  return {
    fix: `Replace its pods: kubectl cannot restart a ${workload.kind}. Those of a Job end by themselves.`,
    commands: [],
  };
}

import { isObject, isUnknown } from "../../offline/plan/values.ts";
import type { Value } from "../../offline/plan/values.ts";
import type { Match } from "./matches.ts";

const CLUSTER = /^azure-native:containerservice(?:\/[^:]+)?:ManagedCluster$/;

/**
 * What is dangerous about a change of the add-on's revisions on a cluster: a deployment that stops one and starts another
 * leaves the running sidecars without a control plane, while AKS documents only the way over both.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export function revisionStepWarning({ before, after }: Match): string | undefined {
  if (!CLUSTER.test(after.type)) return undefined;
  const [were, are] = [revisionsIn(before.inputs), revisionsIn(after.inputs)];
  const stopped = were.filter((revision) => !are.includes(revision));
  const started = are.filter((revision) => !were.includes(revision));
  if (stopped.length === 0 || started.length === 0) return undefined;
  const [old, next] = [stopped.join(", "), started.join(", ")];
  return `stops ${old} in the deployment that starts ${next}, while pods still have sidecars of ${old}. First deploy both revisions, then move the workloads, and stop ${old} last: https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade`;
}

/** Empty if they are not known, or the cluster does not have the add-on. */
function revisionsIn(inputs: Value): readonly string[] {
  const revisions = fieldOf(fieldOf(fieldOf(inputs, "serviceMeshProfile"), "istio"), "revisions");
  if (!Array.isArray(revisions)) return [];
  const known = revisions.filter(
    (revision): revision is string => typeof revision === "string" && !isUnknown(revision),
  );
  return known.length === revisions.length ? known : [];
}

function fieldOf(value: Value | undefined, key: string): Value | undefined {
  return value !== undefined && isObject(value) ? value[key] : undefined;
}

import type { MeshRevision } from "../../mesh/revision.ts";
import { azArguments } from "../azure/azArguments.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { armRevisions } from "./expectedRevisions.ts";
import { listed } from "../wording.ts";

const say = sayings("mesh-revisions");

/**
 * Whether ARM lists the revisions that the stack wants.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrade
 */
export const meshRevisions: Check = {
  name: "mesh-revisions",
  kinds: [],
  judge(mesh) {
    const { cluster, wanted } = mesh;
    if ("reason" in cluster) return [say.unchecked("revisions", cluster)];
    const subject = `cluster ${cluster.name ?? ""}`;
    const revisions = armRevisions(mesh);
    if (revisions.length === 0) {
      return [
        say.failed(subject, "ARM lists no revision of the mesh.", "Enable the mesh.", [
          wanted === undefined
            ? `az aks mesh enable ${azArguments(cluster)}`
            : `pulumi up --stack ${wanted.stack}`,
        ]),
      ];
    }
    const runs = `ARM lists ${listed(revisions)}`;
    if (wanted?.plan === undefined) return [say.passed(subject, `${runs}.`)];
    const { plan, stack } = wanted;
    const missing = without(plan.revisions, revisions);
    const surplus = without(revisions, plan.revisions);
    const differs = `${runs}, and the stack ${stack} wants ${listed(plan.revisions)}.`;
    if (surplus.length > 0) {
      return [
        say.failed(
          subject,
          differs,
          `Do not deploy the stack before its settings name ${listed(surplus)}, or no pod runs a proxy of it: the deployment would stop its control plane.`,
          [`npx aks-istio upgrade --stack ${stack}`],
        ),
      ];
    }
    return missing.length > 0
      ? [say.failed(subject, differs, "Deploy the stack.", [`pulumi up --stack ${stack}`])]
      : [say.passed(subject, `${runs}, as the stack ${stack} wants.`)];
  },
};

function without(these: readonly MeshRevision[], those: readonly MeshRevision[]) {
  return these.filter((revision) => !those.includes(revision));
}

import { allUseAddon } from "../azure/cluster.ts";
import { namespaceOf } from "../kubernetes/objectNamespace.ts";
import { workloads } from "../kubernetes/objects.ts";
import type { KubernetesObject } from "../kubernetes/objects.ts";
import { services } from "../kubernetes/services.ts";
import { isSystemNamespace } from "../kubernetes/systemNamespaces.ts";
import { meshLabelsOf, meshMembershipOf } from "./meshMembership.ts";
import type { CompleteStack } from "../../engine/completeStack.ts";
import { someOf } from "../../engine/unjudged.ts";
import type { Gap } from "../../engine/unjudged.ts";

/**
 * Workloads and Services on clusters with the add-on whose namespace nothing shows, so the rules take them for objects
 * outside the mesh. Once for all of them: often the namespaces are declared together, elsewhere. A configuration that
 * lists the namespaces of other stacks lists all that are in the mesh.
 */
export function* namespaceGaps(stack: CompleteStack): Iterable<Gap> {
  if (Object.keys(stack.scope.namespaces).length > 0) return;
  const pods = stack
    .declared(workloads)
    .flatMap((one) => workloads.in(one))
    .filter((one) => meshMembershipOf(one, stack).belongs === false);
  const others = stack.declared(services).flatMap((one) => services.in(one));
  const open = [...pods, ...others].filter((one) => isOpen(one, stack));
  const [first] = open;
  if (first === undefined) return;
  const names = new Set(
    open.map((one) => namespaceOf(one, stack).name ?? "that only the deployment names"),
  );
  const many = open.length !== 1;
  const where = `${names.size === 1 ? "namespace" : "namespaces"} ${someOf([...names])}`;
  yield {
    resource: first.resource,
    message: `${someOf(open.map(({ label }) => label))}: the stack does not show the labels of the ${where}, so whether ${many ? "they are" : "it is"} in the mesh is not known, and rules for the mesh do not judge ${many ? "them" : "it"}. Add the Namespace with its labels. If it is declared elsewhere, list the namespaces that are in the mesh as namespaces of mesh-scope in the policy configuration.`,
  };
}

function isOpen(object: KubernetesObject, stack: CompleteStack): boolean {
  const { name } = namespaceOf(object, stack);
  if (name !== undefined && isSystemNamespace(name)) return false;
  if (allUseAddon(stack.clustersOf(object.resource)) !== true) return false;
  return meshLabelsOf(object, stack) === undefined;
}

import type { MeshPlan } from "../mesh/upgrade.ts";
import { at, textAt } from "./azure/access.ts";
import { isOfKind } from "./azure/kinds.ts";
import type { EngineStep } from "./engineEvents.ts";

/** The differences between the changes of a deployment and those of its phase. */
export interface Differences {
  readonly unexpected: readonly EngineStep[];
  /** The changes that did not happen, such as `update Namespace web`. */
  readonly missing: readonly string[];
}

const SHARED_CONFIG_MAP = "istio-shared-configmap-";

/**
 * Compares the changes of a deployment with those between two states of the mesh: the cluster's
 * revisions, their shared ConfigMaps, the labels of namespaces with the pods of their workloads, and Flux's variable.
 * docs/upgrading.md has the table.
 *
 * @param hasMeshConfig Whether the mesh has a configuration; without one, no revision has a ConfigMap.
 */
export function differencesFrom(
  steps: readonly EngineStep[],
  from: MeshPlan,
  to: MeshPlan,
  hasMeshConfig: boolean,
): Differences {
  const expected = expectedSteps(from, to, hasMeshConfig);
  return {
    unexpected: steps.filter(
      (step) => !expected.some(({ is }) => is(step)) && !follows(step, from, to),
    ),
    missing: expected.filter(({ is }) => !steps.some(is)).map(({ title }) => title),
  };
}

interface Expected {
  readonly title: string;
  readonly is: (step: EngineStep) => boolean;
}

function expectedSteps(from: MeshPlan, to: MeshPlan, hasMeshConfig: boolean): readonly Expected[] {
  const revisionsChange = from.revisions.join() !== to.revisions.join();
  const cluster: Expected = {
    title: "update ManagedCluster",
    is: (step) =>
      isOfKind(step.type, "containerservice:ManagedCluster") &&
      updatesOnly(step, /^serviceMeshProfile\.istio\.revisions(\[|$)/),
  };
  const configMap = (operation: string, revision: string): Expected => ({
    title: `${operation} ConfigMap ${SHARED_CONFIG_MAP}${revision}`,
    is: (step) =>
      step.operation === operation &&
      step.type.endsWith(":ConfigMap") &&
      textAt(step.inputs, "metadata", "name") === SHARED_CONFIG_MAP + revision,
  });
  const namespace = (name: string): Expected => ({
    title: `update Namespace ${name}`,
    is: (step) =>
      step.type.endsWith(":Namespace") &&
      textAt(step.inputs, "metadata", "name") === name &&
      updatesOnly(step, /^metadata\.labels(\["istio\.io\/rev"\])?$/),
  });
  const without = (some: readonly string[], others: readonly string[]) =>
    hasMeshConfig ? some.filter((each) => !others.includes(each)) : [];
  return [
    ...(revisionsChange ? [cluster] : []),
    ...without(to.configMaps, from.configMaps).map((each) => configMap("create", each)),
    ...without(from.configMaps, to.configMaps).map((each) => configMap("delete", each)),
    ...Object.keys(to.labels)
      .filter((name) => from.labels[name] !== to.labels[name])
      .map(namespace),
  ];
}

/** Whether a step results from a label or from the revision that Flux substitutes. */
function follows(step: EngineStep, from: MeshPlan, to: MeshPlan): boolean {
  if (isOfKind(step.type, "kubernetesconfiguration:FluxConfiguration")) {
    return (
      from.defaultLabel !== to.defaultLabel &&
      updatesOnly(step, /^kustomizations\..+\.postBuild\.substitute\.mesh_revision$/)
    );
  }
  if (at(step.inputs, "spec", "template") === undefined) return false;
  const namespace = textAt(step.inputs, "metadata", "namespace");
  return (
    from.labels[namespace] !== to.labels[namespace] &&
    updatesOnly(step, /^spec\.template\.metadata\.(labels|annotations)(\W|$)/)
  );
}

function updatesOnly({ operation, properties }: EngineStep, allowed: RegExp): boolean {
  return (
    operation === "update" &&
    properties.length > 0 &&
    properties.every((property) => allowed.test(property))
  );
}

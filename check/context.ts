import type { StackNode } from "../policy/engine/completeStack.ts";
import { clusters } from "../policy/model/azure/cluster.ts";
import { knownProps } from "./knownProps.ts";

/** A resource of a plan. Unknown values are unknown texts. */
export interface PlannedPart {
  readonly urn: string;
  readonly type: string;
  readonly inputs: object;
  readonly parent?: string | undefined;
  /** `<urn>::<id>`. */
  readonly provider?: string | undefined;
  readonly dependencies?: readonly string[] | undefined;
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The resources of a plan, with their relations, as the rules see those of a stack. */
export function contextOf(parts: readonly PlannedPart[]): readonly StackNode[] {
  const nodes = new Map<string, Related>();
  for (const { urn, type, inputs } of parts) {
    const name = urn.split("::").slice(3).join("::");
    const props = knownProps(inputs);
    nodes.set(urn, { type, urn, name, props, dependencies: [], propertyDependencies: {} });
  }
  const related = (urns: readonly string[] = []): readonly StackNode[] =>
    urns.flatMap((urn) => nodes.get(urn) ?? []);
  for (const { urn, parent = "", provider = "", dependencies, propertyDependencies } of parts) {
    const node = nodes.get(urn);
    if (node === undefined) continue;
    const [parentNode] = related([parent]);
    const [providerNode] = related([provider.slice(0, Math.max(0, provider.lastIndexOf("::")))]);
    if (parentNode !== undefined) node.parent = parentNode;
    if (providerNode !== undefined) node.provider = providerNode;
    node.dependencies = related(dependencies);
    node.propertyDependencies = Object.fromEntries(
      Object.entries(propertyDependencies ?? {}).map(([key, urns]) => [key, related(urns)]),
    );
  }
  return [...nodes.values()];
}

/** A node while its relations are set. */
type Related = { -readonly [Key in keyof StackNode]: StackNode[Key] };

/** Whether a plan contains a cluster whose mesh decides. */
export function hasCluster(nodes: readonly StackNode[]): boolean {
  return nodes.some(({ type }) => clusters.matches(type));
}

import { identityOf } from "../manifests/manifest.ts";
import type { Manifest } from "../manifests/manifest.ts";
import { typeToken } from "../manifests/objects.ts";
import type { StackNode } from "../policy/engine/completeStack.ts";
import { knownProps } from "./knownProps.ts";

/** An object of a manifest with the resource that the rules judge. */
export interface Judged {
  readonly manifest: Manifest;
  readonly node: StackNode;
}

/**
 * The resources that a Pulumi program would declare for the objects. Their names are those in the cluster, with the
 * namespace: exceptions refer to `kubernetes:apps/v1:Deployment::shop/cart`.
 */
export function resourcesFor(manifests: readonly Manifest[]): readonly Judged[] {
  const urns = new Map<string, number>();
  return manifests.map((manifest) => {
    const { apiVersion, kind, namespace, name = "unnamed", object } = manifest;
    const type = typeToken(apiVersion, kind);
    const path = namespace === undefined ? name : `${namespace}/${name}`;
    const urn = `urn:pulumi:manifests::check::${type}::${path}`;
    // The same object in two files of one directory: the second one replaces the first in the cluster.
    const number = (urns.get(urn) ?? 0) + 1;
    urns.set(urn, number);
    return {
      manifest,
      node: {
        type,
        urn: number === 1 ? urn : `${urn}#${number}`,
        name: path,
        props: knownProps(object),
        dependencies: [],
        propertyDependencies: {},
      },
    };
  });
}

/** The resources of one cluster. What Flux applies is a child of the object that applies it. */
export function stackOf(judged: readonly Judged[]): readonly StackNode[] {
  const nodes = judged.map(({ manifest, node }) => ({ manifest, node: { ...node } }));
  const byIdentity = new Map(nodes.map((one) => [identityOf(one.manifest), one.node]));
  return nodes.map(({ manifest, node }) => {
    const parent = manifest.source === undefined ? undefined : byIdentity.get(manifest.source);
    return parent === undefined || parent === node ? node : Object.assign(node, { parent });
  });
}

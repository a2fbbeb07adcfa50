import type * as pulumi from "@pulumi/pulumi";

/**
 * A value that is known anyway, for what has to come after a resource. An output of the resource would say the same, but
 * not in a first preview: no provider is asked while the cluster is still to be made, every output of a Kubernetes
 * object is unknown, and neither people nor policies see what would be deployed.
 */
export function valueAfter(resource: pulumi.Resource, value: string): pulumi.Output<string> {
  return resource.urn.apply(() => value);
}

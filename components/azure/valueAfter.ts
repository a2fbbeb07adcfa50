import type * as pulumi from "@pulumi/pulumi";

/**
 * A known value that also makes its user depend on a resource. An output of the resource would have the same value, but
 * not in a first preview: the provider is not called while the cluster does not exist, so every output of a Kubernetes
 * object would be unknown to users and policies.
 */
export function valueAfter(resource: pulumi.Resource, value: string): pulumi.Output<string> {
  return resource.urn.apply(() => value);
}

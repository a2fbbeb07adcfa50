import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A custom resource with a `status` output, which the SDK's class does not have. */
export class StatusResource<Status> extends k8s.apiextensions.CustomResource {
  declare readonly status: pulumi.Output<Status>;

  constructor(
    name: string,
    args: k8s.apiextensions.CustomResourceArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
    // The runtime sets an output only if its key is present here.
    super(name, { ...args, status: undefined }, opts);
  }
}

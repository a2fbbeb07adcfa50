import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A custom resource whose status the program reads, which the resource of the SDK does not hand out. */
export class StatusResource<Status> extends k8s.apiextensions.CustomResource {
  declare readonly status: pulumi.Output<Status>;

  constructor(
    name: string,
    args: k8s.apiextensions.CustomResourceArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
    // The runtime fills in every property that it was given a key for.
    super(name, { ...args, status: undefined }, opts);
  }
}

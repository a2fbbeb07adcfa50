import * as pulumi from "@pulumi/pulumi";
import { valueAfter } from "../azure/valueAfter.ts";
import { createWorkload } from "./createWorkload.ts";
import type { WorkloadArgs } from "./createWorkload.ts";

/** A workload whose Service has the component's name. */
export type MeshWorkloadArgs = Omit<WorkloadArgs, "service" | "application"> & {
  /** The application that the workload is a part of. @default - the component's name */
  readonly application?: string | undefined;
};

/**
 * A team's own image as a workload of the mesh: an identity of its own, two replicas over nodes and zones that meet the
 * restricted pod security standard, a disruption budget, a Service whose ports tell the mesh their protocol, and on
 * request a canary with its share of the requests.
 */
export class MeshWorkload extends pulumi.ComponentResource {
  /** The URL of its first port in the cluster. */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: MeshWorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    const { mesh, namespaceName } = args.namespace;
    super("aks-istio:index:MeshWorkload", name, { mesh }, opts);
    const service = createWorkload(
      name,
      { ...args, service: name, application: args.application ?? name } as WorkloadArgs,
      // After the whole namespace: until its policies exist, nothing is denied.
      { parent: this, dependsOn: [args.namespace] },
    );
    const [port = 0] = Object.values(args.pods.ports);
    this.url = pulumi.interpolate`http://${valueAfter(service, name)}.${namespaceName}:${port}`;
    this.registerOutputs({ url: this.url });
  }
}

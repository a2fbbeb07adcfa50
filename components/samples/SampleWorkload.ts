import * as pulumi from "@pulumi/pulumi";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import { valueAfter } from "../azure/valueAfter.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { sampleCallers } from "./sampleCallers.ts";
import { sampleService } from "./sampleService.ts";

export interface SampleWorkloadArgs {
  /**
   * Where it runs. Its pods get sidecars where that namespace has joined the mesh, and by that alone: injection is
   * automatic. Where the namespace refuses requests by default, the sample allows those that it is made for.
   */
  readonly namespace: MeshNamespace;
  /** Where the ingress gateways run that it may be called from. @default - Where the add-on's do. */
  readonly gatewayNamespaces?: readonly string[] | undefined;
}

/**
 * Podinfo as two services, `frontend` and the `backend` that it calls, so that there is traffic in the mesh to look
 * at: a POST to `/api/echo` of the frontend goes on to the backend.
 *
 * @see https://github.com/stefanprodan/podinfo
 */
export class SampleWorkload extends pulumi.ComponentResource {
  /** The frontend's address in the cluster. */
  readonly frontendUrl: pulumi.Output<string>;

  constructor(name: string, args: SampleWorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    const { mesh, namespaceName: namespace, defaultDeny } = args.namespace;
    const { gatewayNamespaces = [INGRESS_NAMESPACE] } = args;
    super("aks-istio:index:SampleWorkload", name, { mesh }, opts);
    // After all of the namespace: until its policies are there, nothing is refused.
    const children = { parent: this, dependsOn: [args.namespace] };
    const common = {
      sample: name,
      namespace,
      // A new revision reaches new pods only: with its name in the template, the pods are made anew.
      podAnnotations: { "mesh-revision": mesh },
    };

    if (defaultDeny) sampleCallers(name, namespace, gatewayNamespaces, children);
    const backend = sampleService(
      `${name}-backend`,
      { ...common, service: "backend", arguments: ["--grpc-service-name=backend"] },
      children,
    );
    const frontend = sampleService(
      `${name}-frontend`,
      { ...common, service: "frontend", arguments: ["--backend-url=http://backend:9898/echo"] },
      // After the backend, or its first requests would find nobody.
      { ...children, dependsOn: [...children.dependsOn, backend] },
    );
    this.frontendUrl = pulumi.interpolate`http://${valueAfter(frontend, "frontend")}.${namespace}:9898`;
    this.registerOutputs({ frontendUrl: this.frontendUrl });
  }
}

import * as pulumi from "@pulumi/pulumi";
import type { MeshNamespace } from "./meshNamespace.ts";
import { sampleService } from "./sampleService.ts";

export interface SampleWorkloadArgs {
  /**
   * Where it runs. Its pods get sidecars where that namespace has joined the mesh, and by that alone: injection is
   * automatic.
   */
  readonly namespace: MeshNamespace;
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
    const { mesh, namespaceName: namespace } = args.namespace;
    super("aks-istio:index:SampleWorkload", name, { mesh }, opts);
    const children = { parent: this };
    const common = {
      sample: name,
      namespace,
      // A new revision reaches new pods only: with its name in the template, the pods are made anew.
      podAnnotations: { "mesh-revision": mesh },
    };

    const backend = sampleService(
      `${name}-backend`,
      { ...common, service: "backend", arguments: ["--grpc-service-name=backend"] },
      children,
    );
    const frontend = sampleService(
      `${name}-frontend`,
      { ...common, service: "frontend", arguments: ["--backend-url=http://backend:9898/echo"] },
      // After the backend, or its first requests would find nobody.
      { ...children, dependsOn: backend },
    );
    this.frontendUrl = pulumi.interpolate`http://${frontend.metadata.name}.${namespace}:9898`;
    this.registerOutputs({ frontendUrl: this.frontendUrl });
  }
}

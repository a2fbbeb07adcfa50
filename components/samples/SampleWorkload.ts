import * as pulumi from "@pulumi/pulumi";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import { valueAfter } from "../azure/valueAfter.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { allowSampleCallers } from "./sampleCallers.ts";
import { createSampleService } from "./sampleService.ts";

export interface SampleWorkloadArgs {
  /**
   * Namespace of the sample. Its pods get sidecars if the namespace is in the mesh; injection is automatic. If the
   * namespace denies requests by default, the sample allows its own requests.
   */
  readonly namespace: MeshNamespace;
  /** Namespaces of the ingress gateways that may call it. @default - the namespace of the add-on's gateways */
  readonly gatewayNamespaces?: readonly string[] | undefined;
}

/**
 * Podinfo as two services, `frontend` and the `backend` that it calls, to produce traffic in the mesh: the frontend
 * forwards a POST to `/api/echo` to the backend.
 *
 * @see https://github.com/stefanprodan/podinfo
 */
export class SampleWorkload extends pulumi.ComponentResource {
  /** The frontend's URL in the cluster. */
  readonly frontendUrl: pulumi.Output<string>;

  constructor(name: string, args: SampleWorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
    const { mesh, namespaceName: namespace, defaultDeny } = args.namespace;
    const { gatewayNamespaces = [INGRESS_NAMESPACE] } = args;
    super("aks-istio:index:SampleWorkload", name, { mesh }, opts);
    // After the whole namespace: until its policies exist, nothing is denied.
    const children = { parent: this, dependsOn: [args.namespace] };
    const common = {
      sample: name,
      namespace,
      // Only new pods get a new revision: with its name in the template, the pods are recreated.
      podAnnotations: { "mesh-revision": mesh },
    };

    if (defaultDeny) allowSampleCallers(name, namespace, gatewayNamespaces, children);
    const backend = createSampleService(
      `${name}-backend`,
      { ...common, service: "backend", arguments: ["--grpc-service-name=backend"] },
      children,
    );
    const frontend = createSampleService(
      `${name}-frontend`,
      { ...common, service: "frontend", arguments: ["--backend-url=http://backend:9898/echo"] },
      // After the backend, or the first requests would fail.
      { ...children, dependsOn: [...children.dependsOn, backend] },
    );
    this.frontendUrl = pulumi.interpolate`http://${valueAfter(frontend, "frontend")}.${namespace}:9898`;
    this.registerOutputs({ frontendUrl: this.frontendUrl });
  }
}

import * as pulumi from "@pulumi/pulumi";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import { valueAfter } from "../azure/valueAfter.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { createWorkload } from "../workloads/createWorkload.ts";
import type { Injection } from "../workloads/injection.ts";
import type { ProxyOptions } from "../workloads/proxyOptions.ts";
import { PODINFO_PORTS, podinfo, podinfoPods } from "./podinfo.ts";

interface CommonArgs {
  /**
   * Namespace of the sample. Its pods get sidecars if the namespace is in the mesh. If the namespace denies requests by
   * default, the sample allows its own requests.
   */
  readonly namespace: MeshNamespace;
  /** Namespaces of the ingress gateways that may call it. @default - the namespace of the add-on's gateways */
  readonly gatewayNamespaces?: readonly string[] | undefined;
  /** The sidecars of its pods. @default - what the mesh sets */
  readonly proxy?: ProxyOptions | undefined;
  /** The percentage of the backend's requests that a second version of it gets. @default - it has one version */
  readonly canaryWeight?: number | undefined;
}

export type SampleWorkloadArgs = CommonArgs & Injection;

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
    const { namespace, gatewayNamespaces = [INGRESS_NAMESPACE], proxy, canaryWeight } = args;
    const { mesh, namespaceName } = namespace;
    super("aks-istio:index:SampleWorkload", name, { mesh }, opts);
    // After the whole namespace: until its policies exist, nothing is denied.
    const children = { parent: this, dependsOn: [namespace] };
    const common = { ...args, application: name, pods: podinfoPods(proxy) };
    const { http } = PODINFO_PORTS;

    const backend = createWorkload(
      `${name}-backend`,
      {
        ...common,
        service: "backend",
        version: podinfo("--grpc-service-name=backend"),
        callers: [
          {
            from: { serviceAccounts: [{ namespace: namespaceName, name: "frontend" }] },
            ...{ ports: [http], methods: ["POST"], paths: ["/echo"] },
          },
        ],
        canary:
          canaryWeight === undefined
            ? undefined
            : {
                ...podinfo("--grpc-service-name=backend", "--ui-message=canary"),
                weight: canaryWeight,
              },
      },
      children,
    );
    const frontend = createWorkload(
      `${name}-frontend`,
      {
        ...common,
        service: "frontend",
        version: podinfo(`--backend-url=http://backend:${http}/echo`),
        callers: [{ from: { namespaces: gatewayNamespaces }, ports: [http] }],
      },
      // After the backend, or the first requests would fail.
      { ...children, dependsOn: [...children.dependsOn, backend] },
    );
    this.frontendUrl = pulumi.interpolate`http://${valueAfter(frontend, "frontend")}.${namespaceName}:${http}`;
    this.registerOutputs({ frontendUrl: this.frontendUrl });
  }
}

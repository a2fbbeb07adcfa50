import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { valueAfter } from "../azure/valueAfter.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";
import { allowCallers } from "./callers.ts";
import type { Callers } from "./callers.ts";
import { createCanaryRoute } from "./canaryRoute.ts";
import { createDeployment } from "./deployment.ts";
import type { PodOptions, Version } from "./deployment.ts";
import type { Injection } from "./injection.ts";
import { labelsOf, selectorOf } from "./labels.ts";
import { createService } from "./service.ts";

/** A second version of a workload, which gets some of the requests to the first. */
export interface Canary extends Version {
  /** The percentage of requests to the first port that it gets, from 0 to 100. */
  readonly weight: number;
  /** The kind of its route. @default VirtualService */
  readonly api?: "VirtualService" | "HTTPRoute" | undefined;
}

interface CommonWorkloadArgs {
  /** The namespace. Its pods get sidecars if it is in the mesh. */
  readonly namespace: MeshNamespace;
  /** Name of the objects, and the DNS name of the Service. */
  readonly service: string;
  /** The application that the workload is a part of. */
  readonly application: string;
  readonly version: Version;
  readonly pods: PodOptions;
  /** Who may call it if the namespace denies requests by default; otherwise everyone may. @default nobody */
  readonly callers?: readonly Callers[] | undefined;
  /** @default none */
  readonly canary?: Canary | undefined;
}

export type WorkloadArgs = CommonWorkloadArgs & Injection;

/**
 * A workload of the mesh: its own identity, a Deployment, a disruption budget, and a Service. With a canary, the same
 * again under the name `<service>-canary` and the same identity, and a route that splits the requests. Selectors of
 * Deployments cannot change, so the versions differ in their Services rather than in subsets of one.
 */
export function createWorkload(
  name: string,
  args: WorkloadArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const { namespace, service, application, pods, callers = [], canary } = args;
  const { namespaceName, mesh, defaultDeny } = namespace;
  const own = { name: service, namespace: namespaceName };
  const account = new k8s.core.v1.ServiceAccount(
    name,
    {
      metadata: {
        ...own,
        labels: labelsOf(selectorOf(service, application), args.version.version),
      },
      automountServiceAccountToken: false,
    },
    opts,
  );
  const create = (logicalName: string, objectName: string, version: Version) => {
    const selector = selectorOf(objectName, application);
    const metadata = { name: objectName, namespace: namespaceName };
    if (defaultDeny) allowCallers(logicalName, metadata, selector, callers, opts);
    createDeployment(
      logicalName,
      {
        ...{ ...metadata, mesh, selector, version, pods, injection: args },
        serviceAccountName: valueAfter(account, service),
        service,
      },
      opts,
    );
    const labels = labelsOf(selector, version.version);
    return createService(
      logicalName,
      { metadata: { ...metadata, labels }, selector, ports: pods.ports },
      opts,
    );
  };
  const stable = create(name, service, args.version);
  if (canary === undefined) return stable;
  const { weight, api = "VirtualService", ...version } = canary;
  const [port = 0] = Object.values(pods.ports);
  const canaryName = `${service}-canary`;
  const other = create(`${name}-canary`, canaryName, version);
  createCanaryRoute(
    name,
    { service, canary: canaryName, namespace: namespaceName, port, weight, api },
    { ...opts, dependsOn: [other] },
  );
  return stable;
}

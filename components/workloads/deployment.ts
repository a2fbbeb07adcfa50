import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labelsOf } from "./labels.ts";
import type { Selector } from "./labels.ts";
import { injectedTemplate } from "./injection.ts";
import type { Injection } from "./injection.ts";
import type { PodTemplate } from "./manualInjection.ts";
import { proxyAnnotations } from "./proxyOptions.ts";
import type { ProxyOptions } from "./proxyOptions.ts";

/** A version of a workload. */
export interface Version {
  /** The container image, best by digest. */
  readonly image: string;
  /** As the label `app.kubernetes.io/version` has it. */
  readonly version: string;
  /** @default - the image's own */
  readonly command?: readonly string[] | undefined;
  /** @default none */
  readonly environment?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
}

/** The pods of a workload. */
export interface PodOptions {
  /** Name of the container, as logs and metrics show it. @default - the name of the Service */
  readonly container?: string | undefined;
  /** Ports by their names, which begin with the protocol: `http`, `grpc-orders`. */
  readonly ports: Readonly<Record<string, number>>;
  /** The HTTP paths, on the first port, that say whether a pod may get requests, and whether it must restart. */
  readonly probes: { readonly readiness: string; readonly liveness: string };
  /** @default 2 */
  readonly replicas?: number | undefined;
  /** Kubernetes quantities. The CPU has no limit. */
  readonly resources: {
    readonly cpu: string;
    readonly memory: string;
    readonly memoryLimit: string;
  };
  /** The numeric ID of the user and group that the container runs as; not 0. @default 10001 */
  readonly user?: number | undefined;
  /** A directory that the container may write to; the rest of its file system is read-only. @default none */
  readonly writable?: { readonly path: string; readonly sizeLimit: string } | undefined;
  /** The sidecar. @default - what the mesh sets */
  readonly proxy?: ProxyOptions | undefined;
}

export interface DeploymentArgs {
  /** Name of the Deployment. */
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  /** The revision that the namespace follows, or `outside`. */
  readonly mesh: pulumi.Output<string>;
  readonly selector: Selector;
  readonly serviceAccountName: pulumi.Input<string>;
  /** Name of the container if `pods` has none. */
  readonly service: string;
  readonly version: Version;
  readonly pods: PodOptions;
  readonly injection: Injection;
}

type PodTemplateSpec = pulumi.Input<k8s.types.input.core.v1.PodTemplateSpec>;

/** The revision of the mesh in the template of pods. Only new pods get a new revision: with its name, they are recreated. */
const REVISION_ANNOTATION = "mesh-revision";
const USER = 10_001;

/**
 * One version of a workload: two replicas that are spread over nodes and zones, meet the restricted pod security
 * standard, and are replaced without a gap.
 */
export function createDeployment(
  logicalName: string,
  args: DeploymentArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apps.v1.Deployment {
  const { name, namespace, selector, pods, injection, mesh } = args;
  const labels = labelsOf(selector, args.version.version);
  const template: PodTemplate = {
    metadata: {
      labels,
      annotations: { [REVISION_ANNOTATION]: mesh, ...proxyAnnotations(pods.proxy ?? {}) },
    },
    spec: podSpec(args),
  };
  return new k8s.apps.v1.Deployment(
    logicalName,
    {
      metadata: { name, namespace, labels },
      spec: {
        replicas: pods.replicas ?? 2,
        selector: { matchLabels: { ...selector } },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: injectedTemplate(template, injection, name, mesh) as PodTemplateSpec,
      },
    },
    opts,
  );
}

function podSpec({ pods, selector, serviceAccountName, ...args }: DeploymentArgs) {
  const { user = USER, writable } = pods;
  return {
    serviceAccountName,
    // A workload that calls the API server is not one of the mesh's; the sidecar has its own token.
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      // runAsNonRoot cannot verify a user that the image sets by name.
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [container(pods.container ?? args.service, args.version, pods)],
    ...(writable === undefined
      ? {}
      : { volumes: [{ name: "data", emptyDir: { sizeLimit: writable.sizeLimit } }] }),
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selector },
      }),
    ),
  };
}

function container(name: string, version: Version, pods: PodOptions) {
  const { image, command, environment } = version;
  const { ports, probes, resources, writable } = pods;
  const [port] = Object.keys(ports);
  return {
    name,
    image,
    ...(command === undefined ? {} : { command: [...command] }),
    ...(environment === undefined
      ? {}
      : { env: Object.entries(environment).map(([key, value]) => ({ name: key, value })) }),
    ports: Object.entries(ports).map(([key, containerPort]) => ({ name: key, containerPort })),
    readinessProbe: { httpGet: { path: probes.readiness, port } },
    livenessProbe: { httpGet: { path: probes.liveness, port } },
    resources: {
      requests: { cpu: resources.cpu, memory: resources.memory },
      limits: { memory: resources.memoryLimit },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...(writable === undefined
      ? {}
      : { volumeMounts: [{ name: "data", mountPath: writable.path }] }),
  };
}

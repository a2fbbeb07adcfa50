import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { valueAfter } from "../azure/valueAfter.ts";
import { SAMPLE_IMAGE, SAMPLE_VERSION } from "./sampleImage.ts";

export interface SampleServiceArgs {
  /** Name of its objects, and its DNS name. */
  readonly service: string;
  /** The sample that it belongs to. */
  readonly sample: string;
  readonly namespace: pulumi.Input<string>;
  /** Annotations of its pods. */
  readonly podAnnotations: Readonly<Record<string, pulumi.Input<string>>>;
  /** Arguments of podinfo in addition to its ports. */
  readonly arguments: readonly string[];
}

/**
 * One service of a sample: its own service account, two replicas spread over nodes and zones, and a disruption budget.
 */
export function createSampleService(
  name: string,
  args: SampleServiceArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const { service, namespace } = args;
  const selector = { "app.kubernetes.io/name": service, "app.kubernetes.io/part-of": args.sample };
  const labels = { ...selector, "app.kubernetes.io/version": SAMPLE_VERSION };
  const metadata = { name: service, namespace, labels };

  const serviceAccount = new k8s.core.v1.ServiceAccount(
    name,
    // Podinfo never calls the API server; the sidecar has its own token.
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  new k8s.apps.v1.Deployment(
    name,
    {
      metadata,
      spec: {
        replicas: 2,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: {
          metadata: { labels, annotations: args.podAnnotations },
          spec: {
            serviceAccountName: valueAfter(serviceAccount, service),
            automountServiceAccountToken: false,
            securityContext: {
              runAsNonRoot: true,
              // The image sets its user by name, which runAsNonRoot cannot verify.
              runAsUser: 10001,
              runAsGroup: 10001,
              fsGroup: 10001,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [container(args)],
            volumes: [{ name: "data", emptyDir: { sizeLimit: "64Mi" } }],
            topologySpreadConstraints: [
              "topology.kubernetes.io/zone",
              "kubernetes.io/hostname",
            ].map((topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: selector },
            })),
          },
        },
      },
    },
    opts,
  );
  new k8s.policy.v1.PodDisruptionBudget(
    name,
    { metadata, spec: { minAvailable: 1, selector: { matchLabels: selector } } },
    opts,
  );
  return new k8s.core.v1.Service(
    name,
    {
      metadata,
      spec: {
        selector,
        // Istio derives the protocol from the port name.
        ports: PORTS.map(({ name: port, containerPort }) => ({
          name: port,
          port: containerPort,
          targetPort: port,
        })),
      },
    },
    opts,
  );
}

const PORTS = [
  { name: "http", containerPort: 9898 },
  { name: "grpc", containerPort: 9999 },
] as const;

function container(args: SampleServiceArgs) {
  return {
    name: "podinfo",
    image: SAMPLE_IMAGE,
    command: ["./podinfo", "--port=9898", "--grpc-port=9999", ...args.arguments],
    ports: PORTS.map((port) => ({ ...port })),
    readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
    livenessProbe: { httpGet: { path: "/healthz", port: "http" } },
    resources: {
      requests: { cpu: "50m", memory: "32Mi" },
      limits: { memory: "128Mi" },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: "data", mountPath: "/data" }],
  };
}

import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { valueAfter } from "../azure/valueAfter.ts";

/**
 * Podinfo, by digest, which is what nodes pull; the tag is for people.
 *
 * @see https://github.com/stefanprodan/podinfo
 */
const VERSION = "6.11.1";
const DIGEST = "sha256:8fa56908408de98f24aed2a162b1bb42c0b98df7abfcc5a76a14a8be510457c5";
const IMAGE = `ghcr.io/stefanprodan/podinfo:${VERSION}@${DIGEST}`;

export interface SampleServiceArgs {
  /** Name of all its objects, and of the service in DNS. */
  readonly service: string;
  /** The sample that it is a part of. */
  readonly sample: string;
  readonly namespace: pulumi.Input<string>;
  /** Annotations of its pods. */
  readonly podAnnotations: Readonly<Record<string, pulumi.Input<string>>>;
  /** Arguments of podinfo beyond its ports. */
  readonly arguments: readonly string[];
}

/**
 * One service of a sample: an identity of its own, two replicas apart from each other, and what keeps one of them
 * running while nodes go.
 */
export function sampleService(
  name: string,
  args: SampleServiceArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Service {
  const { service, namespace } = args;
  const selector = { "app.kubernetes.io/name": service, "app.kubernetes.io/part-of": args.sample };
  const labels = { ...selector, "app.kubernetes.io/version": VERSION };
  const metadata = { name: service, namespace, labels };

  const serviceAccount = new k8s.core.v1.ServiceAccount(
    name,
    // Podinfo never calls the API server; the sidecar brings a token of its own.
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
              // The image names its user by word, which runAsNonRoot cannot judge.
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
        // Istio takes the protocol from the name.
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
    image: IMAGE,
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

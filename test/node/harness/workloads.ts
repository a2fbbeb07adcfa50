import type { Cluster, Resource } from "../../real/harness/cluster.ts";
import type { Pod } from "../../real/harness/pods.ts";
import { rolledOut } from "../../real/harness/workload.ts";
import { IMAGES } from "./images.ts";

/** The port of podinfo. */
export const PODINFO_PORT = 9898;

/** A namespace with a service account for each of its workloads. */
export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

interface PodinfoOptions {
  readonly replicas?: number;
  /** What it says as `message`. */
  readonly message?: string;
  /** What it asks when it is asked for `POST /echo`. */
  readonly backend?: string;
}

/** The application that gitops/ deploys, with a Service on port 80 and an identity of its own. */
export function podinfo(
  namespace: string,
  name: string,
  { replicas = 1, message = name, backend }: PodinfoOptions = {},
): readonly Resource[] {
  const metadata = { name, namespace };
  const labels = { app: name };
  const options = [`--port=${PODINFO_PORT}`, `--ui-message=${message}`];
  if (backend !== undefined) options.push(`--backend-url=${backend}`);
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { selector: labels, ports: [{ name: "http", port: 80, targetPort: PODINFO_PORT }] },
    },
    deployment(metadata, replicas, {
      name: "podinfo",
      image: IMAGES.podinfo,
      command: ["./podinfo", ...options],
      ports: [{ name: "http", containerPort: PODINFO_PORT }],
      readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 1 },
    }),
  ];
}

/** From where requests are sent. */
export function client(namespace: string): readonly Resource[] {
  const metadata = { name: "client", namespace };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata },
    deployment(metadata, 1, { name: "client", image: IMAGES.client }, 1),
  ];
}

/** Applies objects, and resolves to the pods of the Deployments among them once they are ready. */
export async function deployed(cluster: Cluster, objects: readonly Resource[]): Promise<Pod[]> {
  await cluster.applyAll(objects);
  const deployments = objects.filter(({ kind }) => kind === "Deployment");
  const pods = await Promise.all(deployments.map((each) => rolledOut(cluster, each)));
  return pods.flat();
}

function deployment(
  { name, namespace }: { readonly name: string; readonly namespace: string },
  replicas: number,
  container: object,
  terminationGracePeriodSeconds = 30,
): Resource {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels },
        spec: { serviceAccountName: name, terminationGracePeriodSeconds, containers: [container] },
      },
    },
  };
}

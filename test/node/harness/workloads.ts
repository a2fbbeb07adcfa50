import { AKS } from "../../real/harness/aks.ts";
import type { Cluster, Resource } from "../../real/harness/cluster.ts";
import type { Pod } from "../../real/harness/pods.ts";
import { rolledOut } from "../../real/harness/workload.ts";
import type { Certificate } from "./certificate.ts";
import { IMAGES } from "./images.ts";

/** The port of podinfo. */
export const PODINFO_PORT = 9898;

export function namespace(name: string, labels: Readonly<Record<string, string>> = {}): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

interface PodinfoOptions {
  readonly replicas?: number;
  /** The `message` in its responses. */
  readonly message?: string;
  /** The URL that it calls to respond to `POST /echo`. */
  readonly backend?: string;
}

/** The application that gitops/ deploys, with a Service on port 80 and a dedicated identity. */
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

/** A pod that sends requests, with the identity of a service account. */
export function client(namespace: string, name = "client", account = name): readonly Resource[] {
  const metadata = { name, namespace };
  const container = { name: "client", image: IMAGES.client };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: account, namespace } },
    deployment(metadata, 1, container, { account, terminationGracePeriodSeconds: 1 }),
  ];
}

/** The objects that serve a host over TLS at the ingress gateway and route it to a backend's Service. */
export function served(
  host: string,
  certificate: Certificate,
  service: string,
): readonly Resource[] {
  const metadata = { name: "served", namespace: AKS.ingressNamespace };
  const port = { number: 443, name: "https", protocol: "HTTPS" };
  return [
    gatewaySecret(metadata.name, certificate),
    {
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata,
      spec: {
        selector: { istio: AKS.internalGateway },
        servers: [{ port, hosts: [host], tls: { mode: "SIMPLE", credentialName: metadata.name } }],
      },
    },
    {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata,
      spec: {
        hosts: [host],
        gateways: [metadata.name],
        http: [{ route: [{ destination: { host: service, port: { number: 80 } } }] }],
      },
    },
  ];
}

/** The Secret from which the ingress gateway reads a certificate. */
export function gatewaySecret(name: string, { certificate, key }: Certificate): Resource {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: AKS.ingressNamespace },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": certificate, "tls.key": key },
  };
}

/** Replaces the images of an object with the node's own, whose digests differ from a registry's. */
export function withLocalImages(object: Resource): Resource {
  return JSON.parse(JSON.stringify(object).replace(/@sha256:[0-9a-f]{64}/g, "")) as Resource;
}

/** Applies objects. Resolves to the pods of their Deployments once they are ready. */
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
  { account = name, terminationGracePeriodSeconds = 30 } = {},
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
        spec: {
          serviceAccountName: account,
          terminationGracePeriodSeconds,
          containers: [container],
        },
      },
    },
  };
}

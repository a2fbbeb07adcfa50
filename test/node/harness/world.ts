import type { Resource } from "../../real/harness/cluster.ts";
import type { Certificate } from "./certificate.ts";
import { OUTSIDE } from "./dns.ts";
import { IMAGES } from "./images.ts";

/** The name of a host in `world`. */
export function outsideHost(namespace: string, name: string): string {
  return `${name}.${namespace}.svc.${OUTSIDE}`;
}

/** One server for several hosts outside the cluster, on ports 80 and 443. The mesh does not know them as Services. */
export function world(
  namespace: string,
  hosts: readonly string[],
  { certificate, key }: Certificate,
): readonly Resource[] {
  const labels = { app: "world" };
  const metadata = { name: "world", namespace };
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata,
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": certificate, "tls.key": key },
    },
    ...hosts.map((name) => ({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace, annotations: { "networking.istio.io/exportTo": "~" } },
      spec: {
        selector: labels,
        ports: [
          { name: "http", port: 80, targetPort: 9898 },
          { name: "https", port: 443, targetPort: 9443 },
        ],
      },
    })),
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: "podinfo",
                image: IMAGES.podinfo,
                command: ["./podinfo", "--port=9898", "--secure-port=9443", "--cert-path=/secret"],
                readinessProbe: { httpGet: { path: "/readyz", port: 9898 }, periodSeconds: 1 },
                volumeMounts: [{ name: "secret", mountPath: "/secret" }],
              },
            ],
            volumes: [{ name: "secret", secret: { secretName: metadata.name } }],
          },
        },
      },
    },
  ];
}

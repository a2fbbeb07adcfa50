import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureCommand, median } from "./measure.ts";
import type { Measurement } from "./measure.ts";
import { row } from "./table.ts";

const RUNS = 5;
/** An app is a Deployment, a Service, a VirtualService, a DestinationRule and an AuthorizationPolicy. */
const OBJECTS_OF_APP = 5;

/** A check of a directory of manifests, compared with one of a single object: the difference is their cost. */
export async function checkOfManifests(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "aks-istio-bench-"));
  try {
    for (const objects of [1, 500, 2_000]) {
      const path = join(directory, String(objects));
      mkdirSync(path);
      const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n";
      writeFileSync(join(path, "namespace.yaml"), namespace);
      for (let app = 0; app < Math.floor(objects / OBJECTS_OF_APP); app++) {
        writeFileSync(join(path, `app${app}.yaml`), appOf(`app${app}`));
      }
      const runs: Measurement[] = [];
      for (let run = 0; run < RUNS; run++) {
        runs.push(await measureCommand("check", [path, "--revision", "asm-1-30"]));
      }
      row(`check of ${objects} objects`, median(runs));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function appOf(name: string): string {
  const metadata = `metadata: { name: ${name}, namespace: shop }`;
  return `apiVersion: apps/v1
kind: Deployment
${metadata}
spec:
  replicas: 2
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      serviceAccountName: ${name}
      containers:
        - name: web
          image: example.azurecr.io/web:1
          ports: [{ name: http, containerPort: 8080 }]
          resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 64Mi } }
          readinessProbe: { httpGet: { path: /, port: http } }
---
apiVersion: v1
kind: Service
${metadata}
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 80, targetPort: http }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
${metadata}
spec:
  hosts: [${name}]
  http: [{ route: [{ destination: { host: ${name} } }] }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
${metadata}
spec:
  host: ${name}
  trafficPolicy: { connectionPool: { http: { maxRequestsPerConnection: 10 } } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
${metadata}
spec:
  selector: { matchLabels: { app: ${name} } }
  rules: [{ to: [{ operation: { methods: [GET] } }] }]
`;
}

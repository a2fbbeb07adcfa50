import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL } from "../../mesh/names.ts";
import { AKS } from "./harness/aks.ts";
import { deleteNamespaces } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { cluster, onLoopback, real, startMesh } from "./harness/real.ts";
import type { Mesh } from "./harness/real.ts";
import { PREFIX } from "./harness/render.ts";
import { scratch } from "./harness/scratch.ts";
import { waitFor } from "./harness/waitFor.ts";

const ROOT = join(__dirname, "../..");
const MANUAL = join(ROOT, "gitops/apps/base/podinfo-manual");
const LABELLED = `${PREFIX}follows`;
const PLAIN = `${PREFIX}injected`;

/** Everything of an application that an injector reads or changes. */
const POD = `metadata:
        labels:
          app: web # the name in the mesh
          version: v1
        annotations:
          prometheus.io/scrape: "true"
          prometheus.io/port: "9797"
          traffic.sidecar.istio.io/excludeOutboundPorts: "9999"
      spec:
        restartPolicy: RESTART
        # the application
        initContainers:
          - name: init
            image: registry.invalid/init
        containers:
          - name: app
            image: 'registry.invalid/app:1'
            ports:
              - {name: http, containerPort: 8080}
              - containerPort: 9797
                protocol: TCP
            livenessProbe: {httpGet: {path: /healthz, port: http}}
            readinessProbe:
              tcpSocket:
                port: 8080
            startupProbe:
              exec: {command: [run]}
          - name: second
            image: registry.invalid/second
            livenessProbe:
              grpc: {port: 9000}
        volumes:
          - name: data
            emptyDir: {}`;

const template = (indent: number, restart = "Always") =>
  POD.replace("RESTART", restart).replaceAll(/\n {6}/g, `\n${" ".repeat(indent)}`);

const controller = (apiVersion: string, kind: string, restart?: string, more = "") => `# a ${kind}
apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: web-${kind.toLowerCase()}
spec:
  ${kind === "Job" ? "backoffLimit: 1" : kind === "ReplicationController" ? "selector: {app: web}" : "selector:   {matchLabels: {app: web}}"}
  template:
    ${template(4, restart)}
${more}`;

const MANIFEST = [
  controller("apps/v1", "Deployment"),
  controller("apps/v1", "ReplicaSet"),
  controller("apps/v1", "StatefulSet", "Always", "  serviceName: web\n"),
  controller("apps/v1", "DaemonSet"),
  controller("v1", "ReplicationController"),
  controller("batch/v1", "Job", "Never"),
  `apiVersion: batch/v1
kind: CronJob
metadata: {name: web-cronjob}
spec:
  schedule: "0 0 * * *"
  jobTemplate:
    spec:
      template:
        ${template(8, "OnFailure")}
`,
  `apiVersion: v1
kind: Pod
${template(0).replace("metadata:\n", "metadata:\n  name: web-pod\n")}
`,
  "apiVersion: v1\nkind: Service\nmetadata:   {name: web}\nspec: {ports: [{port: 80}]}\n",
].join("---\n");

interface Workload extends Resource {
  readonly spec: {
    readonly template: Pick<Pod, "spec"> & { readonly metadata: object };
    readonly jobTemplate: { readonly spec: { readonly template: Pick<Pod, "spec"> } };
  };
}

type Identity = Readonly<Record<string, unknown>>;

/** The metadata that the controller of each kind gives its pods. */
const IDENTITIES: Readonly<Record<string, (name: string) => Identity>> = {
  StatefulSet: (name) => ({
    name: `${name}-0`,
    generateName: `${name}-`,
    ...owner("apps/v1", "StatefulSet", name),
  }),
  DaemonSet: (name) => ({ generateName: `${name}-`, ...owner("apps/v1", "DaemonSet", name) }),
  ReplicationController: (name) => ({
    generateName: `${name}-`,
    ...owner("v1", "ReplicationController", name),
  }),
  Job: (name) => ({ generateName: `${name}-`, ...owner("batch/v1", "Job", name) }),
  CronJob: (name) => ({
    generateName: `${name}-29534400-`,
    ...owner("batch/v1", "Job", `${name}-29534400`),
  }),
  Pod: (name) => ({ name }),
};

function owner(apiVersion: string, kind: string, name: string): Identity {
  const uid = "11111111-1111-1111-1111-111111111111";
  return { ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] };
}

describe("aks-istio inject", () => {
  let mesh: Mesh;
  let revision: string;
  let directory: string;
  let injected: string;

  beforeAll(async () => {
    mesh = await startMesh("asm-1-30");
    revision = mesh.revisions.at(-1) ?? "";
    directory = mkdtempSync(join(scratch, "inject-"));
    await cluster.apply({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: LABELLED, labels: { [REVISION_LABEL]: revision } },
    });
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: PLAIN } });
    writeFileSync(join(directory, "web.yaml"), MANIFEST);
    injected = await inject(["-f", "web.yaml", ...live()]);
    await inject(["--save", "saved", ...live()]);
  });

  afterAll(async () => {
    await deleteNamespaces(cluster, [LABELLED, PLAIN]);
    rmSync(directory, { recursive: true });
    await mesh.stop();
  });

  const live = () => ["-n", PLAIN, "--revision", revision, "--kubeconfig", real.kubeconfig];

  async function inject(args: readonly string[]): Promise<string> {
    const path = [dirname(real.programs.istioctl), process.env["PATH"]].join(delimiter);
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [join(ROOT, "bin/aks-istio.js"), "inject", ...args],
      { cwd: directory, env: { ...process.env, PATH: path }, maxBuffer: 1e8 },
    );
    expect(stderr.replace(/^The configuration of .*\n/, "")).toBe("");
    return stdout;
  }

  /** The pod that the cluster makes of a workload in a namespace. */
  async function podOf(workload: Workload, namespace: string): Promise<Pod> {
    const { kind, metadata, spec } = workload;
    const identity = IDENTITIES[kind];
    if (identity === undefined) {
      await cluster.create({ ...workload, metadata: { ...metadata, namespace } });
      return await waitFor(`a pod of ${kind} ${namespace}/${metadata.name}`, async () => {
        const pods = await cluster.list<Pod>("v1", "Pod", { namespace });
        return pods.find(({ metadata: { name } }) => name.startsWith(`${metadata.name}-`)) ?? false;
      });
    }
    const own =
      kind === "Pod"
        ? workload
        : kind === "CronJob"
          ? spec.jobTemplate.spec.template
          : spec.template;
    const { metadata: given = {} } = own as { readonly metadata?: object };
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...given, ...identity(metadata.name), namespace },
      spec: own.spec,
    };
    return await cluster.create<Pod>(pod as unknown as Pod, { dryRun: true });
  }

  const workloads = (text: string) =>
    documents(text).filter(({ kind }) => kind !== "Service") as Workload[];

  test("gives the pods of every kind what the webhook gives them", async () => {
    const [originals, results] = [workloads(MANIFEST), workloads(injected)];
    expect(results.map(({ kind }) => kind)).toEqual(originals.map(({ kind }) => kind));
    for (const [index, original] of originals.entries()) {
      const result = results[index];
      if (result === undefined) throw new Error("missing");
      const automatic = await podOf(original, LABELLED);
      const manual = await podOf(result, PLAIN);
      expect(sidecarRevision(automatic)).toBe(revision);
      expect(essence(manual)).toEqual(essence(automatic));
    }
  });

  test("keeps every line but those of the probes, in their order", () => {
    const lines = injected.split("\n");
    let at = 0;
    const gone = MANIFEST.split("\n").filter((line) => {
      const found = lines.indexOf(line, at);
      if (found >= 0) at = found + 1;
      return found < 0;
    });
    expect([...new Set(gone.map((line) => line.trim()))]).toEqual([
      'prometheus.io/port: "9797"',
      "livenessProbe: {httpGet: {path: /healthz, port: http}}",
      "tcpSocket:",
      "port: 8080",
      "grpc: {port: 9000}",
    ]);
  });

  test("does the same with the saved configuration, without the cluster", async () => {
    const offline = ["-f", "web.yaml", "-n", PLAIN, "--from", "saved"];
    expect(await inject(offline)).toBe(injected);
    writeFileSync(join(directory, "sidecar.yaml"), injected);
    expect(await inject([...offline, "--check", "sidecar.yaml"])).toBe(
      "sidecar.yaml is current.\n",
    );
  });

  // The pinned revision and the settings are those of the mesh here, but the image is the add-on's.
  test.runIf(onLoopback)("keeps the manifest in gitops/ current (--update writes it)", async () => {
    const source = join(MANUAL, "deployment.yaml");
    const made = await inject(["-f", source, "--from", "saved"]);
    const image = "image: mcr.microsoft.com/oss/v2/istio/proxyv2:v1.30.2";
    await expect(made.replaceAll(/image: .*\/proxyv2:.*/g, image)).toMatchFileSnapshot(
      join(MANUAL, "deployment-sidecar.yaml"),
    );
  });

  test("replaces an old sidecar in its place", async () => {
    const old = injected.replaceAll(/(image: .*proxyv2):\S+/g, "$1:old");
    expect(old).not.toBe(injected);
    writeFileSync(join(directory, "old.yaml"), old);
    expect(await inject(["-f", "old.yaml", "--refresh", ...live()])).toBe(injected);
    expect(readFileSync(join(directory, "old.yaml"), "utf8")).toBe(old);
  });

  test.runIf(onLoopback)(
    "saves what the user's MeshConfig says, as the webhook reads it",
    async () => {
      const shared = {
        ...{ apiVersion: "v1", kind: "ConfigMap" },
        metadata: { name: AKS.sharedConfigMap(revision), namespace: CONTROL_PLANE_NAMESPACE },
        data: {
          mesh: "trustDomain: other.example\ndefaultConfig:\n  drainDuration: 42s\n  proxyMetadata: { A: b }\n",
        },
      };
      await cluster.apply(shared);
      try {
        const changed = await waitFor("the webhook to read the MeshConfig", async () => {
          const text = await inject(["-f", "web.yaml", ...live()]);
          return text.includes("42s") && text;
        });
        expect(changed).not.toContain("other.example");
        await inject(["--save", "changed", ...live()]);
        expect(await inject(["-f", "web.yaml", "-n", PLAIN, "--from", "changed"])).toBe(changed);
      } finally {
        await cluster.remove(shared);
      }
    },
  );
});

function documents(text: string): Resource[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Resource);
}

/** A pod without what differs between two pods of a workload, and between the two namespaces. */
function essence({ metadata, spec }: Pod): unknown {
  const { labels = {}, annotations } = metadata;
  const { "pod-template-hash": hash = "none", ...rest } = labels;
  // The stand-in for the scheduler may or may not have bound it yet.
  const text = JSON.stringify({ labels: rest, annotations, spec: { ...spec, nodeName: undefined } })
    .replaceAll(LABELLED, "NAMESPACE")
    .replaceAll(PLAIN, "NAMESPACE")
    .replaceAll(hash, "HASH")
    .replaceAll(/kube-api-access-\w{5}/g, "kube-api-access");
  return JSON.parse(text) as unknown;
}

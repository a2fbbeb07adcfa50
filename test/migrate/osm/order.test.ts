import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { newestRevision } from "../../../mesh/catalog.ts";
import { fluxCommand } from "../../../migrate/fluxCommand.ts";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";
import { readManifestText } from "../../../manifests/manifestText.ts";

const MESH = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: { openservicemesh.io/monitored-by: osm }
  annotations: { openservicemesh.io/sidecar-injection: enabled }
`;

interface Pods {
  readonly kind?: string;
  readonly account?: string;
  readonly annotations?: string;
}

/** A workload whose pods run as the service account of its name, or as another. */
function workload(
  name: string,
  { kind = "Deployment", account = name, annotations = "{}" }: Pods = {},
): string {
  const pod = `{ metadata: { labels: { app: ${name} }, annotations: ${annotations} }, spec: { serviceAccountName: ${account}, containers: [] } }`;
  const spec =
    kind === "CronJob" ? `{ jobTemplate: { spec: { template: ${pod} } } }` : `{ template: ${pod} }`;
  return `apiVersion: ${kind.endsWith("Job") ? "batch/v1" : "apps/v1"}
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec: ${spec}
`;
}

function target(source: string, destination: string): string {
  const account = (name: string) => `{ kind: ServiceAccount, name: ${name}, namespace: shop }`;
  return `apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata: { name: ${source}-${destination}, namespace: shop }
spec:
  destination: ${account(destination)}
  sources: [${account(source)}]
  rules: [{ kind: TCPRoute, name: any }]
`;
}

function migrated(documents: readonly string[], revision = "asm-1-30") {
  const { manifests } = readManifestText([MESH, ...documents].join("---\n"), "mesh.yaml");
  const { steps, entries } = migrateOsm(manifests, { revision, out: "out" });
  const step = (title: string) => steps.find((one) => one.title.startsWith(title));
  return { step, entries };
}

/** The names of the workloads in the order of their restarts. */
function restarted(...documents: readonly string[]): readonly string[] {
  const { commands = [] } = migrated(documents).step("Restart") ?? {};
  return commands.map(
    (one) => /^kubectl rollout restart \w+\/(\S+) -n shop$/.exec(one)?.[1] ?? one,
  );
}

test.each([
  [
    "a chain",
    ["buyer", "store", "mysql"],
    [
      ["buyer", "store"],
      ["store", "mysql"],
    ],
    "mysql store buyer",
  ],
  [
    "a chain in reverse",
    ["mysql", "store", "buyer"],
    [
      ["buyer", "store"],
      ["store", "mysql"],
    ],
    "mysql store buyer",
  ],
  [
    "two servers",
    ["a", "b", "c"],
    [
      ["b", "c"],
      ["a", "b"],
      ["a", "c"],
    ],
    "c b a",
  ],
  [
    "a server that is not among the manifests",
    ["a", "c"],
    [
      ["a", "b"],
      ["b", "c"],
    ],
    "c a",
  ],
  [
    "workloads that call each other",
    ["a", "b", "c"],
    [
      ["a", "b"],
      ["b", "a"],
      ["b", "c"],
    ],
    "a c b",
  ],
  ["a workload that calls itself", ["a", "b"], [["a", "a"]], "a b"],
  ["no TrafficTarget", ["b", "a"], [], "b a"],
])("%s restarts servers first", (_, names, calls, order) => {
  const targets = calls.map(([from = "", to = ""]) => target(from, to));
  expect(restarted(...names.map((name) => workload(name)), ...targets).join(" ")).toBe(order);
});

test("all workloads of a server restart before its clients", () => {
  const stores = ["store-v1", "store-v2"].map((name) => workload(name, { account: "store" }));
  const documents = [workload("buyer"), ...stores, workload("mysql", { kind: "StatefulSet" })];
  const calls = [target("buyer", "store"), target("store", "mysql")];
  expect(restarted(...documents, ...calls)).toEqual(["mysql", "store-v1", "store-v2", "buyer"]);
});

test("what no command restarts is named", () => {
  const documents = ["Job", "ReplicaSet", "CronJob", "DaemonSet"].map((kind) =>
    workload(kind.toLowerCase(), { kind }),
  );
  const { step } = migrated(documents);
  expect(step("Restart")?.about).toMatch(
    / Create the pods of these again: Job shop\/job, ReplicaSet shop\/replicaset\.$/,
  );
  expect(migrated([workload("web")]).step("Restart")?.about).toMatch(/are restarted\.$/);
});

test("workloads that restart when the new objects are applied are named", () => {
  const annotations = "{ openservicemesh.io/outbound-port-exclusion-list: '1' }";
  const documents = ["Deployment", "CronJob", "StatefulSet", "DaemonSet", "ReplicaSet"].map(
    (kind) => workload(kind.toLowerCase(), { kind, annotations }),
  );
  expect(migrated([workload("same"), ...documents]).step("Apply")?.about).toMatch(
    / The pods of these change, so they restart at once, in no order: Deployment shop\/deployment, StatefulSet shop\/statefulset, DaemonSet shop\/daemonset\.$/,
  );
  expect(migrated([workload("same")]).step("Apply")?.about).toMatch(/ a sidecar of Istio\.$/);
});

test.each([
  [
    "Job",
    "untranslated",
    "The API server refuses to change the pods of a Job.",
    "Delete the Job before you apply the new one, or remove its new file if it is done.",
  ],
  ["CronJob", "translated", "excludeOutboundPorts", undefined],
])("the pods of a %s that change are %s", (kind, fate, message, fix) => {
  const annotations = "{ openservicemesh.io/outbound-port-exclusion-list: '1' }";
  const { entries } = migrated([workload("a", { kind, annotations })]);
  const entry = entries.find(({ subject }) => subject === `${kind} shop/a`);
  expect([entry?.fate, entry?.fix, entry?.becomes]).toEqual([fate, fix, [`${kind} shop/a`]]);
  expect(entry?.message).toContain(message);
});

test("a revision that Flux puts in is one of the shell in commands", () => {
  const commands = (revision: string) => {
    const { step } = migrated([workload("web")], revision);
    return [step("Enable the Istio")?.commands[0], ...(step("Apply")?.commands ?? [])];
  };
  const enable = "az aks mesh enable --resource-group $RESOURCE_GROUP --name $CLUSTER --revision";
  expect(commands("asm-1-30")).toEqual([
    `${enable} asm-1-30`,
    'for folder in out/*/; do kubectl apply -k "$folder"; done',
  ]);
  expect(commands("${mesh_revision}")).toEqual([
    `${enable} $REVISION`,
    'for folder in out/*/; do kubectl kustomize "$folder" | sed "s/[$]{mesh_revision}/$REVISION/g" | kubectl apply -f -; done',
  ]);
  expect(migrated([], "${a}").step("Enable the Istio")?.about).toMatch(
    / Set REVISION to what Flux puts in place of \$\{a\}\.$/,
  );
});

/** What a shell prints for the printed `sed` between two commands. */
function throughSed(command: string | undefined, input: string, env: Record<string, string> = {}) {
  const sed = /\| (sed -E '[^']*'|sed "[^"]*") /.exec(command ?? "")?.[1] ?? "";
  return execFileSync("sh", ["-c", sed], {
    input,
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
}

test("the revision replaces its variable, and nothing else", () => {
  const [apply] = migrated([], "${mesh_revision}").step("Apply")?.commands ?? [];
  expect(
    throughSed(apply, "a: ${mesh_revision}-${mesh_revision}\nb: ${other} $mesh_revision {x}\n", {
      REVISION: "asm-1-30",
    }),
  ).toBe("a: asm-1-30-asm-1-30\nb: ${other} $mesh_revision {x}\n");
});

test("the backup has no versions, which the API server would refuse", () => {
  const [objects, namespaces] = migrated([]).step("Save")?.commands ?? [];
  const list = (more: string) =>
    `items:\n- metadata:\n    name: uid\n${more}    labels:\n      uid: a\n  spec:\n    matches: []\n`;
  for (const command of [objects, namespaces]) {
    const input = list('    resourceVersion: "1"\n    uid: 7f\n');
    expect(throughSed(command, input)).toBe(list(""));
  }
});

test("Flux is suspended before the migration, and resumed after it", () => {
  const { step } = migrated([]);
  for (const [title, verb] of [
    ["Suspend", "suspend"],
    ["Commit", "resume"],
  ] as const) {
    expect(step(title)?.commands).toEqual([
      fluxCommand(verb, "kustomization"),
      fluxCommand(verb, "helmrelease"),
    ]);
  }
});

test("the steps that texts name by number are those", () => {
  const { steps } = migrateOsm([], { revision: "asm-1-30", out: "out" });
  expect(steps.map(({ title }) => title.split(" ")[0])).toEqual([
    ...["Solve", "Save", "Suspend", "Disable", "Enable", "Apply", "Restart", "Verify", "Commit"],
    "Delete",
  ]);
});

test("a revision that the catalog does not know yet is said", () => {
  const about = (revision: string) => migrated([], revision).step("Enable the Istio")?.about;
  expect(about("asm-1-999")).toMatch(
    / asm-1-999 is newer than asm-1-\d+, the newest revision known here: npx aks-istio revisions shows what AKS offers\.$/,
  );
  expect(about(newestRevision())).toMatch(/is enabled\.$/);
  expect(about("${revision}")).not.toContain("newer");
});

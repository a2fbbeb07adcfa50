import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { KINDS, nameOf } from "../../operate/cluster/kinds.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { aks, healthyObjects } from "../operate/verify/healthyMesh.ts";
import { aksIstio } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** What the day changes is left out: certificates end. */
const TIMELESS = ["--skip", "webhooks", "ca-certificates", "gateway-certificates"];
const ON_PREMISES = [...TIMELESS, "mesh-mode", "mesh-revisions"];

const STACK = `config:
  azure-native:location: westeurope
  aks-istio:cluster:
    name: orders
    kubernetesVersion: "1.35"
    apiServer: { authorizedIPRanges: [] }
  aks-istio:mesh:
    revision: asm-1-30
    meshConfig: { accessLogEncoding: JSON }
  aks-istio:namespaces: { orders: {}, batch: { mesh: false } }
  aks-istio:gateways: { ingress: { External: {} } }
  aks-istio:access: { administrators: [7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42] }
`;

function project(stacks: Readonly<Record<string, string>>): string {
  const files = Object.entries(stacks).map(
    ([name, text]) => [`Pulumi.${name}.yaml`, text] as const,
  );
  const own = readFileSync("Pulumi.yaml", "utf8");
  return write(`project-${files.join().length}`, {
    "Pulumi.yaml": own,
    "index.ts": "",
    ...Object.fromEntries(files),
  });
}

function files(objects: readonly ClusterObject[] = healthyObjects): readonly string[] {
  const directory = write(`files-${objects.length}`, {
    "objects.json": JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }),
    "aks.json": JSON.stringify({ ...aks, type: "Microsoft.ContainerService/ManagedClusters" }),
  });
  return ["--from", join(directory, "objects.json"), join(directory, "aks.json")];
}

const without = (place: string) =>
  healthyObjects.filter(({ kind, metadata: { name } }) => `${kind} ${name}` !== place);

/** An API server with these objects, which may differ at each look. */
async function serve(objectsAt: (look: number) => readonly ClusterObject[]): Promise<string> {
  let looks = 0;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://localhost").pathname;
    if (path === "/apis/apps/v1/deployments") looks += 1;
    const [plural = "", version = "", group = ""] = path.split("/").reverse();
    const items = objectsAt(looks).filter(({ apiVersion, kind }) => {
      const known = Object.values(KINDS).find(
        (one) =>
          one.plural === plural &&
          one.version === version &&
          (one.group === group || (one.group === "" && group === "api")),
      );
      return (
        known !== undefined &&
        nameOf(apiVersion, kind) ===
          (known.group === "" ? known.kind : `${known.group}/${known.kind}`)
      );
    });
    response.end(JSON.stringify({ items }));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The option for a kubeconfig with contexts by the addresses of their servers. */
function kubeconfig(contexts: Readonly<Record<string, string>>): readonly string[] {
  const names = Object.keys(contexts);
  const content = {
    apiVersion: "v1",
    kind: "Config",
    clusters: names.map((name) => ({
      name,
      cluster: { server: contexts[name], "insecure-skip-tls-verify": true },
    })),
    users: [{ name: "u", user: { token: "secret-token" } }],
    contexts: names.map((name) => ({ name, context: { cluster: name, user: "u" } })),
    "current-context": names[0],
  };
  const directory = write(`kube-${names.join("-")}`, { config: JSON.stringify(content) });
  return ["--kubeconfig", join(directory, "config")];
}

const prod = project({ prod: STACK });
const verify = (...args: readonly string[]) => aksIstio(["verify", ...args]);

test("files of a healthy mesh, compared with a stack", async () => {
  const { code, stdout, stderr } = await verify(
    prod,
    "--stack",
    "prod",
    ...files(),
    "--complete",
    ...TIMELESS,
  );
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^stack prod, .*objects\.json, .*aks\.json\n/);
  expect(stdout).toContain("ARM lists asm-1-30, as the stack prod wants.");
  expect(stdout).toMatch(/\n\d+ passed, 0 failed\n$/);
  expect(code).toBe(0);
});

test("a failure exits with 1, and says what mends it", async () => {
  const lost = without("Deployment istiod-asm-1-30");
  const { code, stdout } = await verify(...files(lost), "--complete", "-o", "json", ...TIMELESS);
  const report = JSON.parse(stdout) as {
    exitCode: number;
    observations: { check: string; outcome: string }[];
  };
  expect([code, report.exitCode]).toEqual([1, 1]);
  expect(report.observations).toContainEqual({
    check: "control-plane",
    outcome: "failed",
    subject: "Deployment aks-istio-system/istiod-asm-1-30",
    message: "It does not exist, so asm-1-30 has no control plane.",
    fix: "Wait until AKS has created it, or let AKS reconcile the cluster.",
    commands: ["az aks update --resource-group 'mesh(prod)' --name orders"],
  });
});

test("kinds that the files lack are unchecked, and exit with 2", async () => {
  const { code, stdout } = await verify(...files(), ...TIMELESS);
  expect(stdout).toContain("unchecked  flux");
  expect(stdout).toContain(
    "kubectl get buckets.source.toolkit.fluxcd.io,helmreleases.helm.toolkit.fluxcd.io -A -o json",
  );
  expect(code).toBe(2);
});

test("a cluster that does not run on Azure: what ARM says is unchecked", async () => {
  const server = await serve(() => healthyObjects);
  const { code, stdout } = await verify(...kubeconfig({ local: server }), ...TIMELESS);
  expect(stdout).toContain("context local\n");
  expect(stdout).toContain(
    `unchecked  mesh-mode         cluster: The nodes are not virtual machines of Azure, so Azure does not know the cluster.`,
  );
  expect(code).toBe(2);
  const skipped = await verify(...kubeconfig({ local: server }), ...ON_PREMISES);
  expect(skipped).toMatchObject({ code: 0, stderr: "" });
});

test("--timeout waits until the mesh is healthy", async () => {
  const server = await serve((look) =>
    look > 1 ? healthyObjects : without("Deployment istiod-asm-1-30"),
  );
  const { code, stdout, stderr } = await verify(
    ...kubeconfig({ local: server }),
    "--timeout",
    "2s",
    ...ON_PREMISES,
  );
  expect(stderr).toMatch(/^Waiting for \d+ of control-plane, .*; at most [12] s more\n$/);
  expect(stdout).toContain("0 failed");
  expect(code).toBe(0);
});

test("a cluster that cannot be reached is waited for, and is never fine", async () => {
  const { code, stdout, stderr } = await verify(
    ...kubeconfig({ gone: "http://127.0.0.1:9" }),
    "--timeout",
    "1s",
  );
  expect(stderr).toMatch(/^Waiting for 1 of access; at most 1 s more\n/);
  expect(stdout).toContain(
    'unchecked  access  cluster: The cluster of context "gone" cannot be reached',
  );
  expect(stdout).not.toContain("secret-token");
  expect(code).toBe(2);
});

test("several stacks, by a pattern: one table, and the worst decides", async () => {
  const healthy = await serve(() => healthyObjects);
  const broken = await serve(() => without("Namespace orders"));
  const many = project({
    "prod-neu": STACK.replace("name: orders", "name: orders-neu"),
    "prod-weu": STACK.replace("    name: orders\n", ""),
    test: STACK,
  });
  const clusters = kubeconfig({ "orders-neu": healthy, other: broken });
  const all = [many, "--stack", "prod-*", ...clusters, "--context", "prod-weu=other"];
  const { code, stdout } = await verify(...all, ...ON_PREMISES);
  expect(stdout).toMatch(/^stack prod-neu, context orders-neu; stack prod-weu, context other\n/);
  expect(stdout.match(/FAILED .*/g)).toEqual([
    "FAILED     namespace-labels  prod-weu: Namespace orders: It does not exist, but the stack prod-weu wants it.",
  ]);
  expect(code).toBe(1);
});

test.each([
  [["--skip", "flx"], `"flx" is not a check; did you mean flux?`],
  [["--timeout", "soon"], "It must be a duration, such as 10m, 90s or 1h30m."],
  [["--certificate-days", "-1"], "It must be a number of days from 0 to 9999."],
  [["--complete"], "--complete is about the files of --from. Name them, too."],
  [["--from", "a.json", "--context", "b"], "cannot be used with"],
  [[prod, "--stack", "none"], "Stack none has no Pulumi.none.yaml"],
  [
    [prod, "--stack", "prod", ...kubeconfig({ other: "http://127.0.0.1:9" })],
    "has no context orders for the stack prod",
  ],
  [["--context", "a", "--context", "b"], "Without --stack, only one --context can be verified."],
])("%j is refused", async (args, message) => {
  const { code, stdout, stderr } = await verify(...args);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test("--timeout with files is refused", async () => {
  const { code, stderr } = await verify(...files(), "--timeout", "1m");
  expect(stderr).toBe("--timeout waits for a cluster, and files do not change. Leave it out.\n");
  expect(code).toBe(2);
});

test("Ctrl-C ends the wait without a trace", async () => {
  const server = await serve(() => []);
  const command = spawn(
    process.execPath,
    [
      "bin/aks-istio.js",
      "verify",
      ...kubeconfig({ empty: server }),
      "--timeout",
      "1h",
      ...ON_PREMISES,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  command.stdout.on("data", (text) => (output += String(text)));
  const waiting = new Promise<void>((resolve) => {
    command.stderr.on("data", (text) => {
      output += String(text);
      resolve();
    });
  });
  const ended = once(command, "exit");
  await waiting;
  command.kill("SIGINT");
  expect(await ended).toEqual([null, "SIGINT"]);
  expect(output).toMatch(/^Waiting for .* s more\n$/);
});

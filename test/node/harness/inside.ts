// inside.ts CONFIG: runs a node in the namespaces of this process until its standard input ends.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster } from "../../real/harness/cluster.ts";
import { startControlPlane } from "../../real/harness/controlPlane.ts";
import { Door } from "../../real/harness/door.ts";
import { credentialsIn, kubeconfigOf } from "../../real/harness/kubeconfig.ts";
import { startDns } from "./dns.ts";
import { startKubelet } from "./kubelet.ts";
import { NODE_ADDRESS, STATE, makeMachine } from "./machine.ts";
import { READY } from "./nodeConfig.ts";
import type { NodeConfig } from "./nodeConfig.ts";
import { importImages, startRuntime } from "./runtime.ts";

const config = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as NodeConfig;

// All processes in a PID namespace end with its first process, which waits for this one.
process.stdin.on("end", () => process.exit(0)).resume();

start().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

async function start(): Promise<void> {
  const { control, debian, logDirectory, images } = config;
  const began = Date.now();
  const say = (what: string) => process.stderr.write(`${Date.now() - began} ms: ${what}\n`);
  makeMachine(config.hierarchies);
  const libraries = join(debian, "usr/lib/x86_64-linux-gnu");
  Object.assign(process.env, {
    PATH:
      ["usr/sbin", "usr/bin"].map((path) => join(debian, path)).join(":") +
      `:${process.env["PATH"] ?? ""}`,
    LD_LIBRARY_PATH: libraries,
    XTABLES_LIBDIR: join(libraries, "xtables"),
    TMPDIR: join(STATE, "tmp"),
  });
  await startRuntime(config);
  say("the container runtime is running");
  const directory = join(STATE, "control-plane");
  mkdirSync(directory);
  const [controlPlane] = await Promise.all([
    startControlPlane(control, directory, logDirectory, NODE_ADDRESS).then((it) => {
      say("the control plane is running");
      return it;
    }),
    importImages(images).then(() => {
      say("the images are imported");
    }),
  ]);
  const cluster = Cluster.of(controlPlane.kubeconfig);
  await startKubelet(cluster, config);
  say("the node is ready");
  await startDns(cluster);
  say("the DNS is ready");
  await open(controlPlane.kubeconfig);
  process.stdout.write(READY);
}

/** Gives clients outside the namespaces access to the API server. */
async function open(kubeconfig: string): Promise<void> {
  const credentials = credentialsIn(kubeconfig);
  const { hostname, port } = new URL(credentials.server);
  await Door.open({ host: hostname, port: Number(port) }, { path: config.socket });
  const text = kubeconfigOf({ ...credentials, server: config.outsideServer });
  writeFileSync(config.outsideKubeconfig, text, { mode: 0o600 });
}

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { at, textsAt } from "../../../rehearsal/azure/access.ts";
import type { Cloud } from "../../../rehearsal/azure/cloud.ts";
import type { ClusterAccess } from "../../../rehearsal/azure/invokes.ts";
import { isOfKind } from "../../../rehearsal/azure/kinds.ts";
import { writeKubelogin } from "../../../rehearsal/kubelogin.ts";
import { AKS, giveGatewayAddress, prepare } from "../../real/harness/aks.ts";
import { Cluster } from "../../real/harness/cluster.ts";
import { components } from "../../real/harness/components.ts";
import type { Components } from "../../real/harness/components.ts";
import { startControlPlane } from "../../real/harness/controlPlane.ts";
import type { ControlPlane } from "../../real/harness/controlPlane.ts";
import { Door } from "../../real/harness/door.ts";
import { Flux } from "../../real/harness/flux.ts";
import { credentialsIn } from "../../real/harness/kubeconfig.ts";
import { Nodes } from "../../real/harness/nodes.ts";
import { Revision } from "../../real/harness/revision.ts";
import type { Redirection } from "../../real/harness/charts.ts";
import { FluxExtension } from "./fluxExtension.ts";

/** A Kubernetes API server and control planes of the mesh, which follow the latest request to Azure. */
export class RealCluster {
  readonly cluster: Cluster;
  /** The address for clients; connections fail while it is unreachable. */
  readonly access: ClusterAccess;
  /** The credentials of the API server's administrator. */
  readonly kubeconfig: string;
  /** The directory that contains kubelogin. */
  readonly path: string;
  readonly #programs: Components;
  readonly #logs: string;
  readonly #running = new Map<string, Revision>();
  readonly #stops: (() => Promise<void>)[];
  readonly #door: Door;

  private constructor(
    parts: Pick<RealCluster, "cluster" | "kubeconfig" | "access" | "path"> & {
      readonly programs: Components;
      readonly logs: string;
      readonly door: Door;
      readonly stops: (() => Promise<void>)[];
    },
  ) {
    this.cluster = parts.cluster;
    this.kubeconfig = parts.kubeconfig;
    this.access = parts.access;
    this.path = parts.path;
    this.#programs = parts.programs;
    this.#logs = parts.logs;
    this.#door = parts.door;
    this.#stops = parts.stops;
  }

  static async start(directory: string): Promise<RealCluster> {
    const programs = await components((line) => process.stderr.write(`${line}\n`));
    const [scratch, logs, path] = ["scratch", "logs", "kubelogin"].map((name) => {
      const made = join(directory, name);
      mkdirSync(made, { recursive: true });
      return made;
    }) as [string, string, string];
    const controlPlane: ControlPlane = await startControlPlane(programs, scratch, logs);
    const cluster = Cluster.of(controlPlane.kubeconfig);
    await prepare(cluster, programs);
    await readyGateway(cluster);
    const nodes = await Nodes.start(cluster);
    const { server, certificateAuthority, token } = credentialsIn(controlPlane.kubeconfig);
    const door = await Door.open({ host: "127.0.0.1", port: Number(new URL(server).port) });
    writeExpiringKubelogin(path, token);
    return new RealCluster({
      cluster,
      kubeconfig: controlPlane.kubeconfig,
      access: {
        server: `https://127.0.0.1:${door.port}`,
        "certificate-authority-data": certificateAuthority,
      },
      path,
      programs,
      logs,
      door,
      stops: [() => nodes.stop(), () => controlPlane.stop()],
    });
  }

  /** Starts the requested revisions before Azure's response, as AKS does. */
  async follow(cloud: Cloud, redirection: Redirection): Promise<void> {
    await this.runs(revisionsIn(cloud), redirection);
  }

  /** Runs these revisions and no others. */
  async runs(wanted: readonly string[], redirection: Redirection): Promise<void> {
    for (const [name, revision] of this.#running) {
      if (wanted.includes(name)) continue;
      await revision.remove();
      this.#running.delete(name);
    }
    for (const name of wanted) {
      if (this.#running.has(name)) continue;
      const options = { name, redirection };
      const revision = await Revision.start(this.cluster, this.#programs, this.#logs, options);
      this.#running.set(name, revision);
    }
  }

  /** Starts the extension `microsoft.flux`. */
  async startFlux(): Promise<FluxExtension> {
    const flux = await Flux.start(this.cluster, this.#programs, this.#logs);
    this.#stops.unshift(() => flux.stop());
    return new FluxExtension(this.cluster, flux);
  }

  /** Runs an action while logins with Entra ID fail. */
  async withExpiredLogin<T>(run: () => Promise<T>): Promise<T> {
    const flag = join(this.path, "expired");
    writeFileSync(flag, "");
    try {
      return await run();
    } finally {
      rmSync(flag);
    }
  }

  /** Runs an action while the address of the API server refuses connections. */
  async unreachable<T>(run: () => Promise<T>): Promise<T> {
    this.#door.shut();
    try {
      return await run();
    } finally {
      await this.#door.reopen();
    }
  }

  async stop(): Promise<void> {
    for (const revision of this.#running.values()) await revision.stop();
    for (const stop of this.#stops) await stop();
    this.#door.shut();
  }
}

/** The revisions in the latest request to Azure. */
export function revisionsIn(cloud: Cloud): readonly string[] {
  const told = cloud.all.find(({ type }) => isOfKind(type, "containerservice:ManagedCluster"));
  return textsAt(at(told?.outputs, "serviceMeshProfile") ?? {}, "istio", "revisions");
}

/** Does the work of a cloud and a node for the Service of the ingress gateway. The provider waits for it. */
async function readyGateway(cluster: Cluster): Promise<void> {
  const labels = { istio: AKS.internalGateway };
  const metadata = { name: AKS.internalGateway, namespace: AKS.ingressNamespace };
  await cluster.apply({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "default", namespace: AKS.ingressNamespace },
  });
  await cluster.apply({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, labels },
    spec: { containers: [{ name: "istio-proxy", image: "registry.invalid/proxy" }] },
  });
  await giveGatewayAddress(cluster);
}

/** Returns a token of the API server's administrator as kubelogin does, or fails as it does after `az logout`. */
function writeExpiringKubelogin(directory: string, token: string): void {
  writeKubelogin(
    directory,
    { token },
    `if [ -e '${join(directory, "expired")}' ]; then
  echo "ERROR: Please run 'az login' to setup account." >&2
  exit 1
fi
`,
  );
}

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { Cluster, Resource } from "./cluster.ts";
import type { Components } from "./components.ts";
import { readCustomResources } from "./customResources.ts";
import { freePorts } from "./freePort.ts";
import { Service } from "./service.ts";
import { UNRECONCILED } from "./unreconciledKinds.ts";

const NAMESPACE = "flux-system";

/** The repository of `flux bootstrap`. */
const bootstrapped: Resource = {
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name: "flux-system", namespace: NAMESPACE },
  spec: { interval: "10m", url: "https://git.invalid/repository" },
};

/** Flux's kustomize-controller, and a stand-in for its source-controller: it serves a directory as if from Git. */
export class Flux {
  private readonly cluster: Cluster;
  private readonly server: Server;
  private readonly port: number;
  private readonly controller: Service;
  private archive = Buffer.alloc(0);

  private constructor(cluster: Cluster, server: Server, port: number, controller: Service) {
    this.cluster = cluster;
    this.server = server;
    this.port = port;
    this.controller = controller;
    server.on("request", (_, response) => response.end(this.archive));
  }

  static async start(cluster: Cluster, programs: Components, logDirectory: string): Promise<Flux> {
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    const unreconciled = UNRECONCILED.map(({ metadata }) => metadata.name);
    const kinds = readCustomResources(programs.customResources, "flux").filter(
      ({ metadata }) => !unreconciled.includes(metadata.name),
    );
    await cluster.applyAll([...kinds, ...UNRECONCILED]);
    const [port = 0, health = 0] = await freePorts(2);
    const server = createServer().listen(port, "127.0.0.1");
    await once(server, "listening");
    try {
      const controller = await Service.start({
        name: "kustomize-controller",
        command: programs.kustomizeController,
        args: [
          `--health-addr=127.0.0.1:${health}`,
          "--metrics-addr=127.0.0.1:0",
          "--requeue-dependency=1s",
          "--kube-api-qps=500",
          "--kube-api-burst=1000",
          "--watch-all-namespaces=true",
          // As Azure's Flux extension is configured: an undefined variable is an error.
          "--feature-gates=StrictPostBuildSubstitutions=true",
        ],
        environment: { KUBECONFIG: cluster.kubeconfig, RUNTIME_NAMESPACE: NAMESPACE },
        logDirectory,
        ready: async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok,
      });
      return new Flux(cluster, server, port, controller);
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /** Makes the tree `gitops/` of a directory the contents of a repository. The revision has Flux's form: `main@sha1:…`. */
  async publish(directory: string, revision: string, source = bootstrapped): Promise<void> {
    const { status, stdout, stderr } = spawnSync("tar", ["-czf", "-", "-C", directory, "gitops"]);
    if (status !== 0) throw new Error(`tar failed: ${stderr.toString()}`);
    this.archive = stdout;
    const now = new Date().toISOString();
    const { metadata } = await this.cluster.apply(source);
    const path = `gitrepository/${NAMESPACE}/${metadata.name}/${revision.split(":").at(-1) ?? ""}.tar.gz`;
    const status_ = {
      observedGeneration: metadata["generation"],
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "Succeeded",
          message: `stored artifact for revision '${revision}'`,
          lastTransitionTime: now,
          observedGeneration: metadata["generation"],
        },
      ],
      artifact: {
        path,
        url: `http://127.0.0.1:${this.port}/${path}`,
        revision,
        digest: `sha256:${createHash("sha256").update(stdout).digest("hex")}`,
        lastUpdateTime: now,
        size: stdout.length,
      },
    };
    await this.cluster.merge(source, { status: status_ }, "status");
  }

  async stop(): Promise<void> {
    await this.controller.stop();
    this.server.close();
    this.server.closeAllConnections();
  }
}

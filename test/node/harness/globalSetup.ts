import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { deployTools } from "../../deploy/harness/tools.ts";
import { giveGatewayAddress, prepare } from "../../real/harness/aks.ts";
import { Cluster } from "../../real/harness/cluster.ts";
import { components } from "../../real/harness/components.ts";
import { failed } from "../../real/harness/globalSetup.ts";
import { Temporary } from "../../real/harness/temporary.ts";
import { nodePrograms } from "./components.ts";
import { images } from "./images.ts";
import { RealNode } from "./node.ts";
import type { NodeParts } from "./node.ts";
import { packages } from "./packages.ts";
import { requireMachine } from "./requirements.ts";

/** The node that the tests use. */
export interface OnNode {
  readonly kubeconfig: string;
  /** The parts with which to start another node. */
  readonly parts: NodeParts;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly node: OnNode;
  }
}

/** Starts a node with the objects that AKS creates in a cluster, and removes everything after the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  requireMachine();
  const control = await components(say);
  const programs = await nodePrograms(say);
  const others = await packages(say);
  const sources = { programs, control, packages: others };
  const directory = new Temporary(join(tmpdir(), "aks-istio-node-"));
  const [scratch, logDirectory] = ["scratch", "logs"].map((name) => {
    const path = join(directory.path, name);
    mkdirSync(path);
    return path;
  }) as [string, string];
  const keepLogs = () => {
    // The other files include keys and tokens.
    rmSync(scratch, { recursive: true });
    directory.keep();
    say(`The logs of the node and its pods are in ${logDirectory}`);
  };

  const parts: NodeParts = {
    control,
    programs,
    debian: others.debian,
    images: await images(sources, say),
    logDirectory,
  };
  const tools = await deployTools(scratch, say);
  let node: RealNode | undefined;
  try {
    node = await RealNode.start(parts, scratch);
    const cluster = Cluster.of(node.kubeconfig);
    await prepare(cluster, control);
    await giveGatewayAddress(cluster);
  } catch (error) {
    await node?.stop();
    keepLogs();
    throw error;
  }
  const started = node;
  project.provide("scratch", scratch);
  project.provide("tools", tools);
  project.provide("node", { kubeconfig: started.kubeconfig, parts });
  return async () => {
    await started.stop();
    if (failed(project)) keepLogs();
    else directory.remove();
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

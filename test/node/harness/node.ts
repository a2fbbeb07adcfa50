import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { openSync, closeSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Door } from "../../real/harness/door.ts";
import { makeCgroups, startSweeper, sweep } from "./cgroups.ts";
import { NAMESPACES } from "./requirements.ts";
import { READY } from "./nodeConfig.ts";
import type { NodeConfig } from "./nodeConfig.ts";

const REGISTER = join(__dirname, "../../../bin/register.js");

/** Enters the given control groups, then new namespaces, whose first process waits for its child. */
const ENTER = `
for each in $CGROUPS; do echo $$ >"$each/cgroup.procs" || exit 1; done
exec unshare ${NAMESPACES.join(" ")} --fork --kill-child sh -c '"$@"; exit $?' sh "$@"`;

export type NodeParts = Pick<
  NodeConfig,
  "control" | "programs" | "debian" | "images" | "logDirectory"
>;

/** A single-node Kubernetes cluster in separate namespaces and control groups. */
export class RealNode {
  /** Reaches its API server through a loopback port. */
  readonly kubeconfig: string;
  readonly #process: ChildProcess;
  readonly #sweeper: ChildProcess;
  readonly #door: Door;

  private constructor(kubeconfig: string, child: ChildProcess, sweeper: ChildProcess, door: Door) {
    this.kubeconfig = kubeconfig;
    this.#process = child;
    this.#sweeper = sweeper;
    this.#door = door;
  }

  /** Resolves once the node and its DNS are ready. @param directory For the node's files, which are secret */
  static async start(parts: NodeParts, directory: string): Promise<RealNode> {
    const socket = join(directory, "api.sock");
    const door = await Door.open({ path: socket });
    const cgroups = makeCgroups();
    const sweeper = startSweeper(cgroups);
    const kubeconfig = join(directory, "kubeconfig");
    const config: NodeConfig = {
      ...parts,
      hierarchies: cgroups.hierarchies,
      outsideServer: `https://localhost:${door.port}`,
      outsideKubeconfig: kubeconfig,
      socket,
    };
    const configFile = join(directory, "node.json");
    writeFileSync(configFile, JSON.stringify(config));
    const logFile = join(parts.logDirectory, "node.log");
    const log = openSync(logFile, "a");
    const inside = [process.execPath, "--require", REGISTER, join(__dirname, "inside.ts")];
    const child = spawn("sh", ["-c", ENTER, "sh", ...inside, configFile], {
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        CGROUPS: cgroups.directories.join(" "),
      },
      stdio: ["pipe", "pipe", log],
      // Ctrl+C must reach only this process, which stops the node in an orderly way.
      detached: true,
    });
    closeSync(log);
    const node = new RealNode(kubeconfig, child, sweeper, door);
    try {
      await ready(child);
    } catch (error) {
      await node.stop();
      throw new Error(`The node did not start.\n${lastLines(logFile)}`, { cause: error });
    }
    return node;
  }

  /** Resolves once the node's processes, mounts, addresses and control groups are gone. */
  async stop(): Promise<void> {
    this.#door.shut();
    const { exitCode, signalCode } = this.#process;
    if (exitCode === null && signalCode === null) {
      const ended = once(this.#process, "exit");
      this.#process.stdin?.end();
      await ended;
    }
    await sweep(this.#sweeper);
  }
}

async function ready({ stdout }: ChildProcess): Promise<void> {
  let written = "";
  // The loop ends when the process does.
  for await (const part of stdout ?? []) {
    written += String(part);
    if (written.includes(READY)) return;
  }
  throw new Error("The process ended before the node was ready.");
}

function lastLines(file: string): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-30).join("\n");
}

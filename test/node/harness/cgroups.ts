import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";

/** A cgroup hierarchy: version 2 has one for all controllers, version 1 has one for each or for a few of them. */
export interface Hierarchy {
  readonly type: "cgroup" | "cgroup2";
  readonly mountPoint: string;
  /** In version 1, its controllers or its name, as `mount -o` accepts them. */
  readonly options: string;
}

/** The node's control group in each hierarchy. */
export interface NodeCgroups {
  readonly hierarchies: readonly Hierarchy[];
  readonly directories: readonly string[];
}

const PREFIX = "aks-istio-node-";
const SWEEPER = join(__dirname, "sweepCgroups.js");

/** Creates the node's control groups, and removes those of earlier runs whose process has ended. */
export function makeCgroups(): NodeCgroups {
  const found = hierarchies();
  const parents = found.map(({ parent }) => parent);
  sweepLeftovers(parents);
  const directories = parents.map((parent) => make(join(parent, `${PREFIX}${process.pid}`)));
  return { hierarchies: found.map(({ hierarchy }) => hierarchy), directories };
}

/** Starts a process that removes the control groups when its standard input ends, even if this process is killed. */
export function startSweeper({ directories }: NodeCgroups): ChildProcess {
  const sweeper = spawn(process.execPath, [SWEEPER, ...directories], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true,
  });
  sweeper.unref();
  return sweeper;
}

/** Resolves once the control groups are removed. */
export async function sweep(sweeper: ChildProcess): Promise<void> {
  const ended = once(sweeper, "exit");
  sweeper.ref();
  sweeper.stdin?.end();
  await ended;
}

/** The existing control groups of the node that a process started. */
export function cgroupsOf(starter: number): string[] {
  return hierarchies()
    .map(({ parent }) => join(parent, `${PREFIX}${starter}`))
    .filter((directory) => existsSync(directory));
}

/** Why control groups cannot be created here; empty if they can. */
export function cgroupProblem(): string[] {
  try {
    const found = hierarchies();
    if (found.length === 0) throw new Error("/proc/self/mountinfo lists no mounted cgroup");
    for (const { parent } of found) {
      const trial = make(join(parent, `${PREFIX}trial-${process.pid}`));
      rmdirSync(trial);
    }
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`Control groups cannot be created: ${why}. In a container, run it with --privileged.`];
  }
}

function make(directory: string): string {
  mkdirSync(directory);
  // In version 1, a group without processors and memory nodes does not accept processes.
  for (const file of ["cpuset.cpus", "cpuset.mems"]) {
    const inherited = join(directory, "..", file);
    if (!existsSync(inherited) || !existsSync(join(directory, file))) continue;
    if (existsSync(join(directory, "cgroup.controllers"))) continue;
    writeFileSync(join(directory, file), readFileSync(inherited));
  }
  return directory;
}

function sweepLeftovers(parents: readonly string[]): void {
  const left = parents.flatMap((parent) =>
    readdirSync(parent)
      .filter(
        (name) => name.startsWith(PREFIX) && !existsSync(`/proc/${name.split("-").pop() ?? ""}`),
      )
      .map((name) => join(parent, name)),
  );
  if (left.length > 0) spawnSync(process.execPath, [SWEEPER, ...left], { stdio: "ignore" });
}

/** The hierarchies, each with the directory in which to create a control group. */
function hierarchies(): { readonly hierarchy: Hierarchy; readonly parent: string }[] {
  const own = readFileSync("/proc/self/cgroup", "utf8")
    .trim()
    .split("\n")
    .map((line) => /^\d+:(.*?):(.*)$/.exec(line)?.slice(1) as [string, string]);
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").trim().split("\n").map(parseMount);
  const versionOne = mounts.some(({ type }) => type === "cgroup");
  return mounts.flatMap(({ type, root, mountPoint, options }) => {
    if (type !== "cgroup" && type !== "cgroup2") return [];
    const mine = own.find(([controllers]) =>
      type === "cgroup2"
        ? controllers === ""
        : controllers !== "" && controllers.split(",").every((each) => options.includes(each)),
    );
    if (mine === undefined) return [];
    const [controllers, path] = mine;
    // In version 2, a group with processes cannot have children with controllers, so the group goes below the root.
    const parent =
      type === "cgroup2" && !versionOne ? mountPoint : join(mountPoint, relative(root, path));
    return [{ hierarchy: { type, mountPoint, options: controllers }, parent }];
  });
}

/** @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
function parseMount(line: string) {
  const [before = "", after = ""] = line.split(" - ");
  const [, , , root = "", mountPoint = ""] = before.split(" ");
  const [type = "", , options = ""] = after.split(" ");
  return { root, mountPoint, type, options: options.split(",") };
}

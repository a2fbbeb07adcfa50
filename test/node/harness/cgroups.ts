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

/** A hierarchy of control groups: one for all controllers in version 2, one for each or for a few in version 1. */
export interface Hierarchy {
  readonly type: "cgroup" | "cgroup2";
  readonly mountPoint: string;
  /** In version 1, its controllers or its name, as `mount -o` reads them. */
  readonly options: string;
}

/** The node's own control group in each hierarchy. */
export interface NodeCgroups {
  readonly hierarchies: readonly Hierarchy[];
  readonly directories: readonly string[];
}

const PREFIX = "aks-istio-node-";
const SWEEPER = join(__dirname, "sweepCgroups.js");

/** Makes the node's control groups, and removes those of earlier runs that nothing is left of. */
export function makeCgroups(): NodeCgroups {
  const found = hierarchies();
  const parents = found.map(({ parent }) => parent);
  sweepLeftovers(parents);
  const directories = parents.map((parent) => make(join(parent, `${PREFIX}${process.pid}`)));
  return { hierarchies: found.map(({ hierarchy }) => hierarchy), directories };
}

/** What removes the node's control groups once its standard input ends, also where this process is killed. */
export function startSweeper({ directories }: NodeCgroups): ChildProcess {
  const sweeper = spawn(process.execPath, [SWEEPER, ...directories], {
    stdio: ["pipe", "ignore", "inherit"],
    detached: true,
  });
  sweeper.unref();
  return sweeper;
}

/** Resolves once they are gone. */
export async function sweep(sweeper: ChildProcess): Promise<void> {
  const ended = once(sweeper, "exit");
  sweeper.ref();
  sweeper.stdin?.end();
  await ended;
}

/** The control groups that exist of a node that a process started. */
export function cgroupsOf(starter: number): string[] {
  return hierarchies()
    .map(({ parent }) => join(parent, `${PREFIX}${starter}`))
    .filter((directory) => existsSync(directory));
}

/** Why no control group can be made here, if none can. */
export function cgroupProblem(): string[] {
  try {
    const found = hierarchies();
    if (found.length === 0) throw new Error("/proc/self/mountinfo has no mounted cgroup");
    for (const { parent } of found) {
      const trial = make(join(parent, `${PREFIX}trial-${process.pid}`));
      rmdirSync(trial);
    }
    return [];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`Control groups cannot be made: ${why}. In a container, run it with --privileged.`];
  }
}

function make(directory: string): string {
  mkdirSync(directory);
  // In version 1, one without processors or memory accepts no process.
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

/** The hierarchies with the directory in which to make a control group. */
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
    // In version 2, a group that has processes has no children with controllers: beside the root's, then.
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

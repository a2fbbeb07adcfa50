import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Hierarchy } from "./cgroups.ts";
import { run } from "./run.ts";

/** The files that the node writes, except logs: in memory, so they disappear with the node. */
export const STATE = "/run/node";

export const NODE_ADDRESS = "172.30.0.1";
const GATEWAY = "172.30.0.254";

/** Directories with fixed paths of the kubelet and of containers. Their writes must not reach the machine. */
const SHIELDED = ["/var/lib", "/var/log"];

/** The kubelet would set these for the whole machine unless they already have these values. */
const SYSCTLS = {
  "vm/overcommit_memory": 1,
  "vm/panic_on_oom": 0,
  "kernel/panic": 10,
  "kernel/panic_on_oops": 1,
  "kernel/keys/root_maxkeys": 1000000,
  "kernel/keys/root_maxbytes": 25000000,
} as const;

/** Turns the namespaces of this process into the machine of a node. */
export function makeMachine(hierarchies: readonly Hierarchy[]): void {
  // The node's mounts, such as those of secrets, must propagate to pods.
  run("mount", ["--make-rshared", "/"]);
  run("mount", ["-t", "proc", "proc", "/proc"]);
  run("mount", ["-t", "sysfs", "sysfs", "/sys"]);
  mountCgroups(hierarchies);
  tmpfs("/run");
  mkdirSync(join(STATE, "tmp"), { recursive: true });
  SHIELDED.forEach(shield);
  hideSysctls();
  run("hostname", ["node"]);
  makeNetwork();
}

function tmpfs(path: string): void {
  run("mount", ["-t", "tmpfs", "tmpfs", path]);
}

/** Mounts the hierarchies again: in a cgroup namespace, they start at the node's own groups. */
function mountCgroups(hierarchies: readonly Hierarchy[]): void {
  const versionOne = hierarchies.filter(({ type }) => type === "cgroup");
  if (versionOne.length === 0) {
    const [only] = hierarchies;
    if (only !== undefined) mountVersionTwo(only.mountPoint);
    return;
  }
  tmpfs("/sys/fs/cgroup");
  for (const { mountPoint, options } of versionOne) {
    mkdirSync(mountPoint);
    run("mount", [
      "-t",
      "cgroup",
      "-o",
      options.startsWith("name=") ? `none,${options}` : options,
      "cgroup",
      mountPoint,
    ]);
    const name = basename(mountPoint);
    for (const controller of options.includes(",") ? options.split(",") : []) {
      symlinkSync(name, join("/sys/fs/cgroup", controller));
    }
  }
}

/** A group with processes cannot have children with controllers, so its processes first move into a child. */
function mountVersionTwo(mountPoint: string): void {
  run("mount", ["-t", "cgroup2", "cgroup2", mountPoint]);
  const script = `
    mkdir system
    for each in $(cat cgroup.procs); do echo $each >system/cgroup.procs || true; done
    for each in $(cat cgroup.controllers); do echo +$each >cgroup.subtree_control; done`;
  run("sh", ["-c", script], { cwd: mountPoint });
}

/** Covers a directory with an overlay that keeps writes in memory. */
function shield(path: string): void {
  const [upper, work] = ["upper", "work"].map((kind) => {
    const directory = join("/run/shields", basename(path), kind);
    mkdirSync(directory, { recursive: true });
    return directory;
  }) as [string, string];
  const layers = `lowerdir=${path},upperdir=${upper},workdir=${work}`;
  run("mount", ["-t", "overlay", "overlay", "-o", layers, path]);
}

function hideSysctls(): void {
  for (const [name, value] of Object.entries(SYSCTLS)) {
    const path = join("/proc/sys", name);
    if (!existsSync(path)) continue;
    const file = join("/run", name.replaceAll("/", "."));
    writeFileSync(file, `${value}\n`);
    run("mount", ["--bind", file, path]);
  }
}

/** A separate network: an address, and a default route that leads nowhere. */
function makeNetwork(): void {
  const ip = (line: string) => run("ip", line.split(" "));
  ip("link set lo up");
  ip("link add node0 type veth peer name node1");
  ip(`address add ${NODE_ADDRESS}/24 dev node0`);
  ip("link set node1 up");
  ip("link set node0 up");
  // No link has the addresses of Services: packets need a route to reach kube-proxy's rules.
  ip(`route add default via ${GATEWAY} dev node0`);
  writeFileSync("/proc/sys/net/ipv4/ip_forward", "1\n");
}

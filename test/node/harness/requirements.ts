import { spawnSync } from "node:child_process";
import { cgroupProblem } from "./cgroups.ts";

/** The required commands, each with the Debian package that contains it. */
const COMMANDS = {
  unshare: "util-linux",
  mount: "mount",
  ip: "iproute2",
  tar: "tar",
  ldd: "libc-bin",
  openssl: "openssl",
  "apt-get": "apt",
  "dpkg-deb": "dpkg",
  python3: "python3",
} as const;

/** The namespaces that the node does not share. */
export const NAMESPACES = ["--net", "--mount", "--uts", "--ipc", "--cgroup", "--pid"] as const;

/** Operations in these namespaces that the kernel must allow. */
const TRIAL = `
mount -t tmpfs tmpfs /run && mkdir /run/upper /run/work &&
mount -t overlay overlay -o lowerdir=/var/lib,upperdir=/run/upper,workdir=/run/work /var/lib &&
mount -t proc proc /proc && echo 1 >/proc/sys/net/ipv4/ip_forward &&
ip link add trial0 type veth peer name trial1`;

/** @throws Error that lists everything that this machine lacks, each with the fix */
export function requireMachine(): void {
  const problems = [...basics(), ...missingCommands()];
  // If these fail, the other checks would only repeat them.
  if (problems.length === 0) problems.push(...namespaceProblem(), ...cgroupProblem());
  if (problems.length === 0) return;
  throw new Error(
    ["npm run test:node cannot start a node on this machine:", ...problems]
      .join("\n- ")
      .concat(
        "\ntest/node/README.md lists the requirements. npm run test:real does not require a node.",
      ),
  );
}

function basics(): string[] {
  const { platform, arch } = process;
  return [
    ...(platform === "linux" && arch === "x64"
      ? []
      : [
          `This is ${platform} on ${arch}. A node requires Linux on x64: run it in a virtual machine.`,
        ]),
    ...(process.getuid?.() === 0
      ? []
      : ["Namespaces, mounts and cgroups require root: run it with sudo."]),
  ];
}

function missingCommands(): string[] {
  const missing = Object.entries(COMMANDS).filter(
    ([command]) => spawnSync("sh", ["-c", `command -v ${command}`]).status !== 0,
  );
  const problems = missing.map(
    ([command, name]) => `${command} is not installed: apt-get install ${name}.`,
  );
  if (missing.some(([command]) => command === "python3")) return problems;
  if (spawnSync("python3", ["-m", "pip", "--version"]).status !== 0) {
    problems.push("pip, which downloads Envoy, is not installed: apt-get install python3-pip.");
  }
  return problems;
}

function namespaceProblem(): string[] {
  const { status, stderr } = spawnSync(
    "unshare",
    [...NAMESPACES, "--fork", "--kill-child", "sh", "-c", TRIAL],
    { encoding: "utf8" },
  );
  if (status === 0) return [];
  return [
    `The kernel does not allow namespaces, or mounts and devices in them: ${stderr.trim()}. In a container, run it with --privileged.`,
  ];
}

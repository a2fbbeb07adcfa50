import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Service } from "../../real/harness/service.ts";
import { IMAGES } from "./images.ts";
import { STATE } from "./machine.ts";
import type { NodeConfig } from "./nodeConfig.ts";

export const SOCKET = "/run/containerd/containerd.sock";
const CNI = { programs: "/run/cni/bin", configuration: "/run/cni/net.d" } as const;
const POD_RANGE = "10.244.0.0/24";

/** Starts containerd, with runc and the CNI plugins. */
export async function startRuntime({ programs, logDirectory }: NodeConfig): Promise<void> {
  mkdirSync(CNI.programs, { recursive: true });
  mkdirSync(CNI.configuration, { recursive: true });
  for (const plugin of ["ptp", "host-local", "loopback"]) {
    symlinkSync(join(programs, plugin), join(CNI.programs, plugin));
  }
  writeFileSync(join(CNI.configuration, "10-pods.conflist"), JSON.stringify(network));
  const config = join(STATE, "containerd.toml");
  writeFileSync(config, containerdToml);
  await Service.start({
    name: "containerd",
    command: "containerd",
    args: ["--config", config],
    environment: environment(),
    logDirectory,
    ready: async () => (await ctr(["version"])) === 0,
  });
}

/** The environment in which programs from the Debian packages find their libraries. */
function environment(): Record<string, string> {
  const names = ["LD_LIBRARY_PATH", "XTABLES_LIBDIR", "TMPDIR"];
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? ""]));
}
export { environment as runtimeEnvironment };

/** Imports the images into containerd, instead of pulling them from a registry. */
export async function importImages(directory: string): Promise<void> {
  for (const tar of readdirSync(directory)) {
    const code = await ctr(["--namespace", "k8s.io", "images", "import", join(directory, tar)]);
    if (code !== 0) throw new Error(`containerd cannot import the image ${tar}: see node.log.`);
  }
}

async function ctr(args: readonly string[]): Promise<number | null> {
  const child = spawn("ctr", ["--address", SOCKET, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

/** Each pod has a separate link to the node, which routes between pods, so all packets pass kube-proxy's rules. */
const network = {
  cniVersion: "1.0.0",
  name: "pods",
  plugins: [
    {
      type: "ptp",
      ipMasq: false,
      ipam: {
        type: "host-local",
        dataDir: "/run/cni/networks",
        ranges: [[{ subnet: POD_RANGE }]],
        routes: [{ dst: "0.0.0.0/0" }],
      },
    },
  ],
};

const containerdToml = `
version = 2
root = "${STATE}/containerd"
state = "/run/containerd/state"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = "${SOCKET}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${IMAGES.pause}"
  # Who starts this need not be able to lower the score of a process.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${CNI.programs}"
    conf_dir = "${CNI.configuration}"
`;

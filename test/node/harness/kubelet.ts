import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cluster, Resource } from "../../real/harness/cluster.ts";
import { Service } from "../../real/harness/service.ts";
import { waitFor } from "../../real/harness/waitFor.ts";
import { DNS_ADDRESS } from "./dns.ts";
import { NODE_ADDRESS, STATE } from "./machine.ts";
import type { NodeConfig } from "./nodeConfig.ts";
import { SOCKET, runtimeEnvironment } from "./runtime.ts";

export const NODE_NAME = "node";

/** Starts the scheduler, the kubelet and kube-proxy. Resolves once the node is ready. */
export async function startKubelet(cluster: Cluster, config: NodeConfig): Promise<void> {
  const { programs, logDirectory } = config;
  const { kubeconfig } = cluster;
  const file = (name: string, content: object) => {
    const path = join(STATE, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const start = async (name: string, args: readonly string[], ready: () => Promise<boolean>) => {
    const command = join(programs, name);
    const environment = runtimeEnvironment();
    await Service.start({ name, command, args, environment, logDirectory, ready });
  };
  const resolver = join(STATE, "resolv.conf");
  // The machine's name servers are not reachable.
  writeFileSync(resolver, "");
  const healthy = (port: number) => async () =>
    (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  await Promise.all([
    start(
      "kube-scheduler",
      [`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"],
      () => Promise.resolve(true),
    ),
    start(
      "kubelet",
      [
        `--config=${file("kubelet.json", kubeletConfiguration(config, resolver))}`,
        `--kubeconfig=${kubeconfig}`,
        `--root-dir=${join(STATE, "kubelet")}`,
        `--cert-dir=${join(STATE, "kubelet-certificates")}`,
        `--hostname-override=${NODE_NAME}`,
        `--node-ip=${NODE_ADDRESS}`,
      ],
      healthy(KUBELET_PORT),
    ),
    start(
      "kube-proxy",
      [`--config=${file("kube-proxy.json", kubeProxyConfiguration(kubeconfig))}`],
      healthy(KUBE_PROXY_PORT),
    ),
  ]);
  await waitFor("the node to be ready", async () => {
    const node = await cluster.find<NodeObject>("v1", "Node", NODE_NAME);
    const ready = node?.status.conditions?.find(({ type }) => type === "Ready");
    if (ready?.status !== "True") throw new Error(ready?.message ?? "the node does not exist");
    return true;
  });
}

interface NodeObject extends Resource {
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message: string;
    }[];
  };
}

/** Default ports. */
const KUBELET_PORT = 10248;
const KUBE_PROXY_PORT = 10256;

/** @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ */
function kubeletConfiguration({ logDirectory }: NodeConfig, resolver: string): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    containerRuntimeEndpoint: `unix://${SOCKET}`,
    // Many machines still have version 1 of control groups, which is deprecated.
    failCgroupV1: false,
    cgroupDriver: "cgroupfs",
    failSwapOn: false,
    resolvConf: resolver,
    clusterDNS: [DNS_ADDRESS],
    clusterDomain: "cluster.local",
    // Only this node can reach the kubelet.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: "AlwaysAllow" },
    podLogsDir: join(logDirectory, "pods"),
    volumePluginDir: join(STATE, "volume-plugins"),
    serializeImagePulls: false,
    // The disk belongs to the machine, so its usage must not cause garbage collection or evictions.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "0%",
      "nodefs.inodesFree": "0%",
      "imagefs.available": "0%",
    },
    kubeAPIQPS: 100,
    kubeAPIBurst: 200,
  };
}

/** @see https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/ */
function kubeProxyConfiguration(kubeconfig: string): object {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "iptables",
    clusterCIDR: "10.244.0.0/16",
    hostnameOverride: NODE_NAME,
    clientConnection: { kubeconfig },
    // Other values would change settings of the whole machine.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    iptables: { minSyncPeriod: "0s" },
  };
}

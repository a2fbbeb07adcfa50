import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cluster } from "./cluster.ts";
import type { Components } from "./components.ts";
import { freePorts } from "./freePort.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { Service } from "./service.ts";

/** Without nodes: those that the tests see the work of. */
const CONTROLLERS = [
  "deployment-controller",
  // In addition to the slices: the Kubernetes provider waits for the Endpoints of every Service.
  "endpoints-controller",
  "endpointslice-controller",
  "garbage-collector-controller",
  "namespace-controller",
  "replicaset-controller",
  "root-ca-certificate-publisher-controller",
  "serviceaccount-controller",
];

/** With nodes, all that run by default but one, which asks for metrics that nobody has. */
const CONTROLLERS_OF_NODES = ["*", "-horizontal-pod-autoscaler-controller"];

/** The range of the Services' addresses. */
export const SERVICE_RANGE = "10.0.0.0/16";

/** A Kubernetes control plane on loopback. */
export interface ControlPlane {
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/**
 * Starts etcd, the API server and the controllers; what has started is stopped when something does not. Nodes reach it
 * at the address that is given; without one, nothing but loopback does.
 */
export async function startControlPlane(
  programs: Components,
  directory: string,
  logDirectory: string,
  nodeAddress?: string,
): Promise<ControlPlane> {
  const started: Service[] = [];
  const stop = async () => {
    // In reverse order: otherwise each would complain about the loss of its server.
    for (const service of started.toReversed()) await service.stop();
  };
  try {
    return {
      kubeconfig: await start(programs, directory, logDirectory, started, nodeAddress),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  programs: Components,
  directory: string,
  logDirectory: string,
  started: Service[],
  nodeAddress?: string,
): Promise<string> {
  const [etcdPort, peerPort, apiPort] = await freePorts(3);
  const etcd = `http://127.0.0.1:${etcdPort ?? 0}`;
  const peer = `http://127.0.0.1:${peerPort ?? 0}`;
  const server = `https://${nodeAddress ?? "127.0.0.1"}:${apiPort ?? 0}`;
  const certificates = join(directory, "certificates");
  mkdirSync(certificates);
  const file = (name: string, content: string) => {
    const path = join(certificates, name);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signingKey = file(
    "accounts.key",
    privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  );
  const verifyingKey = file(
    "accounts.pub",
    publicKey.export({ type: "spki", format: "pem" }).toString(),
  );
  const token = "admin";
  const tokens = file("tokens.csv", `${token},admin,admin,system:masters\n`);

  started.push(
    await Service.start({
      name: "etcd",
      command: programs.etcd,
      args: [
        `--data-dir=${join(directory, "etcd")}`,
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        // Nothing here outlives the run.
        "--unsafe-no-fsync",
      ],
      logDirectory,
      ready: async () => (await fetch(`${etcd}/health`)).ok,
    }),
  );

  const kubeconfig = join(directory, "kubeconfig");
  const authority = join(certificates, "apiserver.crt");
  started.push(
    await Service.start({
      name: "kube-apiserver",
      command: programs.kubeApiServer,
      args: [
        `--etcd-servers=${etcd}`,
        `--bind-address=${nodeAddress === undefined ? "127.0.0.1" : "0.0.0.0"}`,
        `--secure-port=${apiPort ?? 0}`,
        `--cert-dir=${certificates}`,
        "--service-account-issuer=https://kubernetes.default.svc",
        `--service-account-key-file=${verifyingKey}`,
        `--service-account-signing-key-file=${signingKey}`,
        `--token-auth-file=${tokens}`,
        "--authorization-mode=RBAC",
        // Sidecars request privileges if nothing else redirects the traffic.
        "--allow-privileged=true",
        `--service-cluster-ip-range=${SERVICE_RANGE}`,
        ...(nodeAddress === undefined
          ? // An address of loopback is none that a cluster could be told of.
            ["--endpoint-reconciler-type=none", "--advertise-address=192.0.2.1"]
          : [`--advertise-address=${nodeAddress}`, "--kubelet-preferred-address-types=InternalIP"]),
      ],
      logDirectory,
      ready: async () => {
        // Its certificate is signed by itself, and so its own authority.
        const certificateAuthority = readFileSync(authority).toString("base64");
        const text = kubeconfigOf({ server, certificateAuthority, token });
        writeFileSync(kubeconfig, text, { mode: 0o600 });
        const cluster = Cluster.of(kubeconfig);
        return (await cluster.find("v1", "Namespace", "kube-system")) !== undefined;
      },
    }),
  );

  const cluster = Cluster.of(kubeconfig);
  started.push(
    await Service.start({
      name: "kube-controller-manager",
      command: programs.kubeControllerManager,
      args: [
        `--kubeconfig=${kubeconfig}`,
        `--controllers=${(nodeAddress === undefined ? CONTROLLERS : CONTROLLERS_OF_NODES).join(",")}`,
        `--root-ca-file=${authority}`,
        "--leader-elect=false",
        // By default it limits its requests, to spare an API server that a large cluster shares.
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
        "--secure-port=0",
      ],
      logDirectory,
      ready: async () =>
        (await cluster.find("v1", "ServiceAccount", "default", "default")) !== undefined,
    }),
  );
  return kubeconfig;
}

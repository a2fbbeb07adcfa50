import { beforeAll, describe, expect, inject, test } from "vitest";
import { Cluster } from "../real/harness/cluster.ts";
import type { Resource } from "../real/harness/cluster.ts";
import type { Pod } from "../real/harness/pods.ts";
import { NODE_NAME } from "./harness/kubelet.ts";
import { load, settled } from "./harness/load.ts";
import { client, deployed, namespace, podinfo } from "./harness/workloads.ts";

const cluster = Cluster.of(inject("node").kubeconfig);
const NAMESPACE = "without-a-mesh";

interface NodeObject extends Resource {
  readonly status: {
    readonly nodeInfo: {
      readonly kubeletVersion: string;
      readonly containerRuntimeVersion: string;
    };
  };
}

describe("a node", () => {
  let from: Pod;

  beforeAll(async () => {
    await cluster.apply(namespace(NAMESPACE));
    [from] = (await deployed(cluster, client(NAMESPACE))) as [Pod];
    await deployed(cluster, podinfo(NAMESPACE, "app", { replicas: 2 }));
  });

  test("runs a kubelet of the control plane's version, and containerd", async () => {
    const node = await cluster.find<NodeObject>("v1", "Node", NODE_NAME);
    const { gitVersion } = await cluster.version();
    expect(node?.status.nodeInfo.kubeletVersion).toBe(gitVersion);
    expect(node?.status.nodeInfo.containerRuntimeVersion).toMatch(/^containerd:\/\/\d/);
  });

  test("resolves the name of a Service, and reaches all of its pods", async () => {
    const options = { url: `http://app.${NAMESPACE}.svc.cluster.local/`, fresh: true, rate: 50 };
    await settled(cluster, from, options, "200");
    const counted = { ...options, requests: 60, field: "hostname" };
    const { by, failures, fields } = await load(cluster, from, counted);
    expect({ by, failures }).toEqual({ by: { "200": 60 }, failures: [] });
    const pods = await cluster.list<Pod>("v1", "Pod", { namespace: NAMESPACE, labels: "app=app" });
    expect(Object.keys(fields).sort()).toEqual(pods.map(({ metadata }) => metadata.name).sort());
  });

  test("resolves only the cluster's own names", async () => {
    const report = await load(cluster, from, { url: "http://example.com/" });
    expect(report).toMatchObject({ sent: 1, ok: 0, by: { "name not found": 1 } });
  });
});

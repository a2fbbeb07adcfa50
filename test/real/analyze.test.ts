import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AKS_NAMESPACES } from "./harness/aks.ts";
import { deleteAll, namesAreFree, namespacesOf } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { gitopsObjects } from "./harness/gitops.ts";
import { analyze } from "./harness/analyze.ts";
import type { Finding } from "./harness/analyze.ts";
import { Nodes } from "./harness/nodes.ts";
import { cluster, onLoopback, startRevision } from "./harness/real.ts";
import { render } from "./harness/render.ts";
import type { Revision } from "./harness/revision.ts";

const REVISION = "asm-1-30";

/**
 * istioctl reports IST0102 for every namespace without a sidecar, and advises the label istio-injection=enabled, which
 * makes the add-on skip the namespace. No webhook injects into these on purpose: two belong to AKS, the settings keep batch
 * out, cert-manager needs no sidecars, the manifests of podinfo-manual contain them, and default is unused. It reports
 * IST0101 for Gateways whose pods do not run, as here.
 */
const EXPECTED: readonly Finding[] = [
  { code: "IST0101", origin: "Gateway aks-istio-ingress/podinfo" },
  { code: "IST0102", origin: "Namespace aks-istio-ingress" },
  { code: "IST0102", origin: "Namespace aks-istio-system" },
  { code: "IST0102", origin: "Namespace batch" },
  { code: "IST0102", origin: "Namespace cert-manager" },
  { code: "IST0102", origin: "Namespace default" },
  { code: "IST0102", origin: "Namespace podinfo-manual" },
];

describe.skipIf(!onLoopback)("istioctl analyze (of a cluster on loopback)", () => {
  let nodes: Nodes;
  let revision: Revision;
  let objects: Resource[];

  beforeAll(async () => {
    nodes = await Nodes.start(cluster);
    revision = await startRevision(REVISION);
    objects = [...(await render()), ...gitopsObjects()];
    await namesAreFree(cluster, namespacesOf(objects));
    await cluster.applyAll(objects);
  });

  afterAll(async () => {
    await deleteAll(cluster, objects);
    await revision.remove();
    await nodes.stop();
  });

  async function findings(): Promise<Finding[]> {
    return await analyze(REVISION, [...AKS_NAMESPACES, "default", ...namespacesOf(objects)]);
  }

  test("has only intended findings in the objects of the program and of Flux", async () => {
    expect(await findings()).toEqual(EXPECTED);
  });

  test("would find a second VirtualService for a host, and one without a destination", async () => {
    const name = "podinfo.podinfo.svc.cluster.local";
    const destination = { host: "podinfos.podinfo.svc.cluster.local" };
    const twin: Resource = {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: "twin", namespace: "podinfo" },
      spec: { hosts: [name], http: [{ route: [{ destination }] }] },
    };
    await cluster.apply(twin);
    const isAbsent = ({ code }: Finding) => code === "IST0101";
    expect(await findings()).toEqual([
      ...EXPECTED.filter(isAbsent),
      { code: "IST0101", origin: "VirtualService podinfo/twin" },
      ...EXPECTED.filter((finding) => !isAbsent(finding)),
      { code: "IST0109", origin: "VirtualService podinfo/podinfo" },
      { code: "IST0109", origin: "VirtualService podinfo/twin" },
    ]);
    await cluster.remove(twin);
  });
});

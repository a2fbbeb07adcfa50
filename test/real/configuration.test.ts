import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL, sharedConfigMapName } from "../../mesh/names.ts";
import { deleteAll, namesAreFree, namespacesOf } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { gitopsObjects, isIstio } from "./harness/gitops.ts";
import { findAll, named } from "./harness/json.ts";
import { Nodes } from "./harness/nodes.ts";
import type { Pod } from "./harness/pods.ts";
import { identityOf, pushedTo } from "./harness/proxy.ts";
import { plainTextChains } from "./harness/pushed.ts";
import type { PushedConfiguration } from "./harness/pushed.ts";
import { cluster, onLoopback, startRevision } from "./harness/real.ts";
import { render } from "./harness/render.ts";
import type { Revision } from "./harness/revision.ts";
import { waitFor } from "./harness/waitFor.ts";

const REVISION = "asm-1-30";

describe.skipIf(!onLoopback)("Istio configuration (asks an istiod on loopback)", () => {
  let revision: Revision;
  let nodes: Nodes;
  let objects: Resource[];
  let pod: Pod;
  const meshWide = () =>
    objects.filter(({ metadata }) => metadata.namespace === CONTROL_PLANE_NAMESPACE);

  beforeAll(async () => {
    nodes = await Nodes.start(cluster);
    revision = await startRevision(REVISION);
    objects = [...(await render()), ...gitopsObjects()];
    await namesAreFree(cluster, namespacesOf(objects));
    await cluster.applyAll(objects.filter((object) => !meshWide().includes(object)));
    pod = await waitFor("a pod of podinfo with an address", async () => {
      const pods = await cluster.list<Pod>("v1", "Pod", { namespace: "podinfo" });
      return pods.find(({ status }) => status?.podIP !== undefined);
    });
  });

  afterAll(async () => {
    await deleteAll(cluster, objects);
    await revision.remove();
    await nodes.stop();
  });

  /** Asks the revision's validating webhook, which is called for objects with the revision's label. */
  async function validate(object: Resource): Promise<void> {
    const labels = { ...object.metadata.labels, [REVISION_LABEL]: REVISION };
    await cluster.apply({ ...object, metadata: { ...object.metadata, labels } }, { dryRun: true });
  }

  /** The configuration that istiod pushes to the pod's proxy, once it is as expected. */
  async function pushed(
    what: string,
    expected: (configuration: PushedConfiguration) => boolean,
  ): Promise<PushedConfiguration> {
    return await waitFor(what, async () => {
      const configuration = await pushedTo(identityOf(pod), revision.ports);
      return expected(configuration) && configuration;
    });
  }

  test("passes istiod's validation completely", async () => {
    const istio = objects.filter(isIstio);
    expect(istio.length).toBeGreaterThan(0);
    for (const object of istio) await validate(object);
  });

  test("would not pass with a mistake that only istiod detects", async () => {
    const rule: Resource = {
      apiVersion: "networking.istio.io/v1",
      kind: "DestinationRule",
      metadata: { name: "mistake", namespace: "podinfo" },
      spec: { host: "podinfo", subsets: [{ name: "not a label" }] },
    };
    await cluster.apply(rule, { dryRun: true });
    await expect(validate(rule)).rejects.toThrow("validation.istio.io");
  });

  test("gives a call of podinfo its timeout, and its instances their outlier detection", async () => {
    const { routes, clusters } = await pushed("the route to podinfo", (configuration) =>
      JSON.stringify(configuration.routes).includes('"10s"'),
    );
    const name = "outbound|80||podinfo.podinfo.svc.cluster.local";
    const [route] = findAll(routes, (value) => value["cluster"] === name && "timeout" in value);
    expect(route).toMatchObject({
      timeout: "10s",
      retryPolicy: { numRetries: 2, perTryTimeout: "3s" },
    });
    expect(named(clusters, name)).toMatchObject({
      outlierDetection: { consecutive5xx: 5, interval: "10s", baseEjectionTime: "30s" },
    });
  });

  test("admits only the namespaces in the authorization policy", async () => {
    const { listeners } = await pushed("the policy", (configuration) =>
      JSON.stringify(configuration.listeners).includes("ns[podinfo]-policy[podinfo]-rule[0]"),
    );
    const [filter] = findAll(listeners, (value) => "ns[podinfo]-policy[podinfo]-rule[0]" in value);
    const text = JSON.stringify(filter);
    expect(text).toContain("/ns/podinfo/");
    expect(text).toContain("/ns/aks-istio-ingress/");
    expect(text).not.toContain("/ns/shop/");
  });

  test("accepts plain text until mutual TLS is strict, and writes access logs once configured", async () => {
    const plain = await pushed("listeners", ({ listeners }) => listeners.length > 0);
    expect(plainTextChains(plain)).not.toEqual([]);
    expect(JSON.stringify(plain)).not.toContain("/dev/stdout");

    await cluster.applyAll(meshWide());
    const strict = await pushed("strict", (now) => plainTextChains(now).length === 0);
    expect(strict.listeners.length).toBe(plain.listeners.length);
    await pushed("access logs", (now) => JSON.stringify(now).includes("/dev/stdout"));
  });

  test("contains no conflicts, and nothing that istiod ignores", async () => {
    expect(await revision.complaints()).toEqual([]);
  });

  test("uses the mesh configuration in the shared ConfigMap of the revision", async () => {
    const format = async () => {
      const response = await fetch(`http://127.0.0.1:${revision.ports.http}/debug/mesh`);
      return ((await response.json()) as { accessLogFormat?: string }).accessLogFormat;
    };
    expect(await format()).toBeUndefined();

    // The ConfigMap of another revision, which is applied first, does not affect this one.
    const shared = (["asm-1-29", REVISION] as const).map((name) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: sharedConfigMapName(name), namespace: CONTROL_PLANE_NAMESPACE },
      data: { mesh: `accessLogFormat: that of ${name}\n` },
    }));
    await cluster.applyAll(shared);
    expect(await waitFor("a format", format)).toBe(`that of ${REVISION}`);

    for (const object of shared) await cluster.remove(object);
    await waitFor("none again", async () => (await format()) === undefined);
  });
});

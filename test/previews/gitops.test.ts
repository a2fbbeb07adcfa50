import { delimiter, join } from "node:path";
import { beforeAll, describe, expect, inject, test } from "vitest";
import type { Manifest } from "../../manifests/manifest.ts";
import { readTree } from "../../manifests/readTree.ts";
import { ON_A_FIXED_DAY, aksIstio } from "../support/command.ts";
import { clusterNames, stepsOf, substituted } from "../support/gitopsTree.ts";

const CLUSTERS = join(__dirname, "../../gitops/clusters");

beforeAll(() => {
  process.env["PATH"] = `${inject("renderers")}${delimiter}${process.env["PATH"] ?? ""}`;
});

test("the dev stack and gitops/ are judged together", async () => {
  const { code, stdout } = await aksIstio([
    ...["preview", "--stack", "dev", "--gitops", "."],
    ...ON_A_FIXED_DAY,
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Resources {2}\d+ to create, and 26 objects as contents$/m);
  // The chart of cert-manager is in a registry.
  expect(stdout).toMatch(/^Not judged {2}1\n {4}HelmRelease gitops:flux-system\/cert-manager /m);
  expect(stdout).toMatch(/ policies\): 0 mandatory and 0 advisory violations, 1 not judged$/m);
});

describe.each(clusterNames())("cluster %s, built with Kustomize and substituted", (cluster) => {
  const steps = stepsOf(cluster);
  const variables = steps.map(({ spec }) => spec.postBuild.substitute);
  const [{ mesh_revision: revision, podinfo_host: host, ingress_gateway: gateway } = {}] =
    variables.filter((one) => "ingress_gateway" in one);
  let objects: readonly Manifest[];

  beforeAll(async () => {
    const { units, unread } = await readTree([join(CLUSTERS, cluster)]);
    expect(unread).toEqual([]);
    objects = units
      .flatMap(({ manifests }) => manifests)
      .filter(({ apiVersion }) => !apiVersion.startsWith("kustomize.toolkit."));
  });

  const one = (kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.name === name)?.object;

  test("has the objects of the files that it lists, and no variable is left", () => {
    const named = (kind: string, namespace = "-", name = "") => `${kind} ${namespace} ${name}`;
    const listed = steps
      .flatMap(substituted)
      .map(({ kind, metadata }) => named(kind, metadata.namespace, metadata.name));
    expect(objects.map(({ kind, namespace, name }) => named(kind, namespace, name)).sort()).toEqual(
      listed.sort(),
    );
    expect(JSON.stringify(objects.map(({ object }) => object))).not.toContain("${");
  });

  test("has the revision, the gateway and the host of the cluster", () => {
    expect(one("Namespace", "podinfo")).toMatchObject({
      metadata: { labels: { "istio.io/rev": revision } },
    });
    expect(one("Deployment", "podinfo")).toMatchObject({
      spec: {
        replicas: { dev: 2, prod: 3 }[cluster],
        template: { metadata: { annotations: { "mesh-revision": revision } } },
      },
    });
    expect(one("Gateway", "podinfo")).toMatchObject({
      spec: { selector: { istio: gateway }, servers: [{}, { hosts: [`podinfo/${host ?? ""}`] }] },
    });
    expect(one("VirtualService", "podinfo-ingress")).toMatchObject({ spec: { hosts: [host] } });
  });
});

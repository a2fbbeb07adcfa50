import { describe, expect, test } from "vitest";
import { meshNoIstioHelm } from "../../../../policy/rules/mesh/mesh-no-istio-helm.ts";
import {
  UNKNOWN,
  cluster,
  helmRelease,
  kubeconfigOf,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const ISTIO = "https://istio-release.storage.googleapis.com/charts";

async function messages(stack: readonly Fixture[], options?: Run) {
  return (await run(meshNoIstioHelm, stack, options)).map(({ resource, level, message }) => [
    resource,
    level,
    message,
  ]);
}

/** What is reported about a chart on the cluster with the add-on. */
function onMesh(...charts: Fixture[]) {
  return messages([mesh, provider, ...charts]);
}

describe("mesh-no-istio-helm", () => {
  test("reports Istio's own chart, once", async () => {
    const release = helmRelease(provider, { chart: "istiod", repositoryOpts: { repo: ISTIO } });
    expect(await onMesh(release)).toEqual([
      [
        "shop",
        "violation",
        `Release "shop": the chart istiod of ${ISTIO} installs Istio, but the cluster has the Istio add-on. Remove the chart.`,
      ],
    ]);
  });

  test.each<[string, Props]>([
    ["base", { chart: "base", repositoryOpts: { repo: ISTIO } }],
    ["gateway", { chart: "gateway", repositoryOpts: { repo: ISTIO } }],
    ["cni", { chart: "cni", repositoryOpts: { repo: ISTIO } }],
    ["ztunnel", { chart: "ztunnel", repositoryOpts: { repo: ISTIO } }],
    ["istio-ingress", { chart: "istio-ingress", repositoryOpts: { repo: `${ISTIO}/` } }],
    ["an OCI URL", { chart: "oci://gcr.io/istio-release/charts/base", repositoryOpts: undefined }],
    ["an OCI URL with a version", { chart: "oci://registry.istio.io/release/charts/base:1.30.0" }],
    ["Docker Hub", { chart: "oci://docker.io/istio/gateway" }],
    ["the guide's alias", { chart: "istio/base", repositoryOpts: undefined }],
    ["an archive", { chart: `${ISTIO}/samples/base-1.30.0.tgz`, repositoryOpts: undefined }],
    [
      "istiod from a mirror",
      { chart: "istiod", repositoryOpts: { repo: "https://charts.example.com" } },
    ],
    ["istiod from a folder", { chart: "./charts/istiod/" }],
    ["istiod from a folder with an extra slash", { chart: "./charts/istiod//" }],
    ["istiod from an archive without a version", { chart: "./charts/istiod.tgz" }],
    ["istiod from an archive of a later version", { chart: "./charts/istiod-v12.10.3.tgz" }],
    ["istiod from an archive", { chart: "./charts/istiod-1.30.0-rc.1.tgz" }],
  ])("reports %s", async (_, props) => {
    expect(await onMesh(helmRelease(provider, props))).toHaveLength(1);
  });

  test.each<[string, Props]>([
    ["a chart of another name", {}],
    [
      "base from elsewhere",
      { chart: "base", repositoryOpts: { repo: "https://charts.example.com" } },
    ],
    ["gateway without a source", { chart: "gateway", repositoryOpts: undefined }],
    [
      "a look-alike host",
      { chart: "base", repositoryOpts: { repo: "https://gcr.io/istio-releases" } },
    ],
    ["a chart for istiod's metrics", { chart: "istiod-exporter" }],
    ["a file that is not an archive", { chart: "./charts/istiod.tgz.d" }],
    ["no chart at all", { chart: undefined }],
    ["an invalid chart", { chart: { name: "istiod" } }],
    ["an unknown version", { version: UNKNOWN, values: UNKNOWN }],
    ["an unknown repository of a chart with another name", { repositoryOpts: UNKNOWN }],
  ])("ignores: %s", async (_, props) => {
    expect(await onMesh(helmRelease(provider, props))).toEqual([]);
  });

  describe("other ways to install a chart", () => {
    test("Chart of either generation, on the cluster of its children", async () => {
      for (const [version, source] of [
        ["v3", { chart: "base", fetchOpts: { repo: ISTIO } }],
        ["v3", { chart: "base", repo: "istio" }],
        ["v3", { path: "./vendor/istiod" }],
        ["v4", { chart: "base", repositoryOpts: { repo: ISTIO } }],
      ] as const) {
        const chart = object(undefined, `helm.sh/${version}`, "Chart", source);
        const child = { ...namespace(provider, {}), parent: chart };
        expect(await onMesh(chart, child)).toHaveLength(1);
      }
    });

    test("Chart on one of several clusters, by any of its children", async () => {
      const plain = cluster({ serviceMeshProfile: undefined }, "plain");
      const onPlain = kubernetes(plain);
      const chart = object(undefined, "helm.sh/v4", "Chart", { chart: "./charts/istiod" });
      const group: Fixture = {
        type: "platform:index:Group",
        name: "group",
        props: {},
        parent: chart,
      };
      const stack = [mesh, plain, provider, onPlain, chart];
      for (const [on, count] of [
        [provider, 1],
        [onPlain, 0],
      ] as const) {
        const child = { ...namespace(on, {}), parent: chart };
        expect(await messages([...stack, child, group])).toHaveLength(count);
        expect(await messages([...stack, group, child])).toHaveLength(count);
      }
    });

    const repository = object(provider, "source.toolkit.fluxcd.io/v1", "HelmRepository", {
      metadata: { name: "upstream" },
      spec: { url: ISTIO },
    });
    const flux = (spec: Props) =>
      object(provider, "helm.toolkit.fluxcd.io/v2", "HelmRelease", {
        metadata: { name: "mesh" },
        spec,
      });
    const sourceRef = { kind: "HelmRepository", name: "upstream" };

    test("HelmRelease of Flux, whose repository may be declared later", async () => {
      const release = flux({ chart: { spec: { chart: "base", sourceRef } } });
      const said = `HelmRelease "mesh": the chart base of ${ISTIO} installs Istio, but the cluster has the Istio add-on. Remove the chart.`;
      expect(await onMesh(repository, release)).toEqual([["shop", "violation", said]]);
      expect(await onMesh(release, repository)).toEqual([["shop", "violation", said]]);
      expect(await onMesh(release)).toEqual([]);
    });

    test("HelmRelease that refers to an OCI repository", async () => {
      const oci = object(provider, "source.toolkit.fluxcd.io/v1beta2", "OCIRepository", {
        metadata: { name: "mesh" },
        spec: { url: "oci://gcr.io/istio-release/charts/base" },
      });
      const release = flux({ chartRef: { kind: "OCIRepository", name: "mesh" } });
      expect(await onMesh(oci, release)).toHaveLength(1);
      expect(await onMesh(repository, release)).toEqual([]);
    });

    test("HelmRelease that refers to one of several repositories", async () => {
      const other = object(provider, "source.toolkit.fluxcd.io/v1", "HelmRepository", {
        metadata: { name: "own" },
        spec: { url: "https://charts.example.com" },
      });
      const from = (name: string) =>
        flux({ chart: { spec: { chart: "base", sourceRef: { ...sourceRef, name } } } });
      const stack = [{ ...other, name: "own" }, repository];
      expect(await onMesh(...stack, from("upstream"))).toHaveLength(1);
      expect(await onMesh(...stack, from("own"))).toEqual([]);
    });

    test.each(["kind", "name"])("HelmRelease whose repository has an unknown %s", async (field) => {
      const reference = { ...sourceRef, [field]: UNKNOWN };
      const release = flux({ chart: { spec: { chart: "base", sourceRef: reference } } });
      expect((await onMesh(repository, release)).map(([, , message]) => message)).toEqual([
        `HelmRelease "mesh": spec.chart.spec.sourceRef.${field} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
      ]);
    });

    test("HelmRelease of another chart", async () => {
      expect(
        await onMesh(repository, flux({ chart: { spec: { chart: "podinfo", sourceRef } } })),
      ).toEqual([]);
    });
  });

  describe("only next to the add-on", () => {
    const istiod = (on: Fixture | undefined) => helmRelease(on, { chart: "istiod" });

    test.each([
      ["no mesh", cluster({ serviceMeshProfile: undefined })],
      ["a disabled mesh", cluster({ serviceMeshProfile: { mode: "Disabled" } })],
    ])("ignores a cluster with %s", async (_, plain) => {
      const on = kubernetes(plain);
      expect(await messages([plain, on, istiod(on)])).toEqual([]);
    });

    test("ignores a stack without a cluster, unless the configuration has one", async () => {
      const on: Fixture = { ...provider, props: { kubeconfig: kubeconfigOf(mesh) } };
      expect(await messages([on, istiod(on)])).toEqual([]);
      for (const scope of [{ clusterUsesAddon: true }, { revisions: ["asm-1-30"] }]) {
        expect(await messages([on, istiod(on)], { config: { "mesh-scope": scope } })).toHaveLength(
          1,
        );
      }
    });

    test("judges a chart by its own cluster", async () => {
      const plain = cluster({ serviceMeshProfile: undefined }, "plain");
      const onPlain = kubernetes(plain);
      const stack = [mesh, plain, provider, onPlain];
      expect(await messages([...stack, istiod(onPlain)])).toEqual([]);
      expect(await messages([...stack, istiod(provider)])).toHaveLength(1);
    });
  });

  describe("unknown values", () => {
    test.each<[string, Props]>([
      ["chart", { chart: UNKNOWN }],
      ["repositoryOpts", { chart: "base", repositoryOpts: UNKNOWN }],
      ["repositoryOpts.repo", { chart: "base", repositoryOpts: { repo: UNKNOWN } }],
    ])("refuses an unknown %s", async (path, props) => {
      expect(await onMesh(helmRelease(provider, props))).toEqual([
        [
          "shop",
          "violation",
          `Release "shop": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
        ],
      ]);
    });

    test("needs no repository for istiod", async () => {
      const release = helmRelease(provider, { chart: "istiod", repositoryOpts: UNKNOWN });
      expect((await onMesh(release)).map(([, , message]) => message)).toEqual([
        'Release "shop": the chart istiod installs Istio, but the cluster has the Istio add-on. Remove the chart.',
      ]);
    });

    test("reports Istio's chart if the add-on is unknown", async () => {
      const unsure = cluster({ serviceMeshProfile: { mode: UNKNOWN } });
      const on = kubernetes(unsure);
      expect(
        (await messages([unsure, on, helmRelease(on, { chart: "istiod" })])).map(
          ([, , message]) => message,
        ),
      ).toEqual([
        'Release "shop": serviceMeshProfile.mode of ManagedCluster "orders" is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.',
      ]);
      expect(await messages([unsure, on, helmRelease(on)])).toEqual([]);
    });

    test("accepts unknown charts without a mesh", async () => {
      const plain = cluster({ serviceMeshProfile: undefined });
      const on = kubernetes(plain);
      expect(await messages([plain, on, helmRelease(on, { chart: UNKNOWN })])).toEqual([]);
    });
  });

  test.each([
    ["https://robot:hunter2@charts.example.com/istio", "https://charts.example.com/istio"],
    ["https://robot:hunt@er2@charts.example.com/istio", "https://charts.example.com/istio"],
    ["HTTPS://robot:hunter2@charts.example.com", "HTTPS://charts.example.com"],
    ["git+https://robot:hunter2@charts.example.com/istio", "git+https://charts.example.com/istio"],
    ["https://charts.example.com/istio@1", "https://charts.example.com/istio@1"],
    ["https://charts.example.com?ref=a@b", "https://charts.example.com?ref=a@b"],
  ])("shows no password of a repository: %s", async (repo, shown) => {
    const release = helmRelease(provider, { chart: "istiod", repositoryOpts: { repo } });
    const [[, , message] = []] = await onMesh(release);
    expect(message).toContain(`the chart istiod of ${shown} installs Istio`);
  });
});

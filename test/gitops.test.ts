import { dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FluxSource } from "../components/gitops/FluxSource.ts";
import { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../mesh/names.ts";
import { AZURE, CLUSTER_ARGS } from "./support/azure.ts";
import { EXAMPLES, exampleFile } from "./support/exampleStacks.ts";
import { clusterNames, documents, stepsOf, text, yamlBelow } from "./support/gitopsTree.ts";
import type { KubernetesObject } from "./support/gitopsTree.ts";
import { mockEngine } from "./support/mocks.ts";
import { accepted } from "./support/settings.ts";

const stackFile = z.object({ config: z.record(z.string(), z.unknown()) });

/** The stack file of each cluster under gitops/clusters/. */
const STACK_FILES: Readonly<Record<string, string>> = {
  dev: "Pulumi.dev.yaml",
  prod: "examples/production.yaml",
};

function settingsIn(file: string) {
  return accepted(stackFile.parse(documents(file)[0]).config);
}

const probe = z.object({ httpGet: z.object({ port: z.string() }) });
const deployment = z.object({
  spec: z.object({
    replicas: z.number(),
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
      spec: z.object({
        serviceAccountName: z.string(),
        securityContext: z.unknown(),
        containers: z.array(
          z.object({
            image: z.string(),
            securityContext: z.unknown(),
            readinessProbe: probe,
            livenessProbe: probe,
            lifecycle: z.unknown(),
            ports: z.array(z.object({ name: z.string() })),
            resources: z.object({
              requests: z.object({ cpu: z.string(), memory: z.string() }),
              limits: z.object({ memory: z.string() }),
            }),
          }),
        ),
      }),
    }),
  }),
});

function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [apiVersion, kind, metadata.namespace ?? "-", metadata.name].join(" ");
}

/** Of the minutes in this tree's schedules. */
function seconds(minutes: string): number {
  return Number(/^(\d+)m$/.exec(minutes)?.[1]) * 60;
}

test("the tree serves every stack file in this repository that follows a repository", () => {
  const files = ["Pulumi.dev.yaml", ...EXAMPLES.map(exampleFile)];
  const following = files.filter((file) => settingsIn(file).gitops !== undefined);
  expect(following).toEqual(Object.values(STACK_FILES));
  expect(clusterNames()).toEqual(Object.keys(STACK_FILES));
});

test("no stack file follows a repository that could exist", () => {
  const hosts = Object.values(STACK_FILES).map(
    (file) => new URL(settingsIn(file).gitops?.url ?? "").hostname,
  );
  expect(hosts).toEqual(["git.example.com", "git.example.com"]);
});

test("some cluster uses every file outside clusters/", () => {
  const used = new Set(
    clusterNames()
      .flatMap(stepsOf)
      .flatMap(({ files }) => files),
  );
  const unused = yamlBelow("gitops").filter(
    (file) => !used.has(file) && dirname(dirname(file)) !== "gitops/clusters",
  );
  expect(unused).toEqual([]);
});

test("no file has the label that makes the add-on skip a namespace", () => {
  const files = yamlBelow("gitops");
  expect(files).not.toEqual([]);
  expect(files.filter((file) => text(file).includes(LEGACY_INJECTION_LABEL))).toEqual([]);
});

describe.each(clusterNames())("cluster %s", (cluster) => {
  const { gitops, mesh, namespaces: ofProgram } = settingsIn(STACK_FILES[cluster] ?? "");
  const revision = mesh.revisions === "external" ? undefined : mesh.revisions.revision;
  const steps = stepsOf(cluster);
  const objects = steps.flatMap((step) => step.objects);
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");

  test("reconciles infrastructure, waits for it, then reconciles its apps", () => {
    const order = steps.map(({ name, spec: { path, dependsOn, prune, wait } }) => ({
      name,
      path,
      dependsOn,
      prune,
      wait,
    }));
    const always = { prune: true, wait: true };
    expect(order).toEqual([
      {
        name: "apps",
        path: `./gitops/apps/${cluster}`,
        dependsOn: [{ name: "infrastructure" }],
        ...always,
      },
      { name: "infrastructure", path: "./gitops/infrastructure", dependsOn: [], ...always },
    ]);
  });

  test("reconciles what the program's FluxSource configures", async () => {
    const engine = await mockEngine(AZURE);
    if (gitops === undefined || revision === undefined) throw new Error("nothing to compare");
    new FluxSource("gitops", {
      ...gitops,
      cluster: new MeshCluster("mesh", CLUSTER_ARGS),
      revision,
    });
    await engine.settle();
    const type = "azure-native:kubernetesconfiguration:FluxConfiguration";
    const written = steps.map(({ name, spec }) => [
      name,
      {
        path: spec.path,
        ...(spec.dependsOn.length > 0 && { dependsOn: spec.dependsOn.map((on) => on.name) }),
        prune: spec.prune,
        wait: spec.wait,
        force: false,
        syncIntervalInSeconds: seconds(spec.interval),
        retryIntervalInSeconds: seconds(spec.retryInterval),
        timeoutInSeconds: seconds(spec.timeout),
        postBuild: spec.postBuild,
      },
    ]);
    expect(engine.one(type, "gitops").inputs["kustomizations"]).toEqual(
      Object.fromEntries(written),
    );
  });

  test("runs the revision of its stack", () => {
    const substituted = steps.map(({ spec }) => spec.postBuild.substitute["mesh_revision"]);
    expect(substituted).toEqual([revision, revision]);
  });

  test.each(steps)("$name gets exactly the variables that it uses", ({ spec, files }) => {
    const used = files.flatMap((file) =>
      [...text(file).matchAll(/\$\{([^}]*)\}/g)].map(([, variable]) => variable),
    );
    expect(Object.keys(spec.postBuild.substitute)).toEqual([...new Set(used)].sort());
  });

  test("defines no object twice", () => {
    const identities = objects.map(identity);
    expect(identities).toEqual([...new Set(identities)]);
  });

  test("puts every object into a namespace: the program owns mesh-wide configuration", () => {
    const own = new Set(namespaces.map(({ metadata }) => metadata.name));
    const strays = objects.filter(
      ({ kind, metadata: { namespace } }) => kind !== "Namespace" && !own.has(namespace ?? ""),
    );
    expect(strays.map(identity)).toEqual([]);
  });

  test("creates namespaces first, joined to the revision, never pruned, and none that the program creates", () => {
    const first = steps.find(({ name }) => name === "infrastructure")?.objects ?? [];
    expect(namespaces).toEqual(first.filter(({ kind }) => kind === "Namespace"));
    expect(namespaces.map(({ metadata }) => metadata.name)).toEqual(["podinfo"]);
    for (const { metadata } of namespaces) {
      expect(metadata.namespace).toBeUndefined();
      expect(metadata.labels[REVISION_LABEL]).toBe("${mesh_revision}");
      expect(metadata.annotations).toEqual({ "kustomize.toolkit.fluxcd.io/prune": "disabled" });
      expect(Object.keys(ofProgram)).not.toContain(metadata.name);
    }
  });

  test("has a service, a disruption budget and Istio's routing for the app", () => {
    const own = objects.filter(({ metadata }) => metadata.name === "podinfo");
    expect(own.map(({ kind }) => kind).sort()).toEqual([
      "AuthorizationPolicy",
      "Deployment",
      "DestinationRule",
      "Namespace",
      "PodDisruptionBudget",
      "Service",
      "ServiceAccount",
      "VirtualService",
    ]);
  });

  test("has workloads that are restricted, available, drained and restarted for a new revision", () => {
    const workloads = objects.filter(({ kind }) => kind === "Deployment");
    expect(workloads).toHaveLength(1);
    for (const { spec } of workloads.map((workload) => deployment.parse(workload))) {
      const { metadata, spec: pod } = spec.template;
      expect(spec.replicas).toBeGreaterThanOrEqual(2);
      expect(metadata.annotations["mesh-revision"]).toBe("${mesh_revision}");
      expect(pod.serviceAccountName).not.toBe("default");
      expect(pod.securityContext).toEqual({
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      });
      for (const container of pod.containers) {
        const ports = container.ports.map(({ name }) => name);
        expect(container.image).toMatch(/^[^:@]+:\d+\.\d+\.\d+@sha256:[0-9a-f]{64}$/);
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
        expect(ports).toContain(container.readinessProbe.httpGet.port);
        expect(ports).toContain(container.livenessProbe.httpGet.port);
        expect(container.lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
      }
    }
  });
});

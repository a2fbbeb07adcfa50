import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FluxSource } from "../components/gitops/FluxSource.ts";
import { MeshCluster } from "../components/cluster/MeshCluster.ts";
import { INGRESS_GATEWAY_KINDS, ingressGatewayName } from "../mesh/ingressGateways.ts";
import {
  INGRESS_NAMESPACE,
  LEGACY_INJECTION_LABEL,
  MESH_DECISION_LABEL,
  REVISION_LABEL,
} from "../mesh/names.ts";
import { planMesh } from "../mesh/upgrade.ts";
import { meshNamespaces } from "../settings/namespaces/schema.ts";
import { AZURE, CLUSTER_ARGS } from "./support/azure.ts";
import { EXAMPLES, exampleFile } from "./support/exampleStacks.ts";
import {
  clusterNames,
  documents,
  stepsOf,
  substituted,
  text,
  yamlBelow,
} from "./support/gitopsTree.ts";
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

const annotated = z.object({
  spec: z.object({
    template: z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()) }) }),
  }),
});

const metadata = z.object({ name: z.string(), namespace: z.string() });
const gateway = z.object({
  metadata,
  spec: z.object({
    selector: z.record(z.string(), z.string()),
    servers: z.array(
      z.object({
        hosts: z.array(z.string()),
        tls: z.object({ credentialName: z.string().optional() }),
      }),
    ),
  }),
});
const certificate = z.object({
  metadata,
  spec: z.object({ secretName: z.string(), dnsNames: z.array(z.string()) }),
});
const routes = z.object({
  spec: z.object({ hosts: z.array(z.string()), gateways: z.array(z.string()).default(["mesh"]) }),
});

/** The app whose manifest contains its sidecar. */
const MANUAL = "gitops/apps/base/podinfo-manual";

function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  return [apiVersion, kind, metadata.namespace ?? "-", metadata.name].join(" ");
}

/** Of the minutes in this tree's schedules. */
function seconds(minutes: string): number {
  return Number(/^(\d+)m$/.exec(minutes)?.[1]) * 60;
}

test("the tree serves every stack file in this repository whose paths begin like it", () => {
  const files = ["Pulumi.dev.yaml", ...EXAMPLES.map(exampleFile)];
  const following = files.filter((file) =>
    Object.values(settingsIn(file).gitops?.kustomizations ?? {}).some(({ path }) =>
      path.startsWith("./gitops/"),
    ),
  );
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
  // What the manifest with the sidecar is made of.
  expect(unused).toEqual([join(MANUAL, "deployment.yaml")]);
});

test("no file has the label that makes the add-on skip a namespace", () => {
  const files = yamlBelow("gitops");
  expect(files).not.toEqual([]);
  expect(files.filter((file) => text(file).includes(LEGACY_INJECTION_LABEL))).toEqual([]);
});

describe.each(clusterNames())("cluster %s", (cluster) => {
  const { gitops, mesh, gateways, namespaces: ofProgram } = settingsIn(STACK_FILES[cluster] ?? "");
  if (gitops === undefined || mesh.revisions === "external") throw new Error("nothing to compare");
  const plan = planMesh({ settings: mesh.revisions, namespaces: meshNamespaces(ofProgram) });
  const revision = plan.defaultLabel;
  const steps = stepsOf(cluster);
  const objects = steps.flatMap(substituted);
  const namespaces = objects.filter(({ kind }) => kind === "Namespace");
  const ofKind = (kind: string) => objects.filter((one) => one.kind === kind);

  test("reconciles controllers, then configuration, then its apps, and waits for each", () => {
    const order = steps.map(({ name, spec: { path, dependsOn, prune, wait } }) => ({
      name,
      path,
      dependsOn: dependsOn.map((on) => on.name),
      prune,
      wait,
    }));
    const always = { prune: true, wait: true };
    expect(order).toEqual([
      {
        name: "infra-controllers",
        path: "./gitops/infrastructure/controllers",
        dependsOn: [],
        ...always,
      },
      {
        name: "infra-configs",
        path: "./gitops/infrastructure/configs",
        dependsOn: ["infra-controllers"],
        ...always,
      },
      { name: "apps", path: `./gitops/apps/${cluster}`, dependsOn: ["infra-configs"], ...always },
    ]);
  });

  test("reconciles what the program's FluxSource configures", async () => {
    const engine = await mockEngine(AZURE);
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

  test.each(steps)("$name gets the revision, and the other variables that it uses", (step) => {
    const used = step.files.flatMap((file) =>
      [...text(file).matchAll(/\$\{([^}]*)\}/g)].map(([, variable]) => variable),
    );
    expect(Object.keys(step.spec.postBuild.substitute).sort()).toEqual(
      [...new Set(["mesh_revision", ...used])].sort(),
    );
  });

  test("labels every namespace as the stack's plan does, and no other object", () => {
    expect(
      objects
        .filter(
          ({ metadata: { labels } }) => REVISION_LABEL in labels || MESH_DECISION_LABEL in labels,
        )
        .map(({ kind, metadata: { name, labels } }) => [
          kind,
          name,
          labels[REVISION_LABEL],
          labels[MESH_DECISION_LABEL],
        ]),
    ).toEqual([
      ["Namespace", "cert-manager", undefined, "outside"],
      ["Namespace", "podinfo", revision, undefined],
      ["Namespace", "podinfo-manual", undefined, "manual"],
    ]);
    expect(
      ofKind("Deployment").map((one) => {
        const { annotations } = annotated.parse(one).spec.template.metadata;
        return [annotations["mesh-revision"], annotations[REVISION_LABEL]];
      }),
    ).toEqual([
      [revision, undefined],
      // Its sidecar is that of the stack's revision, and follows no other.
      [undefined, revision],
    ]);
  });

  test("serves the stack's host on a gateway that the stack has, with a certificate for it", () => {
    const host = gitops.kustomizations["apps"]?.substitute["podinfo_host"] ?? "";
    const [kind] = INGRESS_GATEWAY_KINDS.filter((one) => gateways.ingress[one]?.api === "istio");
    const [opened, ...others] = ofKind("Gateway").map((one) => gateway.parse(one));
    const [issued] = ofKind("Certificate").map((one) => certificate.parse(one));
    if (kind === undefined || opened === undefined) throw new Error("there is no gateway");
    expect(others).toEqual([]);
    expect(host).toMatch(/^podinfo\.(dev\.)?example\.com$/);
    expect(opened.metadata.namespace).toBe(INGRESS_NAMESPACE);
    expect(opened.spec.selector).toEqual({ istio: ingressGatewayName(kind) });
    const hosts = [`podinfo/${host}`];
    expect(opened.spec.servers).toEqual([
      { hosts, tls: {} },
      { hosts, tls: { credentialName: issued?.spec.secretName } },
    ]);
    expect(issued).toMatchObject({
      metadata: { namespace: INGRESS_NAMESPACE },
      spec: { dnsNames: [host] },
    });
    expect(ofKind("VirtualService").map((one) => routes.parse(one).spec)).toEqual([
      { hosts: ["podinfo.podinfo.svc.cluster.local"], gateways: ["mesh"] },
      { hosts: [host], gateways: [`${INGRESS_NAMESPACE}/${opened.metadata.name}`] },
    ]);
  });

  test("defines no object twice", () => {
    const identities = objects.map(identity);
    expect(identities).toEqual([...new Set(identities)]);
  });

  test("puts no object into a namespace of the program, and none without a namespace but an issuer", () => {
    const own = [
      ...namespaces.map(({ metadata }) => metadata.name),
      INGRESS_NAMESPACE,
      "flux-system",
    ];
    const strays = objects.filter(
      ({ kind, metadata: { namespace } }) => kind !== "Namespace" && !own.includes(namespace ?? ""),
    );
    expect(strays.map(identity)).toEqual(["cert-manager.io/v1 ClusterIssuer - ingress"]);
  });

  test("keeps Flux's own objects in the namespace of the configuration, as multi-tenancy requires", () => {
    const own = objects.filter(({ apiVersion }) => apiVersion.includes(".toolkit.fluxcd.io/"));
    expect(own.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ["OCIRepository", "flux-system"],
      ["HelmRelease", "flux-system"],
    ]);
  });

  test("creates namespaces before apps, never prunes them, and creates none that the program creates", () => {
    const apps = steps.find(({ name }) => name === "apps")?.objects ?? [];
    expect(apps.filter(({ kind }) => kind === "Namespace")).toEqual([]);
    for (const { metadata } of namespaces) {
      expect(metadata.namespace).toBeUndefined();
      expect(metadata.annotations).toEqual({ "kustomize.toolkit.fluxcd.io/prune": "disabled" });
      expect(Object.keys(ofProgram)).not.toContain(metadata.name);
    }
  });

  test("has a service, a disruption budget and Istio's routing for the app", () => {
    const own = objects.filter(({ metadata }) => metadata.namespace === "podinfo");
    expect(own.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      "AuthorizationPolicy deny-all",
      "AuthorizationPolicy podinfo",
      "Deployment podinfo",
      "DestinationRule podinfo",
      "PodDisruptionBudget podinfo",
      "Service podinfo",
      "ServiceAccount podinfo",
      "VirtualService podinfo",
      "VirtualService podinfo-ingress",
    ]);
  });

  test("has workloads that are restricted, available and drained", () => {
    const [podinfo, manual, ...others] = ofKind("Deployment");
    expect(manual?.metadata.name).toBe("podinfo-manual");
    expect(others).toEqual([]);
    const workloads = [podinfo, ...documents(join(MANUAL, "deployment.yaml"))];
    for (const { spec } of workloads.map((workload) => deployment.parse(workload))) {
      const { spec: pod } = spec.template;
      expect(spec.replicas).toBeGreaterThanOrEqual(2);
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

describe("the app whose manifest contains its sidecar", () => {
  const lines = (file: string) => text(join(MANUAL, file)).split("\n");
  const sidecar = lines("deployment-sidecar.yaml");

  test("has every line of its source, in their order, but those that the injector changes", () => {
    let at = 0;
    const gone = lines("deployment.yaml").filter((line) => {
      const found = sidecar.indexOf(line, at);
      if (found >= 0) at = found + 1;
      return found < 0;
    });
    expect(gone.map((line) => line.trim())).toEqual([
      'prometheus.io/port: "9797"',
      ...["path: /readyz", "port: http"],
      ...["path: /healthz", "port: http"],
    ]);
  });

  test("has a sidecar of the add-on, for the name of its Deployment", () => {
    const said = sidecar.map((line) => line.trim());
    expect(said.filter((line) => line.startsWith("image: "))).toEqual([
      expect.stringMatching(/^image: ghcr\.io\/stefanprodan\/podinfo:/) as string,
      ...Array<unknown>(2).fill(
        expect.stringMatching(/^image: mcr\.microsoft\.com\/oss\/v2\/istio\/proxyv2:v1\.30\.\d+$/),
      ),
    ]);
    expect(said).toContain(
      "value: kubernetes://apis/apps/v1/namespaces/podinfo-manual/deployments/podinfo-manual",
    );
  });
});

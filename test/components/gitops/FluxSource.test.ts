import { expect, test } from "vitest";
import { FluxSource } from "../../../components/gitops/FluxSource.ts";
import type { FluxSourceArgs } from "../../../components/gitops/FluxSource.ts";
import { MeshCluster } from "../../../components/cluster/MeshCluster.ts";
import { MeshNamespace } from "../../../components/mesh/MeshNamespace.ts";
import { AZURE, CLUSTER_ARGS } from "../../support/azure.ts";
import { isSecret, mockEngine, unsealed } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const EXTENSION = "azure-native:kubernetesconfiguration:Extension";
const CONFIGURATION = "azure-native:kubernetesconfiguration:FluxConfiguration";

const ARGS: Omit<FluxSourceArgs, "cluster"> = {
  url: "https://git.example.com/platform/gitops",
  reference: { branch: "main" },
  intervalInSeconds: 600,
  timeoutInSeconds: 300,
  kustomizations: {
    infrastructure: { path: "./platform" },
    apps: {
      path: "./apps/prod",
      dependsOn: ["infrastructure"],
      substitute: { shop_host: "shop.example.com" },
    },
  },
  revision: "asm-1-30",
};

const ON_CLUSTER = {
  resourceGroupName: "mesh-group1234",
  clusterName: "mesh5678",
  clusterRp: "Microsoft.ContainerService",
  clusterResourceName: "managedClusters",
};

async function made(args: Partial<FluxSourceArgs> = {}): Promise<Recorder> {
  const engine = await mockEngine(AZURE);
  const cluster = new MeshCluster("mesh", CLUSTER_ARGS);
  new FluxSource("gitops", { ...ARGS, cluster, ...args });
  await engine.settle();
  return engine;
}

test("creates the extension before the configuration, and deletes them in reverse", async () => {
  const engine = await made();
  const own = "aks-istio:index:FluxSource";
  expect(engine.identities().filter((identity) => identity.startsWith(own))).toEqual([
    `${own}$${EXTENSION}::gitops-extension`,
    `${own}$${CONFIGURATION}::gitops`,
    `${own}::gitops`,
  ]);
  const extension = engine.one(EXTENSION, "gitops-extension");
  expect(engine.one(CONFIGURATION, "gitops").dependencies).toContain(extension.urn);
  const nodes = engine.one("azure-native:containerservice:AgentPool", "mesh-apps");
  expect(extension.dependencies).toContain(nodes.urn);
});

test("starts after the component's dependencies", async () => {
  const engine = await mockEngine(AZURE);
  const cluster = new MeshCluster("mesh", CLUSTER_ARGS);
  const first = new MeshNamespace("first", { mesh: "asm-1-30" });
  new FluxSource("gitops", { ...ARGS, cluster }, { dependsOn: first });
  await engine.settle();
  const { dependencies } = engine.one(EXTENSION, "gitops-extension");
  expect(dependencies).toContain(engine.one("kubernetes:core/v1:Namespace", "first").urn);
  expect(dependencies).toContain(
    engine.one("azure-native:containerservice:AgentPool", "mesh-apps").urn,
  );
});

test("allows long operations", async () => {
  const engine = await made();
  const hour = { create: "60m", update: "60m", delete: "60m" };
  expect(engine.one(EXTENSION, "gitops-extension").timeouts).toEqual(hour);
  expect(engine.one(CONFIGURATION, "gitops").timeouts).toEqual(hour);
});

test("installs Flux for the whole cluster, and fails on undefined variables", async () => {
  const engine = await made();
  expect(engine.one(EXTENSION, "gitops-extension").inputs).toEqual({
    ...ON_CLUSTER,
    extensionName: "flux",
    extensionType: "microsoft.flux",
    autoUpgradeMinorVersion: true,
    releaseTrain: "Stable",
    scope: { cluster: { releaseNamespace: "flux-system" } },
    configurationSettings: { "kustomize-controller.strict-substitution-mode": "true" },
  });
});

test("applies each directory in order, waits for it, and prunes", async () => {
  const engine = await made();
  const step = {
    prune: true,
    wait: true,
    force: false,
    syncIntervalInSeconds: 600,
    retryIntervalInSeconds: 60,
    timeoutInSeconds: 300,
  };
  const revision = { mesh_revision: "asm-1-30" };
  expect(engine.one(CONFIGURATION, "gitops").inputs).toEqual({
    ...ON_CLUSTER,
    fluxConfigurationName: "gitops",
    namespace: "flux-system",
    scope: "cluster",
    sourceKind: "GitRepository",
    suspend: false,
    gitRepository: {
      url: "https://git.example.com/platform/gitops",
      repositoryRef: { branch: "main" },
      syncIntervalInSeconds: 600,
      timeoutInSeconds: 300,
    },
    kustomizations: {
      infrastructure: { ...step, path: "./platform", postBuild: { substitute: revision } },
      apps: {
        ...step,
        path: "./apps/prod",
        dependsOn: ["infrastructure"],
        postBuild: { substitute: { shop_host: "shop.example.com", ...revision } },
      },
    },
  });
});

test("a token is sent as a secret, in a field that ARM never returns", async () => {
  const engine = await made({ httpsUser: "flux", httpsKey: "planted" });
  const { gitRepository, configurationProtectedSettings } = engine.one(
    CONFIGURATION,
    "gitops",
  ).inputs;
  expect(gitRepository).toMatchObject({ httpsUser: "flux" });
  expect(unsealed(configurationProtectedSettings)).toEqual({ httpsKey: "cGxhbnRlZA==" });
  expect(JSON.stringify(gitRepository)).not.toContain("cGxhbnRlZA==");
});

test("so is a private key, while known hosts stay readable", async () => {
  const engine = await made({
    url: "ssh://git@git.example.com/platform/gitops",
    sshPrivateKey: "planted",
    sshKnownHosts: "git.example.com ssh-ed25519 AAAA",
  });
  const { gitRepository, configurationProtectedSettings } = engine.one(
    CONFIGURATION,
    "gitops",
  ).inputs;
  expect(gitRepository).toMatchObject({
    sshKnownHosts: Buffer.from("git.example.com ssh-ed25519 AAAA").toString("base64"),
  });
  expect(isSecret(gitRepository)).toBe(false);
  expect(unsealed(configurationProtectedSettings)).toEqual({ sshPrivateKey: "cGxhbnRlZA==" });
});

test("the component's outputs contain none of the configuration's secrets", async () => {
  const engine = await made({ httpsUser: "flux", httpsKey: "planted" });
  expect(engine.one("aks-istio:index:FluxSource", "gitops").inputs).toEqual({
    url: "https://git.example.com/platform/gitops",
    revision: "asm-1-30",
  });
});

import { describe, expect, test } from "vitest";
import { FluxSource } from "../../../components/gitops/FluxSource.ts";
import type { FluxSourceArgs } from "../../../components/gitops/FluxSource.ts";
import type { GitSource } from "../../../components/gitops/fluxSourceKinds.ts";
import { MeshCluster } from "../../../components/cluster/MeshCluster.ts";
import { MeshNamespace } from "../../../components/mesh/MeshNamespace.ts";
import { AZURE, CLUSTER_ARGS } from "../../support/azure.ts";
import { isSecret, mockEngine, resolved, unsealed } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const EXTENSION = "azure-native:kubernetesconfiguration:Extension";
const CONFIGURATION = "azure-native:kubernetesconfiguration:FluxConfiguration";

type GitArgs = Extract<FluxSourceArgs, GitSource>;

const ARGS: Omit<GitArgs, "cluster"> = {
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

/** What Azure returns for the managed identity of Flux. */
const FLUX_IDENTITY = { principalId: "flux-object", clientId: "flux-client", tenantId: "tenant" };

async function made(args: Partial<GitArgs> = {}): Promise<Recorder> {
  const identity = "azure-native:managedidentity:UserAssignedIdentity::gitops-identity";
  const outputs = { ...AZURE.outputs, [identity]: FLUX_IDENTITY };
  const engine = await mockEngine({ ...AZURE, outputs });
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

test("waits for the reconciliation if told to, and at most as long as that takes", async () => {
  const engine = await made({ waitInSeconds: 1801 });
  const { inputs, timeouts } = engine.one(CONFIGURATION, "gitops");
  expect(inputs).toMatchObject({
    waitForReconciliation: true,
    reconciliationWaitDuration: "PT1801S",
  });
  expect(timeouts).toEqual({ create: "91m", update: "91m", delete: "60m" });
});

test("is deleted with the cluster, and its configurations before its extension", async () => {
  const engine = await made();
  const cluster = engine.one("azure-native:containerservice:ManagedCluster", "mesh");
  for (const [type, name] of [
    [EXTENSION, "gitops-extension"],
    [CONFIGURATION, "gitops"],
  ] as const) {
    expect(engine.one(type, name).deletedWith).toBe(cluster.urn);
  }
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
    configurationSettings: {
      "multiTenancy.enforce": "true",
      "kustomize-controller.strict-substitution-mode": "true",
      "helm-controller.detectDrift": "false",
      "helm-controller.enabled": "true",
      "notification-controller.enabled": "true",
      "image-automation-controller.enabled": "false",
      "image-reflector-controller.enabled": "false",
      "workloadIdentity.enable": "false",
    },
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

describe("with further configurations", () => {
  const team = {
    url: "https://git.example.com/team-a/deploy",
    reference: { tag: "v1" },
    intervalInSeconds: 60,
    timeoutInSeconds: 120,
    kustomizations: { web: { path: "./web" } },
    namespace: "team-a",
    scope: "namespace",
  } as const;

  test("one extension runs all of them, each in its namespace", async () => {
    const engine = await made({ configurations: { "team-a": team } });
    const own = "aks-istio:index:FluxSource";
    expect(engine.identities().filter((identity) => identity.startsWith(own))).toEqual([
      `${own}$${EXTENSION}::gitops-extension`,
      `${own}$${CONFIGURATION}::gitops`,
      `${own}$${CONFIGURATION}::gitops-team-a`,
      `${own}::gitops`,
    ]);
    const { inputs, dependencies } = engine.one(CONFIGURATION, "gitops-team-a");
    expect(dependencies).toContain(engine.one(EXTENSION, "gitops-extension").urn);
    expect(inputs).toEqual({
      ...ON_CLUSTER,
      fluxConfigurationName: "team-a",
      namespace: "team-a",
      scope: "namespace",
      sourceKind: "GitRepository",
      suspend: false,
      gitRepository: {
        url: "https://git.example.com/team-a/deploy",
        repositoryRef: { tag: "v1" },
        syncIntervalInSeconds: 60,
        timeoutInSeconds: 120,
      },
      kustomizations: {
        web: {
          path: "./web",
          prune: true,
          wait: true,
          force: false,
          syncIntervalInSeconds: 60,
          retryIntervalInSeconds: 60,
          timeoutInSeconds: 120,
          postBuild: { substitute: { mesh_revision: "asm-1-30" } },
        },
      },
    });
  });

  test("the compliance of each is an output", async () => {
    const engine = await mockEngine({
      ...AZURE,
      outputs: { ...AZURE.outputs, [CONFIGURATION]: { complianceState: "Compliant" } },
    });
    const cluster = new MeshCluster("mesh", CLUSTER_ARGS);
    const flux = new FluxSource("gitops", {
      ...ARGS,
      cluster,
      configurations: { "team-a": team },
    });
    await engine.settle();
    expect(await resolved(flux.complianceStates)).toEqual({
      gitops: "Compliant",
      "team-a": "Compliant",
    });
  });
});

describe("with workload identity", () => {
  const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
  const CREDENTIAL = "azure-native:managedidentity:FederatedIdentityCredential";

  test("the controllers get a managed identity through their service accounts", async () => {
    const engine = await made({
      extension: {
        workloadIdentity: true,
        controllers: { "image-reflector-controller": { enabled: true } },
      },
    });
    const identity = engine.one(IDENTITY, "gitops-identity");
    expect(identity.deletedWith).toBe("");
    const names = ["source-controller", "kustomize-controller", "image-reflector-controller"];
    let before: string | undefined;
    for (const name of names) {
      const credential = engine.one(CREDENTIAL, `gitops-${name}`);
      expect(credential.inputs).toMatchObject({
        resourceGroupName: "mesh-group1234",
        federatedIdentityCredentialResourceName: name,
        subject: `system:serviceaccount:flux-system:${name}`,
        audiences: ["api://AzureADTokenExchange"],
      });
      // One after the other: Azure rejects concurrent changes.
      if (before !== undefined) expect(credential.dependencies).toContain(before);
      before = credential.urn;
    }
    const extension = engine.one(EXTENSION, "gitops-extension");
    expect(extension.dependencies).toContain(before);
    expect(extension.inputs["configurationSettings"]).toMatchObject({
      "workloadIdentity.enable": "true",
      "workloadIdentity.azureClientId": "flux-client",
      "workloadIdentity.azureTenantId": "tenant",
      "image-reflector-controller.enabled": "true",
    });
  });

  test("is federated only with controllers that run", async () => {
    const engine = await made({ extension: { workloadIdentity: true } });
    const credentials = engine.registered.filter(({ type }) => type === CREDENTIAL);
    expect(credentials.map(({ name }) => name)).toEqual([
      "gitops-source-controller",
      "gitops-kustomize-controller",
    ]);
  });
});

test("the extension is tuned by controller", async () => {
  const engine = await made({
    extension: {
      multiTenancy: false,
      detectDrift: true,
      controllers: {
        "source-controller": { limits: { memory: "2Gi" } },
        "kustomize-controller": { limits: { cpu: "2", memory: "1Gi" }, concurrent: 6 },
        "notification-controller": { enabled: false },
        "image-automation-controller": { enabled: true },
      },
    },
  });
  expect(engine.one(EXTENSION, "gitops-extension").inputs["configurationSettings"]).toEqual({
    "multiTenancy.enforce": "false",
    "kustomize-controller.strict-substitution-mode": "true",
    "helm-controller.detectDrift": "true",
    "helm-controller.enabled": "true",
    "notification-controller.enabled": "false",
    "image-automation-controller.enabled": "true",
    "image-reflector-controller.enabled": "false",
    "source-controller.resources.limits.memory": "2Gi",
    "kustomize-controller.resources.limits.cpu": "2",
    "kustomize-controller.resources.limits.memory": "1Gi",
    "kustomize-controller.concurrent": "6",
    "workloadIdentity.enable": "false",
  });
});

import { expect, test } from "vitest";
import { FluxSource } from "../../../components/gitops/FluxSource.ts";
import type { Source } from "../../../components/gitops/fluxSourceKinds.ts";
import { MeshCluster } from "../../../components/cluster/MeshCluster.ts";
import { AZURE, CLUSTER_ARGS } from "../../support/azure.ts";
import { unknownInputs } from "../../support/knownInputs.ts";
import { isSecret, mockEngine, unsealed } from "../../support/mocks.ts";
import type { Recorder } from "../../support/mocks.ts";

const CONFIGURATION = "azure-native:kubernetesconfiguration:FluxConfiguration";
const ROLE = "azure-native:authorization:RoleAssignment";
const ACCOUNT =
  "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/shared/providers/Microsoft.Storage/storageAccounts/Fleet";
const SERVER = "https://s3.example.com";
const BLOBS = "https://fleet.blob.core.windows.net";
const COMMON = {
  intervalInSeconds: 600,
  timeoutInSeconds: 300,
  kustomizations: { apps: { path: "./apps" } },
};
/** A default of the SDK. */
const SDK = { clientCertificateSendChain: false };
const TIMING = { syncIntervalInSeconds: 600, timeoutInSeconds: 300 };

async function made(source: Source, others: Readonly<Record<string, Source>> = {}) {
  const engine = await mockEngine(AZURE);
  new FluxSource("gitops", {
    ...source,
    ...COMMON,
    cluster: new MeshCluster("mesh", CLUSTER_ARGS),
    revision: "asm-1-30",
    configurations: Object.fromEntries(
      Object.entries(others).map(([name, other]) => [
        name,
        { ...other, ...COMMON, namespace: name, scope: "namespace" as const },
      ]),
    ),
  });
  await engine.settle();
  expect(unknownInputs(engine.registered)).toEqual([]);
  return engine;
}

/** Which sources a configuration has, with its kind and its protected settings. */
function sourceOf(engine: Recorder, name = "gitops") {
  const { inputs } = engine.one(CONFIGURATION, name);
  const fields = ["sourceKind", "gitRepository", "bucket", "azureBlob"];
  return {
    ...Object.fromEntries(Object.entries(inputs).filter(([key]) => fields.includes(key))),
    protected: revealed(inputs["configurationProtectedSettings"]),
  };
}

test("a public bucket is read over TLS, without keys", async () => {
  const engine = await made({ bucket: { url: SERVER, name: "fleet" } });
  expect(sourceOf(engine)).toEqual({
    sourceKind: "Bucket",
    bucket: { url: SERVER, bucketName: "fleet", insecure: false, ...TIMING },
    protected: undefined,
  });
  expect(engine.one("aks-istio:index:FluxSource", "gitops").inputs).toEqual({
    url: SERVER,
    revision: "asm-1-30",
  });
});

test("the access key of a bucket is secret, and its secret is protected in base64", async () => {
  const engine = await made({
    bucket: { url: SERVER, name: "fleet", accessKey: "id", secretKey: "planted" },
  });
  const { bucket } = engine.one(CONFIGURATION, "gitops").inputs;
  expect(isSecret(bucket) || isSecret((bucket as { accessKey: unknown }).accessKey)).toBe(true);
  expect(JSON.stringify(revealed(bucket))).not.toContain("planted");
  expect(sourceOf(engine).protected).toEqual({ bucketSecretKey: "cGxhbnRlZA==" });
});

test("the nodes' identity reads a storage account once it has the role", async () => {
  const engine = await made({
    azureBlob: {
      url: BLOBS,
      container: "manifests",
      managedIdentity: { storageAccountId: ACCOUNT },
    },
  });
  expect(sourceOf(engine)).toEqual({
    sourceKind: "AzureBlob",
    azureBlob: {
      url: BLOBS,
      containerName: "manifests",
      managedIdentity: { clientId: "kubelet-client" },
      ...TIMING,
    },
    protected: undefined,
  });
  const role = engine.one(ROLE, "gitops-read-fleet");
  expect(role.inputs).toEqual({
    scope: ACCOUNT,
    principalId: "kubelet-object",
    principalType: "ServicePrincipal",
    roleDefinitionId:
      "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/providers/Microsoft.Authorization/roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  });
  expect(role.deletedWith).toBe("");
  expect(engine.one(CONFIGURATION, "gitops").dependencies).toContain(role.urn);
});

test("several containers of an account need one role", async () => {
  const blob = (storageAccountId: string, container: string): Source => ({
    azureBlob: { url: BLOBS, container, managedIdentity: { storageAccountId } },
  });
  const engine = await made(blob(ACCOUNT, "a"), { team: blob(ACCOUNT.toLowerCase(), "b") });
  const roles = engine.registered.filter(({ name }) => name.startsWith("gitops-read-"));
  expect(roles.map(({ name }) => name)).toEqual(["gitops-read-fleet"]);
  expect(engine.one(CONFIGURATION, "gitops-team").dependencies).toContain(roles[0]?.urn);
});

test("another identity is named, and gets no role", async () => {
  const clientId = "9b8f1a52-3f3c-4a0e-8f0e-2d5f6a7b8c9d";
  const engine = await made({
    azureBlob: { url: BLOBS, container: "manifests", managedIdentity: { clientId } },
  });
  expect(sourceOf(engine)).toMatchObject({ azureBlob: { managedIdentity: { clientId } } });
  expect(engine.registered.filter(({ name }) => name.startsWith("gitops-read-"))).toEqual([]);
});

test.each([
  [{ accountKey: "planted" }, { accountKey: "planted" }],
  [{ sasToken: "sig=planted" }, { sasToken: "sig=planted" }],
  [
    { servicePrincipal: { tenantId: "t", clientId: "c", clientSecret: "planted" } },
    { servicePrincipal: { tenantId: "t", clientId: "c", clientSecret: "planted", ...SDK } },
  ],
  [
    {
      servicePrincipal: {
        tenantId: "t",
        clientId: "c",
        clientCertificate: "planted",
        clientCertificatePassword: "planted too",
      },
    },
    {
      servicePrincipal: {
        tenantId: "t",
        clientId: "c",
        clientCertificate: "planted",
        clientCertificatePassword: "planted too",
        ...SDK,
      },
    },
  ],
])("other credentials of blobs are secret: %j", async (credentials, sent) => {
  const engine = await made({ azureBlob: { url: BLOBS, container: "manifests", ...credentials } });
  const { azureBlob } = engine.one(CONFIGURATION, "gitops").inputs;
  expect(withoutSecrets(azureBlob)).not.toContain("planted");
  expect(revealed(azureBlob)).toEqual({
    url: BLOBS,
    containerName: "manifests",
    ...sent,
    ...TIMING,
  });
});

test("the certificate of a private CA is sent in base64", async () => {
  const engine = await made({
    url: "https://git.example.com/a/b",
    reference: { branch: "main" },
    httpsCACertificate: "pem",
  });
  expect(sourceOf(engine)).toMatchObject({ gitRepository: { httpsCACert: "cGVt" } });
});

/** A value as text, without what is secret in it. */
function withoutSecrets(value: unknown): string {
  if (isSecret(value)) return "";
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return Object.values(value).map(withoutSecrets).join();
}

/** A value with the secrets in it. */
function revealed(value: unknown): unknown {
  const open = isSecret(value) ? unsealed(value) : value;
  if (typeof open !== "object" || open === null) return open;
  return Object.fromEntries(Object.entries(open).map(([key, inner]) => [key, revealed(inner)]));
}

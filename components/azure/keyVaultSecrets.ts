import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { SIDECAR_INJECT_LABEL } from "../../mesh/names.ts";
import type { CertificateVault } from "../ingress/certificateVault.ts";
import { keyVaultIdentity } from "../cluster/clusterIdentities.ts";
import type { MeshCluster } from "../cluster/MeshCluster.ts";

export interface KeyVaultSecretsArgs {
  readonly cluster: MeshCluster;
  readonly namespace: pulumi.Input<string>;
  readonly vault: CertificateVault;
  /** Names of certificates in the vault, in lowercase; each becomes the secret `<name>-<object>`. */
  readonly objects: readonly string[];
}

/**
 * Syncs certificates from Key Vault to secrets, with a `SecretProviderClass` and a pod that mounts it, because the
 * driver keeps the secrets only while a pod mounts them. A renewed certificate arrives with the driver's next rotation.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-secure-gateway
 * @see https://learn.microsoft.com/azure/aks/csi-secrets-store-nginx-tls
 */
export function syncKeyVaultSecrets(
  name: string,
  { cluster, namespace, vault, objects }: KeyVaultSecretsArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { clientId } = keyVaultIdentity(cluster.cluster);
  const secretProviderClass = new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "secrets-store.csi.x-k8s.io/v1",
      kind: "SecretProviderClass",
      metadata: { name, namespace },
      spec: {
        provider: "azure",
        secretObjects: objects.map((objectName) => ({
          secretName: `${name}-${objectName}`,
          type: "kubernetes.io/tls",
          // Both keys come from the same object; the driver extracts the part for each.
          data: ["tls.key", "tls.crt"].map((key) => ({ objectName, key })),
        })),
        parameters: {
          useVMManagedIdentity: "true",
          userAssignedIdentityID: clientId,
          keyvaultName: vault.name,
          tenantId: vault.tenantId,
          objects: stringify({
            // As a secret, a certificate includes its private key and chain.
            array: objects.map((objectName) => stringify({ objectName, objectType: "secret" })),
          }),
        },
      },
    },
    opts,
  );
  const metadata = { name: `${name}-certificates`, namespace };
  const selector = { "app.kubernetes.io/name": metadata.name };
  return new k8s.apps.v1.Deployment(
    metadata.name,
    {
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: selector },
        template: {
          metadata: {
            labels: { ...selector, [SIDECAR_INJECT_LABEL]: "false" },
            // A pod mounts the objects that the class had when the pod was created, so a change
            // must recreate the pod.
            annotations: { "aks-istio/objects": objects.join(",") },
          },
          spec: mountingPod(name),
        },
      },
    },
    // The Deployment is ready once the certificates are mounted.
    pulumi.mergeOptions(opts, { dependsOn: [secretProviderClass, vault.access] }),
  );
}

/** An idle image that every node already has, as the sandbox of pods. */
const PAUSE = "mcr.microsoft.com/oss/v2/kubernetes/pause:3.10.2";

function mountingPod(secretProviderClass: string) {
  return {
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65535,
      runAsGroup: 65535,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "pause",
        image: PAUSE,
        resources: { requests: { cpu: "5m", memory: "8Mi" }, limits: { memory: "16Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [{ name: "certificates", mountPath: "/mnt/certificates", readOnly: true }],
      },
    ],
    volumes: [
      {
        name: "certificates",
        csi: {
          driver: "secrets-store.csi.k8s.io",
          readOnly: true,
          volumeAttributes: { secretProviderClass },
        },
      },
    ],
  };
}

import { z } from "zod";
import { TLS_KEY, certificates, privateKey } from "../core/pem.ts";
import { IPv4Range, keys, list, text } from "../core/scalars.ts";
import { SubnetId } from "../core/resourceIds.ts";

const OBJECT_RULE =
  "must be the name of a secret in Key Vault: letters, digits and hyphens, such as root-cert";

const objectName = (preset: string) =>
  text(OBJECT_RULE)
    .regex(/^[0-9a-zA-Z-]{1,127}$/, { error: OBJECT_RULE })
    .meta({ examples: [`mesh-${preset}`] })
    .default(preset);

const SINCE_RULE =
  "must be creation: AKS accepts a CA of your own only when it creates the mesh. A mesh that started with its own CA keeps it. To change the CA, create a new cluster: disabling the mesh deletes its control plane, its gateways and all Istio resources";

export const ObjectNames = keys({
  rootCert: objectName("root-cert").describe("The secret of the root certificate."),
  caCert: objectName("ca-cert").describe("The secret of the intermediate certificate."),
  caKey: objectName("ca-key").describe("The secret of the intermediate certificate's private key."),
  certChain: objectName("cert-chain").describe("The secret of the certificate chain."),
})
  .prefault({})
  .describe("The names of the secrets in the vault that hold the parts of the CA.");

export const Phase = z
  .enum(["vault", "mesh"])
  .default("mesh")
  .describe(
    "vault creates only the vault, in which you then store the CA. mesh creates the mesh, which reads the CA from the vault.",
  );

export const DefaultAction = z
  .enum(["Deny", "Allow"])
  .default("Deny")
  .describe("Whether the vault's firewall denies or allows requests that no rule admits.");

/**
 * The key `aks-istio:certificates`: a plug-in CA instead of Istio's self-signed one. The settings do not show whether
 * the mesh was created with it, so `since` must confirm it; `MeshCertificates` describes the checks of Pulumi and AKS.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-plugin-ca
 */
export const Certificates = keys({
  since: z
    .literal("creation", { error: SINCE_RULE })
    .describe(
      "creation, which confirms that the mesh starts with this CA. AKS accepts a CA of your own only when it creates the mesh.",
    ),
  phase: Phase,
  objectNames: ObjectNames,
  contents: keys({
    rootCert: certificates("the root certificate").describe("The root certificate in PEM form."),
    caCert: certificates("the intermediate certificate").describe(
      "The intermediate certificate in PEM form.",
    ),
    caKey: privateKey("the private key of the intermediate certificate", TLS_KEY).describe(
      "The private key of the intermediate certificate in PEM form.",
    ),
    certChain: certificates("the certificate chain").describe("The certificate chain in PEM form."),
  })
    .optional()
    .describe(
      "The CA itself. Without it, you store the CA in the vault yourself, under the names in objectNames.",
    ),
  network: keys({
    defaultAction: DefaultAction,
    bypass: z
      .enum(["AzureServices", "None"])
      .default("AzureServices")
      .describe("Whether trusted Azure services pass the vault's firewall."),
    allowedIPRanges: list(IPv4Range)
      .max(1000)
      .default([])
      .describe("The public IPv4 ranges that the vault's firewall admits."),
    subnetIds: list(SubnetId)
      .max(200)
      .default([])
      .describe(
        "The resource IDs of the subnets that the vault's firewall admits, each with the service endpoint Microsoft.KeyVault. The node subnet of a network that the program creates is always admitted.",
      ),
  })
    .prefault({})
    .describe("The firewall of the vault."),
}).describe(
  "A certificate authority of your own for the mesh, in a Key Vault that the program creates. Without it, Istio creates its own CA.",
);

/** The secrets under this key. */
export const CERTIFICATE_SECRETS = [["certificates", "contents", "caKey"]] as const;

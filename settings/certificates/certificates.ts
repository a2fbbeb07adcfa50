import { z } from "zod";
import { isPrivateRange } from "../../mesh/ranges.ts";
import { IPv4Range, keys, lines, list, text } from "../core/scalars.ts";
import { isMap, valueAt } from "../core/path.ts";
import { read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import { SubnetId } from "../core/resourceIds.ts";
import type { Violation } from "../core/violation.ts";

const OBJECT_RULE =
  "must be the name of a secret in Key Vault: letters, digits and hyphens, such as root-cert";

const ObjectName = text(OBJECT_RULE)
  .regex(/^[0-9a-zA-Z-]{1,127}$/, { error: OBJECT_RULE })
  .meta({ examples: ["mesh-root-cert"] });

const SINCE_RULE =
  "must be creation: AKS accepts a CA of your own only when it creates the mesh. A mesh that started with its own CA keeps it. To change the CA, create a new cluster: disabling the mesh deletes its control plane, its gateways and all Istio resources";

const pem = (what: string) =>
  lines(`must be ${what} in PEM form`)
    .meta({ examples: ["-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n"] })
    .describe(`${what.charAt(0).toUpperCase()}${what.slice(1)} in PEM form.`);

const ObjectNames = keys({
  rootCert: ObjectName.default("root-cert").describe("The secret of the root certificate."),
  caCert: ObjectName.default("ca-cert").describe("The secret of the intermediate certificate."),
  caKey: ObjectName.default("ca-key").describe(
    "The secret of the intermediate certificate's private key.",
  ),
  certChain: ObjectName.default("cert-chain").describe("The secret of the certificate chain."),
})
  .prefault({})
  .describe("The names of the secrets in the vault that hold the parts of the CA.");

const Phase = z
  .enum(["vault", "mesh"])
  .default("mesh")
  .describe(
    "vault creates only the vault, for somebody else to store the CA there; mesh creates the mesh that reads it.",
  );

const DefaultAction = z
  .enum(["Deny", "Allow"])
  .default("Deny")
  .describe("What the vault's firewall does with requests that no rule admits.");

/**
 * The key `aks-istio:certificates`, which replaces the CA that Istio makes for itself by one of your own. Whether the
 * mesh began with it shows in no setting: whoever adds the key has to say so, and what Pulumi and AKS have to say to
 * it comes after that (see `MeshCertificates`).
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
    rootCert: pem("the root certificate"),
    caCert: pem("the intermediate certificate"),
    caKey: pem("the private key of the intermediate certificate"),
    certChain: pem("the certificate chain"),
  })
    .optional()
    .describe(
      "The CA itself. Without it, somebody else stores the CA in the vault, under the names in objectNames.",
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
        "The resource IDs of the subnets that the vault's firewall admits, each with the service endpoint Microsoft.KeyVault. The node subnet of a network that the program creates is admitted anyway.",
      ),
  })
    .prefault({})
    .describe("The firewall of the vault."),
}).describe(
  "A certificate authority of your own for the mesh, in a Key Vault that the program creates. Without it, Istio creates its own CA.",
);

/**
 * The mesh reads its CA from the nodes, which no trust of Azure's lets in. Those in a network of the program's own are
 * admitted by the program; whoever stores the certificates, if it is not the program, never is.
 */
export function checkVaultAccess(values: Values): readonly Violation[] {
  const steps = ["certificates", "network"];
  if (!isMap(values["certificates"])) return [];
  const action = read(DefaultAction, values, [...steps, "defaultAction"]);
  const admits = ["allowedIPRanges", "subnetIds"].some((key) => {
    const given = valueAt(values, [...steps, key]);
    return given !== undefined && (!Array.isArray(given) || given.length > 0);
  });
  if (action !== "Deny" || admits) return [];
  const foreign = valueAt(values, ["cluster", "network", "subnets"]) !== undefined;
  const filledByOthers = valueAt(values, ["certificates", "contents"]) === undefined;
  const shutOut = [
    ...(foreign ? ["the nodes in cluster.network.subnets"] : []),
    ...(filledByOthers ? ["whoever stores the certificates"] : []),
  ];
  if (shutOut.length === 0) return [];
  return [
    {
      steps,
      rule: `blocks ${shutOut.join(" and ")} from the vault, and the mesh does not start without its CA; add their addresses to allowedIPRanges or their subnets to subnetIds, or set defaultAction to Allow`,
      hideValue: true,
    },
  ];
}

/** @see https://learn.microsoft.com/azure/key-vault/general/network-security#key-vault-firewall-enabled-ipv4-addresses-and-ranges---static-ips */
export function checkVaultRanges(values: Values): readonly Violation[] {
  const ranges = ["certificates", "network", "allowedIPRanges"];
  const given = valueAt(values, ranges);
  if (!Array.isArray(given)) return [];
  return given
    .map((_, index) => [...ranges, index])
    .filter((steps) => isPrivateRange(read(IPv4Range, values, steps) ?? ""))
    .map((steps) => ({
      steps,
      rule: "is private, but Key Vault accepts only public addresses; add the subnet to subnetIds, or use the public address of its NAT gateway or firewall",
    }));
}

/** The phase is for a CA that somebody else puts into the vault. */
export function checkVaultPhase(values: Values): readonly Violation[] {
  const steps = ["certificates", "phase"];
  if (read(Phase, values, steps) !== "vault") return [];
  if (valueAt(values, ["certificates", "contents"]) === undefined) return [];
  return [
    {
      steps,
      rule: "does not apply with contents, which the program stores in the vault itself; remove it",
    },
  ];
}

/** One secret cannot be two of the parts. */
export function checkObjectNames(values: Values): readonly Violation[] {
  const steps = ["certificates", "objectNames"];
  const names = read(ObjectNames, values, steps);
  if (names === undefined) return [];
  const takenBy = new Map<string, string>();
  return Object.entries(names).flatMap(([part, name]): Violation[] => {
    const other = takenBy.get(name.toLowerCase());
    takenBy.set(name.toLowerCase(), part);
    return other === undefined
      ? []
      : [{ steps: [...steps, part], rule: `must differ from that of ${other}, which is ${name}` }];
  });
}

/** The rules on certificates, for the list of all. */
export const CERTIFICATE_RULES = [
  checkVaultAccess,
  checkVaultRanges,
  checkVaultPhase,
  checkObjectNames,
] as const;

/** The settings here that are secrets. */
export const CERTIFICATE_SECRETS = [["certificates", "contents", "caKey"]] as const;

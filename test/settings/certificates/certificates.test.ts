import { describe, expect, test } from "vitest";
import { CERTIFICATE_RULES } from "../../../settings/certificates/rules.ts";
import { Certificates } from "../../../settings/certificates/schema.ts";
import { UNDECRYPTED } from "../../../settings/core/pem.ts";
import { generalRule } from "../../../settings/core/wording.ts";
import { UNKNOWN } from "../../../offline/plan/values.ts";
import { editorAccepts } from "../../support/editor.ts";
import { CERTIFICATE, PRIVATE_KEY, pem } from "../../support/pem.ts";
import { withKey } from "../../support/settings.ts";

const SUBNET =
  "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/hub/subnets/nodes";
const CONTENTS = {
  rootCert: CERTIFICATE,
  caCert: CERTIFICATE,
  caKey: PRIVATE_KEY,
  certChain: CERTIFICATE + CERTIFICATE,
};
const REACHED = { allowedIPRanges: ["198.51.100.7/32"] };

/** One line for each mistake in the shape or against a rule. */
function problemsOf(value: unknown): readonly string[] {
  const { error } = Certificates.safeParse(value, { error: generalRule });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

/** What the rules report about settings with these certificates. */
function violationsOf(certificates: unknown, cluster: unknown = {}): readonly string[] {
  return CERTIFICATE_RULES.flatMap((rule) => rule({ certificates, cluster })).map(
    ({ steps, rule }) => `${steps.join(".")}: ${rule}`,
  );
}

test("all but since have defaults", () => {
  expect(Certificates.parse({ since: "creation" })).toEqual({
    since: "creation",
    phase: "mesh",
    objectNames: {
      rootCert: "root-cert",
      caCert: "ca-cert",
      caKey: "ca-key",
      certChain: "cert-chain",
    },
    network: {
      defaultAction: "Deny",
      bypass: "AzureServices",
      allowedIPRanges: [],
      subnetIds: [],
    },
  });
});

test("accepts every field", () => {
  const all = {
    since: "creation",
    phase: "vault",
    objectNames: { rootCert: "r", caCert: "c", caKey: "k", certChain: "Chain-2" },
    contents: CONTENTS,
    network: {
      defaultAction: "Allow",
      bypass: "None",
      allowedIPRanges: ["198.51.100.0/24"],
      subnetIds: [SUBNET],
    },
  };
  expect(Certificates.parse(all)).toEqual(all);
});

const SINCE =
  "since: must be creation: AKS accepts a CA of your own only when it creates the mesh. A mesh that started with its own CA keeps it. To change the CA, create a new cluster: disabling the mesh deletes its control plane, its gateways and all Istio resources";

describe("cannot be enabled for an existing mesh", () => {
  test.each([[{}], [{ since: "2026-07-01" }], [{ since: true }], [{ since: "Creation" }]])(
    "%j",
    (value) => {
      expect(problemsOf(value)).toEqual([SINCE]);
    },
  );
});

const OBJECT =
  "must be the name of a secret in Key Vault: letters, digits and hyphens, such as root-cert";

const CA_KEY =
  "must be the private key of the intermediate certificate in PEM form without a passphrase, with line breaks: -----BEGIN PRIVATE KEY-----, base64 and -----END PRIVATE KEY-----";

test.each<[unknown, string]>([
  [{ objectNames: { rootCert: "root_cert" } }, `objectNames.rootCert: ${OBJECT}`],
  [{ objectNames: { rootCert: "a".repeat(128) } }, `objectNames.rootCert: ${OBJECT}`],
  [
    { objectNames: { root: "r" } },
    "objectNames: no such setting; the keys here are rootCert, caCert, caKey, certChain",
  ],
  [{ contents: { ...CONTENTS, caKey: undefined } }, `contents.caKey: ${CA_KEY}`],
  [
    { network: { defaultAction: "deny" } },
    "network.defaultAction: must be one of Deny, Allow; did you mean Deny?",
  ],
  [{ network: { bypass: "All" } }, "network.bypass: must be one of AzureServices, None"],
  [
    { network: { allowedIPRanges: ["198.51.100.1/24"] } },
    "network.allowedIPRanges.0: must be an IPv4 range that begins with its first address, such as 198.51.100.0/24",
  ],
  [
    { network: { subnetIds: ["nodes"] } },
    "network.subnetIds.0: must be the resource ID of a subnet, /subscriptions/…/providers/Microsoft.Network/virtualNetworks/…",
  ],
])("refuses %j", (value, line) => {
  expect(problemsOf({ since: "creation", ...(value as object) })).toEqual([line]);
});

const certificateRule = (what: string) =>
  `must be ${what} in PEM form, with line breaks: -----BEGIN CERTIFICATE-----, base64 and -----END CERTIFICATE-----`;

describe("the parts of the CA are in PEM form", () => {
  const refused = (contents: object) =>
    problemsOf({ since: "creation", contents: { ...CONTENTS, ...contents } });

  test.each([
    ["with a line break at its end", CERTIFICATE],
    ["without one", CERTIFICATE.trimEnd()],
    ["with the line breaks of Windows", CERTIFICATE.replaceAll("\n", "\r\n")],
    [
      "with the texts of openssl",
      `subject=CN=root\nissuer=CN=root\n${CERTIFICATE}\ns:CN=b\n${CERTIFICATE}`,
    ],
    ["that a preview cannot decrypt", UNDECRYPTED],
  ])("a certificate %s", (_, text) => {
    expect(refused({ rootCert: text, caCert: text, certChain: text })).toEqual([]);
  });

  test.each([
    ["another text", "abc"],
    ["base64 without its lines", "MIIBszCCAVmgAwIBAgIUJbY2Wm4oQ0Zc"],
    ["a private key", PRIVATE_KEY],
    ["a private key after it", CERTIFICATE + PRIVATE_KEY],
    ["a first line only", "-----BEGIN CERTIFICATE-----"],
    ["no body", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"],
    ["a body that is not base64", pem("CERTIFICATE", "MIIB…")],
    ["spaces in place of line breaks", CERTIFICATE.replaceAll("\n", " ")],
    ["a last line of another label", CERTIFICATE.replace("END CERTIFICATE", "END X509 CRL")],
    ["a second one that is cut off", CERTIFICATE + CERTIFICATE.slice(0, -10)],
  ])("not %s as a certificate", (_, text) => {
    expect(refused({ rootCert: text, caCert: text, certChain: text })).toEqual([
      `contents.rootCert: ${certificateRule("the root certificate")}`,
      `contents.caCert: ${certificateRule("the intermediate certificate")}`,
      `contents.certChain: ${certificateRule("the certificate chain")}`,
    ]);
  });

  test.each([
    ["of PKCS #8", PRIVATE_KEY],
    ["of RSA", pem("RSA PRIVATE KEY")],
    [
      "of a curve with its parameters",
      pem("EC PARAMETERS", "BggqhkjOPQMBBw==") + pem("EC PRIVATE KEY"),
    ],
    ["that a preview cannot decrypt", UNDECRYPTED],
  ])("a private key %s", (_, caKey) => {
    expect(refused({ caKey })).toEqual([]);
  });

  test.each([
    ["another text", "abc"],
    ["a certificate", CERTIFICATE],
    ["two keys", PRIVATE_KEY + PRIVATE_KEY],
    ["a key with a passphrase", pem("ENCRYPTED PRIVATE KEY")],
    ["an RSA key with a passphrase", pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\n\nMIIB")],
    ["a key of SSH", pem("OPENSSH PRIVATE KEY")],
    ["labels that differ", PRIVATE_KEY.replace("END PRIVATE", "END RSA PRIVATE")],
  ])("not %s as a private key", (_, caKey) => {
    expect(refused({ caKey })).toEqual([`contents.caKey: ${CA_KEY}`]);
  });

  test("an editor underlines a certificate that is not", () => {
    const accepts = (rootCert: string) => {
      const contents = { ...CONTENTS, rootCert, caKey: { secure: "v1:a" } };
      return editorAccepts(withKey("certificates", { since: "creation", contents }));
    };
    expect([accepts(CERTIFICATE), accepts("abc"), accepts(PRIVATE_KEY)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test("an undecrypted secret has the value that the preview gives it", () => {
    expect(UNDECRYPTED).toBe(UNKNOWN);
  });
});

test("object names may be as long as Key Vault allows", () => {
  const objectNames = { rootCert: "a".repeat(127) };
  expect(problemsOf({ since: "creation", objectNames })).toEqual([]);
});

describe("the vault is reachable", () => {
  const keptOut = (whom: string) =>
    `certificates.network: blocks ${whom} from the vault, and the mesh does not start without its CA; add their addresses to allowedIPRanges or their subnets to subnetIds, or set defaultAction to Allow`;
  const OTHERS = "the clients that store the certificates";
  const NODES = "the nodes in cluster.network.subnets";
  const GIVEN = { network: { subnets: { nodes: SUBNET } } };

  test.each([
    [{}],
    [{ network: {} }],
    [{ network: { bypass: "AzureServices" } }],
    [{ network: { allowedIPRanges: [], subnetIds: [] } }],
  ])("not with %j", (value) => {
    expect(violationsOf(value)).toEqual([keptOut(OTHERS)]);
    expect(violationsOf(value, GIVEN)).toEqual([keptOut(`${NODES} and ${OTHERS}`)]);
    expect(violationsOf({ ...value, contents: CONTENTS }, GIVEN)).toEqual([keptOut(NODES)]);
    // The program uploads the certificates, and admits the nodes of its own network.
    expect(violationsOf({ ...value, contents: CONTENTS })).toEqual([]);
  });

  test.each([
    [{ network: REACHED }],
    [{ network: { subnetIds: [SUBNET] } }],
    [{ network: { defaultAction: "Allow" } }],
    // A certificate with its own mistake is reported for that mistake.
    [{ network: { defaultAction: "deny" } }],
    [{ network: { allowedIPRanges: "198.51.100.7/32" } }],
  ])("with %j", (value) => {
    expect(violationsOf(value)).toEqual([]);
    expect(violationsOf(value, GIVEN)).toEqual([]);
  });

  test("and without certificates, nothing is checked", () => {
    expect(violationsOf(undefined)).toEqual([]);
  });
});

test("one secret cannot be two parts, in any case", () => {
  const objectNames = { rootCert: "ca", caKey: "CA-key", certChain: "CA" };
  expect(violationsOf({ objectNames, network: REACHED })).toEqual([
    "certificates.objectNames.certChain: must differ from that of rootCert, which is CA",
  ]);
});

test("the phase vault is for certificates that are added outside the program", () => {
  const contents = CONTENTS;
  const network = REACHED;
  expect(violationsOf({ phase: "vault", contents, network })).toEqual([
    "certificates.phase: does not apply with contents, which the program stores in the vault itself; remove it",
  ]);
  expect(violationsOf({ phase: "vault", network })).toEqual([]);
  expect(violationsOf({ phase: "mesh", contents, network })).toEqual([]);
  expect(problemsOf({ since: "creation", phase: "vaults" })).toEqual([
    "phase: must be one of vault, mesh; did you mean vault?",
  ]);
});

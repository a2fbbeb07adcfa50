import { describe, expect, test } from "vitest";
import { CERTIFICATE, pem } from "../../support/pem.ts";
import { APPS, LEAST, accepted, problemsOf, withKey } from "../../support/settings.ts";

const ANSWERING = { namespace: "shop", service: "frontend", port: 9898 };

describe("secrets", () => {
  const https = {
    url: "https://github.com/a/b",
    kustomizations: APPS,
    reference: { branch: "main" },
    httpsUser: "flux",
  };
  const ssh = {
    url: "ssh://git@github.com/a/b",
    kustomizations: APPS,
    reference: { branch: "main" },
    sshKnownHosts: "github.com ssh-ed25519 AAAA",
  };
  const SECRET = ["aks-istio:gitops"];
  const sshPrivateKey = pem("OPENSSH PRIVATE KEY", "planted");

  test.each([[{ ...https, httpsKey: "planted" }], [{ ...ssh, sshPrivateKey }]])(
    "are accepted if the key is encrypted",
    (gitops) => {
      expect(accepted(withKey("gitops", gitops), SECRET).gitops).toMatchObject(gitops);
    },
  );

  test.each([
    [{ ...https, httpsKey: "planted" }, "httpsKey"],
    [{ ...ssh, sshPrivateKey }, "sshPrivateKey"],
  ])("are rejected in clear text, and not shown", (gitops, field) => {
    expect(problemsOf(withKey("gitops", gitops))).toEqual([
      `aks-istio:gitops.${field}: found (secret); must not be in the stack file in plain text; set it with pulumi config set --secret --path 'gitops.${field}'`,
    ]);
  });

  test("are rejected where the state would contain them in clear text", () => {
    const config = withKey("cluster", { kubernetesVersion: "1.31" });
    expect(problemsOf(config, ["aks-istio:cluster"])).toEqual([
      "aks-istio:cluster: found (secret); is not a secret; set it without --secret",
    ]);
  });

  test.each([
    ["under a misspelt key", { ...https, httpKey: "planted" }, []],
    ["of another type", { ...https, httpsKey: ["planted"] }, SECRET],
    ["in a URL", { ...https, url: "https://flux:planted@github.com/a/b" }, []],
    ["as the user of a URL", { ...https, url: "https://planted@github.com/a/b" }, []],
    ["in the query of a URL", { ...https, url: "https://github.com/a/b?token=planted" }, []],
    ["encoded", { ...ssh, sshPrivateKey: "planted" }, SECRET],
    ["in place of the map", "planted", SECRET],
    ["next to one", { ...https, interval: "planted", httpsKey: "planted" }, SECRET],
    ["with the other kind of URL", { ...ssh, sshPrivateKey: "planted", httpsKey: "planted" }, []],
  ])("are never shown %s", (_, gitops, secrets) => {
    const report = problemsOf({ ...LEAST, "aks-istio:gitops": gitops }, secrets).join("\n");
    expect(report).toContain("aks-istio:gitops");
    expect(report).not.toContain("planted");
  });

  const served = (tls: object) => ({
    ingress: { Internal: { hosts: { "shop.example.com": { ...ANSWERING, ...tls } } } },
  });
  const SHOP = { "aks-istio:namespaces": { shop: {} } };
  const contents = {
    rootCert: CERTIFICATE,
    caCert: CERTIFICATE,
    caKey: pem("PRIVATE KEY", "planted"),
    certChain: CERTIFICATE,
  };
  const certificates = { since: "creation", network: { defaultAction: "Allow" }, contents };
  const named: readonly (readonly [key: string, value: unknown, path: string])[] = [
    [
      "gateways",
      served({ tlsCertificate: CERTIFICATE, tlsKey: pem("PRIVATE KEY", "planted") }),
      'gateways.ingress.Internal.hosts["shop.example.com"].tlsKey',
    ],
    ["certificates", certificates, "certificates.contents.caKey"],
  ];

  test.each(named)(
    "in %s are rejected in clear text, with the command that encrypts them",
    (...at) => {
      const [key, value, path] = at;
      const config = { ...LEAST, ...SHOP, [`aks-istio:${key}`]: value };
      expect(problemsOf(config, [`aks-istio:${key}`])).toEqual([]);
      expect(problemsOf(config)).toEqual([
        `aks-istio:${path}: found (secret); must not be in the stack file in plain text; set it with pulumi config set --secret --path '${path}'`,
      ]);
    },
  );

  test("are never shown as a certificate or as known hosts", () => {
    const key = pem("PRIVATE KEY", "planted");
    const config = {
      ...LEAST,
      ...SHOP,
      "aks-istio:gateways": served({ tlsCertificate: key, tlsKey: key }),
      "aks-istio:certificates": {
        ...certificates,
        contents: { rootCert: key, caCert: key, caKey: key, certChain: "planted" },
      },
      "aks-istio:gitops": { ...ssh, sshKnownHosts: key, sshPrivateKey: key },
    };
    const problems = problemsOf(config);
    expect(problems.filter((line) => line.includes("must be"))).toHaveLength(5);
    expect(problems.join("\n")).not.toContain("planted");
  });

  test("are never shown in a gateway's host, with any mistake", () => {
    const gateways = served({ tlsKey: ["planted"], tlsKeys: "planted", tlsCertificate: 1 });
    for (const encrypted of [[], ["aks-istio:gateways"]]) {
      const problems = problemsOf({ ...LEAST, ...SHOP, "aks-istio:gateways": gateways }, encrypted);
      expect(problems.length).toBeGreaterThan(1);
      expect(problems.join("\n")).not.toContain("planted");
    }
  });
});

test("no rule between keys quotes an encrypted key that is not a secret", () => {
  const config = { ...LEAST, "aks-istio:mesh": { management: "external", revision: "asm-1-30" } };
  expect(problemsOf(config, ["aks-istio:mesh"])).toEqual([
    "aks-istio:mesh: found (secret); is not a secret; set it without --secret",
  ]);
});

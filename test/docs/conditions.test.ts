import { Ajv } from "ajv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseSettings } from "../../settings/parse.ts";
import { LOCATION } from "../../settings/location/location.ts";
import { stackSchema } from "./stackSchema.ts";
import { CERTIFICATE, PRIVATE_KEY } from "../support/pem.ts";

const acceptsFile = new Ajv({ strict: false, allowUnionTypes: true }).compile(stackSchema());

const AZURE =
  "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/hub/providers/Microsoft.";
const ID = "7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42";

/** A map in which each key has one of some values, or is missing. */
const maps = (keys: Readonly<Record<string, readonly unknown[]>>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(keys).map(([key, values]) => [key, fc.constantFrom(...values)]),
    ),
    { requiredKeys: [] },
  );

const stack = (changes: Readonly<Record<string, object>>) => ({
  cluster: { kubernetesVersion: "1.35", apiServer: { authorizedIPRanges: [] } },
  mesh: { revision: "asm-1-30" },
  namespaces: { ingress: {} },
  access: { adminGroupId: ID },
  ...changes,
});

const answering = { namespace: "ingress", service: "frontend", port: 80 };

const ingress = (gateway: object, others: object = {}) =>
  stack({ gateways: { ...others, ingress: { External: gateway } } });

/** Stacks that combine the keys of one map with valid values. */
const STACKS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  apiServer: maps({
    access: ["public", "vnet-integrated", "private"],
    authorizedIPRanges: [[], ["198.51.100.0/24"]],
    privateDnsZoneId: [`${AZURE}Network/privateDnsZones/private.westeurope.azmk8s.io`],
  }).map((apiServer) => stack({ cluster: { kubernetesVersion: "1.35", apiServer } })),
  mesh: maps({
    management: ["pinned", "external"],
    revision: ["asm-1-29"],
    upgrade: [{ to: "asm-1-30", phase: "prepared" }],
    meshConfig: [{}, null],
    mtls: ["permissive"],
  }).map((mesh) => stack({ mesh })),
  access: maps({ administrators: [[ID]], adminGroupId: [ID], kubelogin: ["azd"] }).map((access) =>
    stack({ access }),
  ),
  "an ingress gateway": maps({
    api: ["istio", "gateway-api"],
    namespace: ["ingress"],
    externalTrafficPolicy: ["Local"],
    staticIP: [true],
  }).map((gateway) => {
    const hosts = { "shop.example.com": { ...answering, certificate: "shop" } };
    return ingress({ ...gateway, hosts }, { keyVaultId: `${AZURE}KeyVault/vaults/kv-shared` });
  }),
  "a host": maps({
    certificate: ["shop"],
    tlsCertificate: [CERTIFICATE],
    tlsKey: [PRIVATE_KEY],
  }).map((host) => {
    const vault = "certificate" in host ? { keyVaultId: `${AZURE}KeyVault/vaults/kv-shared` } : {};
    return ingress({ hosts: { "shop.example.com": { ...answering, ...host } } }, vault);
  }),
  "a reference": maps({ branch: ["main"], tag: ["v1"], semver: [">=1.0.0"] }).map((reference) =>
    stack({
      gitops: {
        url: "https://git.example.com/a",
        reference,
        kustomizations: { a: { path: "./a" } },
      },
    }),
  ),
};

test.each(Object.entries(STACKS))(
  "an editor accepts the keys of %s that validate accepts",
  (_, stacks) => {
    fc.assert(
      fc.property(stacks, (settings) => {
        const named = Object.entries(settings).map(
          ([key, value]) => [`aks-istio:${key}`, JSON.stringify(value)] as const,
        );
        const config = Object.fromEntries(
          named.map(([key, text]) => [
            key,
            // As in a stack file.
            JSON.parse(
              text.replaceAll(JSON.stringify(PRIVATE_KEY), '{"secure":"v1:abc"}'),
            ) as unknown,
          ]),
        );
        const parsed = parseSettings({
          values: { [LOCATION]: "westeurope", ...Object.fromEntries(named) },
          isSecret: (key) => key === "aks-istio:gateways",
          project: "aks-istio",
        });
        expect(acceptsFile({ config: { [LOCATION]: "westeurope", ...config } })).toBe(
          "settings" in parsed,
        );
      }),
      { numRuns: 300 },
    );
  },
);

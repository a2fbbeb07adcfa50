import { devStack } from "../../real/harness/render.ts";
import type { StackFile } from "../../real/harness/render.ts";
import { outsideHost } from "./world.ts";

export const REVISION = "asm-1-30";
export const [SHOP, EDGE, VISITOR, OFFICE, WORLD] = [
  "promises-shop",
  "promises-edge",
  "promises-visitor",
  "promises-office",
  "promises-world",
] as const;
export const EGRESS = "promises-out";
export const [PLAIN, SECURE, UNREGISTERED] = [
  outsideHost(WORLD, "plain"),
  outsideHost(WORLD, "secure"),
  outsideHost(WORLD, "other"),
] as const;
export const [INTERNAL_HOST, EXTERNAL_HOST] = ["shop.example.com", "public.example.com"] as const;

const answer = { namespace: SHOP, service: "frontend", port: 9898, certificate: "example-com" };

/** The dev stack with every kind of gateway and of namespace. */
export function promisedStack(defaultConfig: object): StackFile {
  const { config } = devStack();
  const outboundTrafficPolicy = { mode: "REGISTRY_ONLY" };
  return {
    config: {
      ...config,
      "aks-istio:mesh": {
        revision: REVISION,
        meshConfig: { outboundTrafficPolicy, ...defaultConfig },
      },
      "aks-istio:namespaces": {
        [SHOP]: { defaultDeny: true },
        [EDGE]: {},
        [VISITOR]: {},
        [OFFICE]: { sidecarScope: [EDGE] },
        [WORLD]: { mesh: false, podSecurity: "privileged" },
      },
      "aks-istio:workloads": { shop: { namespace: SHOP } },
      "aks-istio:gateways": {
        keyVaultId:
          "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/certificates",
        ingress: {
          Internal: { hosts: { [INTERNAL_HOST]: answer } },
          External: { api: "gateway-api", namespace: EDGE, hosts: { [EXTERNAL_HOST]: answer } },
        },
        staticEgress: true,
        egress: {
          [EGRESS]: {
            phase: "routed",
            namespace: EDGE,
            hosts: { [SECURE]: "TLS", [PLAIN]: "HTTP" },
          },
        },
      },
    },
  };
}

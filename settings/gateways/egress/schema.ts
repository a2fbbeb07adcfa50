import { z } from "zod";
import { wholeNumber } from "../../core/numbers.ts";
import { IPv4Range, PoolName, VmSize, keys, list, text } from "../../core/scalars.ts";

export const EgressPoolName = PoolName.default("egress").describe(
  "The name of the pool. No other pool of the cluster may have it.",
);
export const PrefixSize = wholeNumber("the length of the prefix", 28, 31)
  .default(31)
  .describe(
    "The length of the public IP prefix from which requests leave: 31 has 2 addresses, 28 has 16.",
  );
export const Count = wholeNumber("the number of nodes", 1)
  .default(2)
  .describe("The number of nodes. Each uses one address of the public IP prefix.");

/** Destinations that are not reached from a public address: private networks and Azure's instance metadata service. */
const PRIVATE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.169.254/32"];

const EgressGateway = keys({
  phase: z
    .enum(["prepared", "enabled", "routed"])
    .describe(
      "prepared creates the pool, enabled adds the gateway, and routed sends requests through it. Each phase requires its own pulumi up, forwards and back.",
    ),
  namespace: text("must be one of the stack's namespaces")
    .meta({ examples: ["egress"] })
    .describe("The namespace of the stack in which the gateway runs."),
  pool: keys({
    name: EgressPoolName,
    vmSize: VmSize.default("Standard_D4ds_v5").describe("The VM size of the nodes."),
    count: Count,
    publicIPPrefixSize: PrefixSize,
  })
    .prefault({})
    .describe("The node pool of the gateway, whose nodes hold its public addresses."),
  excludeCidrs: list(IPv4Range)
    .default(PRIVATE)
    .describe(
      "The IPv4 ranges to which the gateway's traffic does not use the public addresses. Without it, these are the private ranges and Azure's instance metadata service.",
    ),
  hosts: z
    .record(
      z.string(),
      z.enum(["TLS", "HTTP"]).describe("The protocol that workloads speak to the host."),
    )
    .default({})
    .meta({ examples: [{ "api.partner.example": "TLS" }] })
    .describe(
      "The hosts to which requests leave through the gateway, by name. The phase routed requires at least one.",
    ),
}).describe("An egress gateway.");

/** The key `aks-istio:gateways.egress`: gateways by name. */
export const Egress = z.record(z.string().meta({ examples: ["partners"] }), EgressGateway);

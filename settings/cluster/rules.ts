import { AUTHORIZED_RANGE_RULES, accessOf } from "./authorizedRanges.ts";
import { KeyId, KeyVaultNetworkAccess, SYSTEM_POOL_SIZE, Tier, USER_POOL_SIZE } from "./schema.ts";
import { egressGatewayNames } from "../gateways/egress/rules.ts";
import { poolLabelProblem } from "../core/labels.ts";
import { Plan, PoolName } from "../core/scalars.ts";
import { locationProblem } from "../location/location.ts";
import { checkNetwork, checkRangesDoNotOverlap, checkSubnets } from "./network.ts";
import { isMap, valueAt } from "../core/path.ts";
import type { Step } from "../core/path.ts";
import { read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import { KeyVaultId, PrivateDnsZoneId } from "../core/resourceIds.ts";
import type { Violation } from "../core/violation.ts";

/** The rules on the cluster. */
export const CLUSTER_RULES = [
  checkTier,
  ...AUTHORIZED_RANGE_RULES,
  checkPrivateDnsZone,
  checkNetwork,
  checkSubnets,
  requireApiServerSubnet,
  checkRangesDoNotOverlap,
  checkPoolNames,
  checkPoolCount,
  checkPoolSizes,
  checkPoolLabels,
  checkKeyVault,
  checkKeyVaultAccess,
  requireDefenderWorkspace,
] as const;

/** @see https://learn.microsoft.com/azure/aks/long-term-support */
function checkTier(values: Values): readonly Violation[] {
  const steps = ["cluster", "tier"];
  const tier = read(Tier, values, steps);
  const plan = read(Plan.optional(), values, ["cluster", "supportPlan"]);
  if (tier === undefined || tier === "Premium" || plan !== "AKSLongTermSupport") return [];
  return [{ steps, rule: "must be Premium, which long-term support requires; or remove it" }];
}

/**
 * All private API servers here use VNet integration, which requires the zone `private.…`. `privatelink.…` is for the
 * older private clusters with Private Link.
 *
 * @see https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns
 */
function checkPrivateDnsZone(values: Values, location: string): readonly Violation[] {
  const steps = ["cluster", "apiServer", "privateDnsZoneId"];
  if (accessOf(values) !== "private") return [];
  const zone = read(PrivateDnsZoneId, values, steps)?.split("/").at(-1)?.toLowerCase();
  if (zone === undefined || locationProblem(location) !== undefined) return [];
  const own = `private.${location}.azmk8s.io`;
  const subzone = zone.endsWith(`.${own}`) ? zone.slice(0, -own.length - 1) : undefined;
  if (
    zone === own ||
    (subzone !== undefined && /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(subzone))
  ) {
    return [];
  }
  return [
    {
      steps,
      rule: `must be the zone ${own} or one below it, <subzone>.${own} with at most 32 characters in <subzone>: AKS requires this name for an API server in a virtual network in ${location}`,
    },
  ];
}

/** @see https://learn.microsoft.com/azure/aks/api-server-vnet-integration */
function requireApiServerSubnet(values: Values): readonly Violation[] {
  const subnets = valueAt(values, ["cluster", "network", "subnets"]);
  const access = accessOf(values);
  if (!isMap(subnets) || access === undefined) return [];
  const steps = ["cluster", "network", "subnets", "apiServer"];
  const given = subnets["apiServer"] !== undefined;
  if (given === (access !== "public")) return [];
  return [
    given
      ? { steps, rule: "does not apply with apiServer.access: public; remove it", hideValue: true }
      : {
          steps,
          rule: `is required with apiServer.access: ${access}: a subnet of at least 16 addresses, delegated to Microsoft.ContainerService/managedClusters`,
        },
  ];
}

/** @see https://learn.microsoft.com/azure/aks/create-node-pools#limitations */
function checkPoolNames(values: Values): readonly Violation[] {
  const pools = valueAt(values, ["cluster", "userPools"]);
  if (!isMap(pools)) return [];
  const steps = ["cluster", "userPools"];
  if (Object.keys(pools).length === 0) {
    return [{ steps, rule: "must have at least one pool: the system pool does not run workloads" }];
  }
  return Object.keys(pools).flatMap((name): Violation[] => {
    const rule =
      name === "system"
        ? "is the name of the system pool; choose another"
        : "is not a valid pool name: at most 12 lowercase letters and digits, beginning with a letter";
    const legal = PoolName.safeParse(name).success && name !== "system";
    return legal ? [] : [{ steps: [...steps, name], rule, hideValue: true }];
  });
}

/**
 * Each egress gateway has its own pool.
 *
 * @see https://learn.microsoft.com/azure/aks/quotas-skus-regions#service-quotas-and-limits
 */
function checkPoolCount(values: Values): readonly Violation[] {
  const userPools = poolsOf(values).length;
  const egress = egressGatewayNames(values).length;
  if (1 + userPools + egress <= MAX_POOLS) return [];
  return [
    {
      steps: ["cluster", "userPools"],
      rule: `must leave the cluster with at most ${MAX_POOLS} pools, but there are ${1 + userPools + egress}: ${userPools} here, the system pool and ${egress} of egress gateways; merge pools`,
      hideValue: true,
    },
  ];
}

const MAX_POOLS = 100;

function checkPoolSizes(values: Values): readonly Violation[] {
  const userPools = poolsOf(values).map((steps) => [steps, USER_POOL_SIZE] as const);
  const pools = [[["cluster", "systemPool"], SYSTEM_POOL_SIZE] as const, ...userPools];
  return pools.flatMap(([pool, { minCount, maxCount }]): Violation[] => {
    const [low, high] = [
      [...pool, "minCount"],
      [...pool, "maxCount"],
    ];
    const minimum = read(minCount, values, low);
    const maximum = read(maxCount, values, high);
    if (minimum === undefined || maximum === undefined || minimum <= maximum) return [];
    return valueAt(values, high) === undefined
      ? [{ steps: low, rule: `must not be more than maxCount, which is ${maximum} by default` }]
      : [
          {
            steps: high,
            rule: `must not be less than minCount, which is ${minimum}${valueAt(values, low) === undefined ? " by default" : ""}`,
          },
        ];
  });
}

function checkPoolLabels(values: Values): readonly Violation[] {
  return poolsOf(values).flatMap((pool) => {
    const labels = valueAt(values, [...pool, "labels"]);
    return Object.keys(isMap(labels) ? labels : {}).flatMap((key): Violation[] => {
      const problem = poolLabelProblem(key);
      const steps = [...pool, "labels", key];
      return problem === undefined ? [] : [{ steps, rule: `the key ${problem}`, hideValue: true }];
    });
  });
}

function poolsOf(values: Values): readonly (readonly Step[])[] {
  const pools = valueAt(values, ["cluster", "userPools"]);
  return Object.keys(isMap(pools) ? pools : {}).map((name) => ["cluster", "userPools", name]);
}

function checkKeyVault(values: Values): readonly Violation[] {
  const steps = ["cluster", "kms", "keyVaultId"];
  const host = read(KeyId, values, ["cluster", "kms", "keyId"])?.split("/")[2];
  const vault = read(KeyVaultId, values, steps)?.split("/").at(-1);
  if (host === undefined || vault === undefined) return [];
  const [named = ""] = host.split(".");
  if (named.toLowerCase() === vault.toLowerCase()) return [];
  return [{ steps, rule: `must be the vault of keyId, which is ${named}` }];
}

/** @see https://learn.microsoft.com/azure/aks/use-kms-etcd-encryption#limitations */
function checkKeyVaultAccess(values: Values): readonly Violation[] {
  const steps = ["cluster", "kms", "keyVaultNetworkAccess"];
  if (!isMap(valueAt(values, ["cluster", "kms"])) || accessOf(values) !== "public") return [];
  if (read(KeyVaultNetworkAccess, values, steps) !== "Private") return [];
  return [
    {
      steps,
      rule: "must be Public if the API server is public, because it cannot reach a private vault; or set apiServer.access to vnet-integrated or private",
    },
  ];
}

function requireDefenderWorkspace(values: Values): readonly Violation[] {
  const steps = ["cluster", "logAnalyticsWorkspaceId"];
  if (valueAt(values, ["cluster", "defender"]) !== true) return [];
  if (valueAt(values, steps) !== undefined) return [];
  if (valueAt(values, ["observability", "enabled"]) !== false) return [];
  return [
    {
      steps,
      rule: "is required with defender if observability is off: Defender writes to it, and the stack does not create one",
    },
  ];
}

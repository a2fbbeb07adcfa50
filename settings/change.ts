import { catalog } from "../mesh/catalog.ts";
import { judgeClusterChange } from "../mesh/clusterChange.ts";
import type { ClusterState } from "../mesh/clusterChange.ts";
import { judgeEgressChange } from "../mesh/egressChange.ts";
import type { Problem } from "../mesh/problem.ts";
import { judgeChange } from "../mesh/upgradeChange.ts";
import { meshNamespaces } from "./namespaces/schema.ts";
import type { Settings } from "./schema.ts";
import { isMap } from "./core/path.ts";

/** A change of the settings, with paths from the project's keys. */
export interface Change {
  /** The problems of making the change in one deployment. */
  readonly problems: readonly Problem[];
  /** The changed settings that a rule covers. */
  readonly judged: readonly string[];
  /** The other changed settings. */
  readonly notJudged: readonly string[];
}

/**
 * Judges a change of the settings in one deployment. Revisions are not judged if their management is external before or
 * after.
 */
export function judgeSettingsChange(before: Settings, after: Settings): Change {
  const changed = differences(before, after);
  return {
    problems:
      before.certificates?.phase === "vault" ? firstCluster(after) : onCluster(before, after),
    judged: changed.filter(isJudged).map(settingOf),
    notJudged: changed.filter((path) => !isJudged(path)).map(settingOf),
  };
}

function onCluster(before: Settings, after: Settings): readonly Problem[] {
  return [
    ...judgeClusterChange(clusterOf(before), clusterOf(after)),
    ...below("mesh", meshChange(before, after)),
    ...below("gateways", judgeEgressChange(egressOf(before), egressOf(after))),
    ...vaultAlone(after),
  ];
}

/** After the phase `vault` of the certificates, which has no cluster yet. */
function firstCluster(after: Settings): readonly Problem[] {
  return below(
    "gateways",
    judgeEgressChange({ staticEgress: false, gateways: {} }, egressOf(after)),
  );
}

/** In the phase `vault`, the stack has no cluster, so an existing cluster would be deleted. */
function vaultAlone({ certificates }: Settings): readonly Problem[] {
  if (certificates?.phase !== "vault") return [];
  const message =
    "This change deletes the cluster with all that is in it: in the phase vault there is only the vault. Remove phase.";
  return [{ severity: "error", path: "certificates.phase", message }];
}

type Path = readonly string[];

/** The settings that the rules cover. `*` matches any name, and a final `**` everything below. */
const JUDGED: readonly Path[] = [
  "location",
  "mesh.revisions.**",
  "namespaces.*.canary",
  "cluster.clusterName",
  "cluster.resourceGroup",
  "cluster.kubernetesVersion",
  "cluster.apiServer.access",
  "cluster.apiServer.privateDnsZoneId",
  "cluster.network.**",
  "cluster.zones",
  "cluster.systemPool.vmSize",
  "cluster.userPools.*.vmSize",
  "cluster.nodeSecurity.**",
  "certificates",
  "certificates.phase",
  "certificates.objectNames.**",
  "gateways.staticEgress",
  "gateways.egress.*",
  "gateways.egress.*.phase",
  "gateways.egress.*.namespace",
  "gateways.egress.*.pool.name",
  "gateways.egress.*.pool.publicIPPrefixSize",
  "gateways.egress.*.pool.vmSize",
  "gateways.ingress.*.api",
].map((path) => path.split("."));

function isJudged(path: Path): boolean {
  return JUDGED.some((judged) => {
    const deep = judged.at(-1) === "**";
    const steps = deep ? judged.slice(0, -1) : judged;
    const long = deep ? path.length > steps.length : path.length === steps.length;
    return long && steps.every((step, index) => step === "*" || step === path[index]);
  });
}

/** The paths at which two values differ, sorted. Maps are compared key by key, other values as a whole. */
function differences(before: unknown, after: unknown, path: Path = []): readonly Path[] {
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], [...path, key]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}

/** The path of a setting in the stack file. */
function settingOf(path: Path): string {
  const [key, name] = path;
  if (key === "location") return "azure-native:location";
  if (key === "cluster" && name === "clusterName") return "cluster.name";
  const written = path.map((step) => step.replace(/InSeconds$/, "")).join(".");
  return written
    .replace(/^mesh\.revisions$/, "mesh.management")
    .replace(/^mesh\.revisions\./, "mesh.");
}

function clusterOf({ location, cluster, gateways, certificates }: Settings): ClusterState {
  const { kubernetesVersion, apiServer, network, zones, nodeSecurity } = cluster;
  const { access, privateDnsZoneId } = apiServer;
  const { addressSpace, subnets, podCidr, serviceCidr, outboundType } = network;
  const vmSizes = [
    ["cluster.systemPool.vmSize", cluster.systemPool.vmSize],
    ...Object.entries(cluster.userPools).map(([name, { vmSize }]) => [
      `cluster.userPools.${name}.vmSize`,
      vmSize,
    ]),
    ...Object.entries(gateways.egress).map(([name, { pool }]) => [
      `gateways.egress.${name}.pool.vmSize`,
      pool.vmSize,
    ]),
  ];
  return {
    location,
    name: cluster.clusterName,
    resourceGroup: cluster.resourceGroup,
    kubernetesVersion,
    versionIsMoved: ["stable", "rapid"].includes(cluster.autoUpgrade.upgradeChannel),
    apiServer: { access, privateDnsZoneId },
    network: {
      podCidr,
      serviceCidr,
      outboundType,
      ...(subnets === undefined ? { addressSpace } : { subnets }),
    },
    zones,
    vmSizes: Object.fromEntries(vmSizes) as Readonly<Record<string, string>>,
    nodeSecurity,
    certificateAuthority: certificates?.objectNames,
    ingressApis: Object.fromEntries(
      Object.entries(gateways.ingress).flatMap(([name, gateway]) =>
        gateway === undefined ? [] : [[name, gateway.api]],
      ),
    ),
  };
}

function meshChange(before: Settings, after: Settings): readonly Problem[] {
  const [was, will] = [before.mesh.revisions, after.mesh.revisions];
  if (was === "external" || will === "external") return [];
  const { kubernetesVersion, supportPlan: plan } = after.cluster;
  return judgeChange(
    { settings: was, namespaces: meshNamespaces(before.namespaces) },
    { settings: will, namespaces: meshNamespaces(after.namespaces) },
    { day: catalog.asOf, cluster: { kubernetesVersion, plan } },
  );
}

function egressOf({ gateways: { staticEgress, egress } }: Settings) {
  return { staticEgress, gateways: egress };
}

function below(key: string, problems: readonly Problem[]): readonly Problem[] {
  return problems.map((problem) => ({ ...problem, path: `${key}.${problem.path}` }));
}

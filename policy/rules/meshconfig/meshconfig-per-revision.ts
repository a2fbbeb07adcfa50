import { CONTROL_PLANE_NAMESPACE, sharedConfigMapName } from "../../../mesh/names.ts";
import { compareRevisions, isMeshRevision } from "../../../mesh/revision.ts";
import type { MeshRevision } from "../../../mesh/revision.ts";
import type { Cluster } from "../../engine/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { namespaceOf, onOneCluster } from "../../model/kubernetes/objectNamespace.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { revisionsOf } from "../../model/istio/revisionLabel.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import { isKnownRevision, sharedConfigMaps } from "../../model/istio/sharedConfigMaps.ts";
import type { SharedConfigMap } from "../../model/istio/sharedConfigMaps.ts";
import type { Stack } from "../../engine/stack.ts";

interface Config {
  readonly configMapsElsewhere: boolean;
}

const config: ConfigSchema<Config> = {
  configMapsElsewhere: {
    type: "boolean",
    default: false,
    description:
      "Whether something that the stack does not show, such as Flux, creates the shared ConfigMaps of other revisions.",
  },
};

export const meshconfigPerRevision = defineRule<SharedConfigMap, Config>({
  name: "meshconfig-per-revision",
  displayName: "Every revision has its shared ConfigMap",
  description:
    "A shared ConfigMap is named istio-shared-configmap-<revision> and is in aks-istio-system. If one revision of a mesh has one, every revision has one: otherwise a canary upgrade also changes the mesh's settings.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Create istio-shared-configmap-<revision> in aks-istio-system for every revision in the cluster's serviceMeshProfile. Create the one for a new revision before the upgrade starts, and remove the one of an old revision once that revision is gone.",
  url: "https://learn.microsoft.com/azure/aks/istio-meshconfig#mesh-configuration-and-upgrades",
  tags: ["meshconfig"],
  about: sharedConfigMaps,
  unknown: "violation",
  wholeStack: true,
  config,
  *check(configMap, { config: settings, stack }) {
    yield* onAddonClusters(configMap, stack, () => judged(configMap, settings, stack));
  },
});

function* judged(configMap: SharedConfigMap, settings: Config, stack: Stack): Iterable<Finding> {
  const clusters = stack.clustersOf(configMap.resource);
  const { revision } = configMap;
  if (revision instanceof Unknown) {
    // If AKS chooses the revision, the program reads the name back from the cluster. Until the stack is complete, the
    // ConfigMap may go to any of the clusters.
    const chooses = clusters.map((cluster) => revisionsOf(cluster, stack) === undefined);
    if (chooses.includes(false) && (stack.complete || !chooses.includes(true))) yield revision;
    return;
  }
  yield* checkNamespace(configMap, stack);
  if (!isMeshRevision(revision)) {
    yield `${configMap.at("metadata", "name").path} ends in ${JSON.stringify(revision)}, which is not a valid revision, so no control plane reads it. Name it istio-shared-configmap-<revision>, such as ${sharedConfigMapName("asm-1-30")}.`;
    return;
  }
  if (!stack.complete) return;
  for (const cluster of clusters) {
    yield* checkOtherRevisions(configMap, revision, cluster, settings, stack);
  }
}

function* checkNamespace(configMap: SharedConfigMap, stack: Stack): Iterable<Finding> {
  const place = configMap.at("metadata", "namespace");
  const given = place.text();
  const { name } = namespaceOf(configMap, stack);
  if (name !== undefined && name !== CONTROL_PLANE_NAMESPACE) {
    yield `${place.path} is ${name}, but control planes do not read ConfigMaps there. Set it to ${CONTROL_PLANE_NAMESPACE}.`;
  } else if (name === undefined && stack.complete && given instanceof Unknown) yield given;
}

/** Revisions of the cluster without a shared ConfigMap. Only the ConfigMap of the oldest revision reports them. */
function* checkOtherRevisions(
  configMap: SharedConfigMap,
  own: MeshRevision,
  cluster: Cluster,
  { configMapsElsewhere }: Config,
  stack: Stack,
): Iterable<Finding> {
  const revisions = revisionsOf(cluster, stack);
  if (revisions instanceof Unknown) yield revisions;
  if (revisions === undefined || revisions instanceof Unknown) return;
  if (configMapsElsewhere) return;
  const all = stack.all(sharedConfigMaps).filter((one) => onOneCluster(one, configMap, stack));
  const present = all.map(({ revision }) => revision);
  const [oldest] = present.filter(isKnownRevision).sort(compareRevisions);
  if (oldest !== own || present.some((one) => one instanceof Unknown)) return;
  for (const revision of revisions) {
    if (revision instanceof Unknown) yield revision;
    else if (isKnownRevision(revision) && !present.includes(revision)) {
      yield `${cluster.label} also runs ${revision}, which has no ConfigMap ${sharedConfigMapName(revision)} and so runs with other settings. Create it with the same data, or set configMapsElsewhere of this rule if something else creates it.`;
    }
  }
}

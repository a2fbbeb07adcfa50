import {
  catalog,
  findRevision,
  kubernetesFit,
  kubernetesMinor,
  kubernetesStatus,
  newestKubernetes,
} from "../../../mesh/catalog.ts";
import type { KubernetesRange, SupportPlan } from "../../../mesh/catalog.ts";
import { enumerated } from "../../model/azure/armEnumeration.ts";
import { clusters } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

const OFFICIAL = "KubernetesOfficial";
const LTS = "AKSLongTermSupport";

export const meshRevisionKubernetesCompat = defineRule({
  name: "mesh-revision-kubernetes-compat",
  displayName: "The mesh's revisions support the cluster's Kubernetes version",
  description: "Each revision of the Istio add-on supports the Kubernetes version of its cluster.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Choose a revision that supports the cluster's Kubernetes version, or upgrade the cluster first: az aks mesh get-revisions --location <region> lists the versions that each revision supports.",
  url: "https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility",
  tags: ["mesh"],
  about: clusters,
  unknown: "violation",
  *check(cluster) {
    const revisions = cluster.at("revisions").items();
    const version = cluster.at("kubernetesVersion");
    const kubernetes = version.text();
    const plan = enumerated(cluster.at("supportPlan"), [LTS]);
    if (cluster.addon === false || revisions === undefined) return;
    if (revisions instanceof Unknown) yield revisions;
    else if (revisions.length === 0) return;
    else if (kubernetes instanceof Unknown) yield kubernetes;
    else if (plan instanceof Unknown) yield plan;
    else if (kubernetes === undefined) {
      yield new NotJudged(
        `${version.path} is not set, so AKS chooses a version, and the rule cannot tell whether the mesh's revisions support it. Set ${version.path}.`,
      );
    } else {
      const under = plan === LTS ? LTS : OFFICIAL;
      for (const place of revisions) yield* judged(place, kubernetes, under);
    }
  },
});

function* judged(place: Cursor, kubernetes: string, plan: SupportPlan): Iterable<Finding> {
  const revision = place.text();
  if (revision instanceof Unknown) {
    yield revision;
    return;
  }
  if (revision === undefined) return;
  const { fits, range } = kubernetesFit(revision, kubernetes, plan);
  if (fits === undefined && findRevision(revision) !== undefined) {
    const message = undecided(revision, kubernetes);
    const malformed = kubernetesStatus(kubernetes) === "malformed";
    yield malformed ? message : new NotJudged(message);
  }
  if (fits !== false) return;
  const supported =
    range === undefined
      ? `no Kubernetes version under ${plan}`
      : `Kubernetes ${range.oldest} to ${range.newest}`;
  yield `${place.path} is ${revision}, which supports ${supported}, but the cluster's Kubernetes version is ${kubernetes}. ${fixFor(kubernetes, range)}`;
}

function undecided(revision: string, kubernetes: string): string {
  return kubernetesStatus(kubernetes) === "malformed"
    ? `the cluster's Kubernetes version is ${JSON.stringify(kubernetes)}, which is not a valid version, so the rule cannot tell whether ${revision} supports it. Write it as 1.34 or 1.34.2.`
    : `the cluster's Kubernetes version is ${kubernetes}, and the catalog of ${catalog.asOf} contains no version after ${newestKubernetes()}, so the rule cannot tell whether ${revision} supports it. Ask Azure: az aks mesh get-revisions --location <region>.`;
}

/** AKS does not downgrade a cluster, so a version that is too new requires a newer revision. */
function fixFor(kubernetes: string, range: KubernetesRange | undefined): string {
  const tooOld =
    range !== undefined &&
    (kubernetesMinor(kubernetes) ?? 0) < (kubernetesMinor(range.oldest) ?? 0);
  return tooOld
    ? "Choose an older revision, or upgrade the cluster first."
    : "Choose a newer revision.";
}

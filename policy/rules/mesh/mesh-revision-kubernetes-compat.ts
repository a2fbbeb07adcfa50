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
    "Choose a revision that runs on the cluster's Kubernetes version, or upgrade the cluster first: az aks mesh get-revisions --location <region> lists what runs on what.",
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
        `${version.path} is not set, so that AKS chooses a version and nothing can say whether the mesh's revisions run on it. Set ${version.path}.`,
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
  const runsOn =
    range === undefined ? `on no version under ${plan}` : `on ${range.oldest} to ${range.newest}`;
  yield `${place.path} is ${revision}, which runs ${runsOn}, and the cluster's Kubernetes version is ${kubernetes}. ${wayOut(kubernetes, range)}`;
}

function undecided(revision: string, kubernetes: string): string {
  return kubernetesStatus(kubernetes) === "malformed"
    ? `the cluster's Kubernetes version is ${JSON.stringify(kubernetes)}, in which no minor version can be read, so that nothing can say whether ${revision} runs on it. Write it as 1.34 or 1.34.2.`
    : `the cluster's Kubernetes version is ${kubernetes}, and the catalog of ${catalog.asOf} knows none after ${newestKubernetes()}: it cannot say whether ${revision} runs on it. Ask Azure: az aks mesh get-revisions --location <region>.`;
}

/** A cluster cannot go back to an older version, so that only one that is too old has a choice. */
function wayOut(kubernetes: string, range: KubernetesRange | undefined): string {
  const tooOld =
    range !== undefined &&
    (kubernetesMinor(kubernetes) ?? 0) < (kubernetesMinor(range.oldest) ?? 0);
  return tooOld
    ? "Choose an older revision, or upgrade the cluster first."
    : "Choose a newer revision.";
}

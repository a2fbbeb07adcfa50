import { demandsOn, isUnprivileged } from "../../model/kubernetes/containerSecurity.ts";
import { containersOf } from "../../model/kubernetes/containers.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { imageReference } from "../../model/kubernetes/images.ts";
import { isPatch, rollingWorkloads, workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshMembershipOf } from "../../model/istio/meshMembership.ts";
import { breaksOfRestricted } from "../../model/kubernetes/podSecurityStandard.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

export const workloadRestrictedSecurity = defineRule({
  name: "workload-restricted-security",
  displayName: "Workloads in the mesh have a service account and a restricted security context",
  description:
    "A workload of the mesh meets the restricted pod security standard, cannot write to its root file system, runs an image pinned by digest, and has a dedicated service account, which is its identity in the mesh.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set runAsNonRoot, seccompProfile, allowPrivilegeEscalation: false, readOnlyRootFilesystem and capabilities.drop: [ALL], pin the image by its digest, and give the workload a dedicated ServiceAccount.",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
  tags: [
    "workload",
    "PodSecurityStandards:restricted",
    ...[14, 16, 17, 18, 20, 22, 23, 25, 26, 28, 31, 37, 43].map((id) => `checkov:CKV_K8S_${id}`),
    "Trivy:KSV-0001",
    "Trivy:KSV-0003",
    "Trivy:KSV-0004",
    "Trivy:KSV-0012",
    "AzurePolicy:ContainerNoPrivilege",
    "AzurePolicy:ContainerNoPrivilegeEscalation",
    "AzurePolicy:ContainerAllowedCapabilities",
    "AzurePolicy:AllowedSeccompProfile",
    "AzurePolicy:AllowedUsersGroups",
    "AzurePolicy:AllowedVolumeTypes",
    "Kyverno:service-mesh-require-run-as-nonroot",
    "Kyverno:service-mesh-disallow-capabilities",
  ],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  *check(workload, { stack }) {
    yield* ifTrue(meshMembershipOf(workload, stack).belongs, () => judged(workload));
  },
  // Only settings that take nothing from a non-root container. Only the owner knows whether another one can run with them.
  remediate(workload, { stack }) {
    const containers = containersOf(workload, "containers", "initContainers");
    if (containers instanceof Unknown || isPatch(workload)) return false;
    if (!rollingWorkloads.matches(workload.resource.type)) return false;
    if (meshMembershipOf(workload, stack).belongs !== true) return false;
    const ofPod = workload.template("spec", "securityContext");
    return containers
      .map((container) => makeExplicit(container.at("securityContext"), ofPod))
      .includes(true);
  },
});

function* judged(workload: Workload): Iterable<Finding> {
  yield* breaksOfRestricted(workload);
  const containers = containersOf(workload);
  for (const container of containers instanceof Unknown ? [] : containers) {
    yield* checkImage(container.at("image"));
    const root = container.at("securityContext", "readOnlyRootFilesystem");
    if (root.read() === false || (root.read() === undefined && !isPatch(workload))) {
      yield `${root.path} is not true, so an attacker can change the container's files. Set it to true, and mount an emptyDir where the container writes.`;
    }
  }
  yield* checkServiceAccount(workload);
}

function* checkImage(place: Cursor): Iterable<Finding> {
  const text = place.text();
  // An image in a registry of the stack is known only once the registry exists. Istio replaces auto.
  if (typeof text !== "string" || text === "auto") return;
  const { tag, digest } = imageReference(text);
  if (digest !== undefined) return;
  if (tag === undefined || tag === "latest") {
    yield `${place.path} is ${text}, ${tag === undefined ? "which has no tag" : "whose tag is latest"}, so it may be another image tomorrow. Use a version, preferably with its digest.`;
  } else {
    yield `${place.path} is ${text}, whose tag may move to another image. Add its digest.`;
  }
}

/** A name that is known only once the account exists is not that of the default account, which every namespace has. */
function* checkServiceAccount(workload: Workload): Iterable<Finding> {
  const spec = workload.template("spec");
  const place = spec.at("serviceAccountName");
  const name = place.text() ?? spec.at("serviceAccount").text();
  if (spec.read() instanceof Unknown || (name === undefined && isPatch(workload))) return;
  if (name === undefined || name === "default") {
    yield `${place.path} is ${name ?? "not set, which means default"}, an identity in the mesh that it shares with other workloads of its namespace. Set it to a dedicated ServiceAccount.`;
  }
}

/** Makes explicit how a container already runs; true if that changed anything. */
function makeExplicit(own: Cursor, ofPod: Cursor): boolean {
  if (!isUnprivileged(own, ofPod)) return false;
  const open = demandsOn(own, ofPod).filter(({ place }) => place.free);
  for (const { place, value } of open) place.write(value);
  return open.length > 0;
}

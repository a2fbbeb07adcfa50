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
    "A workload of the mesh meets the restricted pod security standard, cannot write to its root file system, runs an image pinned by digest, and has a service account of its own, which is its identity in the mesh.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set runAsNonRoot, seccompProfile, allowPrivilegeEscalation: false, readOnlyRootFilesystem and capabilities.drop: [ALL], name the image by its digest, and give the workload a ServiceAccount of its own.",
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
  // Only what takes nothing from a container that is not root; whether another can do without, its owner knows.
  remediate(workload, { stack }) {
    const containers = containersOf(workload, "containers", "initContainers");
    if (containers instanceof Unknown || isPatch(workload)) return false;
    if (!rollingWorkloads.matches(workload.resource.type)) return false;
    if (meshMembershipOf(workload, stack).belongs !== true) return false;
    const ofPod = workload.template("spec", "securityContext");
    return containers
      .map((container) => mended(container.at("securityContext"), ofPod))
      .includes(true);
  },
});

function* judged(workload: Workload): Iterable<Finding> {
  yield* breaksOfRestricted(workload);
  const containers = containersOf(workload);
  for (const container of containers instanceof Unknown ? [] : containers) {
    yield* image(container.at("image"));
    const root = container.at("securityContext", "readOnlyRootFilesystem");
    if (root.read() === false || (root.read() === undefined && !isPatch(workload))) {
      yield `${root.path} is not true, so that whoever gets in can change what runs. Set it, and mount an emptyDir where the container writes.`;
    }
  }
  yield* identity(workload);
}

function* image(place: Cursor): Iterable<Finding> {
  const text = place.text();
  // One from a registry of the stack is known once that is there. Istio replaces auto by its own.
  if (typeof text !== "string" || text === "auto") return;
  const { tag, digest } = imageReference(text);
  if (digest !== undefined) return;
  if (tag === undefined || tag === "latest") {
    yield `${place.path} is ${text}, which ${tag === undefined ? "names no tag and so means" : "means"} another image tomorrow. Name a version, best with its digest.`;
  } else {
    yield `${place.path} is ${text}, whose tag may be moved. Add its digest to it.`;
  }
}

/** The name may be one that is known once the account is there: it is none that every namespace has. */
function* identity(workload: Workload): Iterable<Finding> {
  const spec = workload.template("spec");
  const place = spec.at("serviceAccountName");
  const name = place.text() ?? spec.at("serviceAccount").text();
  if (spec.read() instanceof Unknown || (name === undefined && isPatch(workload))) return;
  if (name === undefined || name === "default") {
    yield `${place.path} is ${name ?? "not set, and so default"}, an identity in the mesh that it shares with whatever else runs in its namespace. Set it to a ServiceAccount of its own.`;
  }
}

/** Says what a container does anyway, and whether it had to. */
function mended(own: Cursor, ofPod: Cursor): boolean {
  if (!isUnprivileged(own, ofPod)) return false;
  const open = demandsOn(own, ofPod).filter(({ place }) => place.free);
  for (const { place, value } of open) place.write(value);
  return open.length > 0;
}

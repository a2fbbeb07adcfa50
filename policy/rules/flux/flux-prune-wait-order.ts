import { clusters } from "../../model/azure/cluster.ts";
import { mayBelongTo } from "../../model/azure/clusterParts.ts";
import { Unknown } from "../../engine/cursor.ts";
import { fluxConfigurations } from "../../model/flux/flux.ts";
import type { FluxConfiguration, FluxKustomization } from "../../model/flux/flux.ts";
import { fluxExtensionsFor } from "../../model/flux/fluxExtensions.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import { anyOf } from "../../engine/resource.ts";
import type { TargetKind, Target } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/** The label by which Flux recognizes objects that it has applied and may prune. */
const OWNER_LABEL = "kustomize.toolkit.fluxcd.io/name";

/** A Flux configuration or a namespace, with its own check. */
interface Judged extends Target {
  readonly findings: (stack: Stack) => Iterable<Finding>;
}

const judged: TargetKind<Judged> = anyOf(
  judgedBy(fluxConfigurations, checkConfiguration),
  judgedBy(namespaces, function* (namespace) {
    const labels = namespace.at("metadata", "labels");
    const names = labels.keys();
    if (names === undefined || names instanceof Unknown || !names.includes(OWNER_LABEL)) return;
    yield `${labels.at(OWNER_LABEL).path} marks the namespace as owned by Flux, which may delete it with all its objects, but Pulumi manages it. Remove the label, or leave the namespace to Flux.`;
  }),
);

export const fluxPruneWaitOrder = defineRule({
  name: "flux-prune-wait-order",
  displayName: "Flux kustomizations set prune and wait",
  description:
    "Every kustomization of a Flux configuration sets prune explicitly and waits for the objects that it applies, and the stack installs the extension that runs the configuration.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set prune on every kustomization, do not set wait to false, and install the extension microsoft.flux in the stack. Remove Flux's own labels from namespaces that Pulumi manages.",
  url: "https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2",
  tags: ["flux"],
  about: judged,
  unknown: "unjudged",
  wholeStack: true,
  *check(target, { stack }) {
    yield* target.findings(stack);
  },
});

function judgedBy<Found extends Target>(
  subject: TargetKind<Found>,
  findings: (found: Found, stack: Stack) => Iterable<Finding>,
): TargetKind<Judged> {
  return {
    ...subject,
    in: (resource) =>
      subject.in(resource).map((found) => ({
        resource,
        label: found.label,
        findings: (stack) => findings(found, stack),
      })),
  };
}

function* checkConfiguration(flux: FluxConfiguration, stack: Stack): Iterable<Finding> {
  const { kustomizations } = flux;
  if (kustomizations instanceof Unknown) yield kustomizations;
  else {
    for (const step of kustomizations) {
      yield* checkPrune(step);
      yield* checkWait(step);
    }
  }
  if (stack.complete) yield* checkExtension(flux, stack);
}

function* checkPrune({ prune }: FluxKustomization): Iterable<Finding> {
  const prunes = prune.flag();
  if (prunes instanceof Unknown) yield prunes;
  else if (prunes === undefined) {
    yield `${prune.path} is not set, so objects that are removed from the repository stay on the cluster. Set it to true, or to false to keep them deliberately.`;
  }
}

/** The default is true. */
function* checkWait({ wait }: FluxKustomization): Iterable<Finding> {
  const waits = wait.flag();
  if (waits instanceof Unknown) yield waits;
  else if (waits === false) {
    yield `${wait.path} is false, so the kustomization counts as ready before its objects are, and those that depend on it start too early. Set it to true.`;
  }
}

function* checkExtension(flux: FluxConfiguration, stack: Stack): Iterable<Finding> {
  if (fluxExtensionsFor(flux, stack).length > 0) return;
  if (!stack.all(clusters).some((cluster) => mayBelongTo(cluster, flux.resource, stack))) return;
  yield "nothing in the stack installs the extension microsoft.flux on its cluster. Add the extension, and make the configuration depend on it.";
}

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

/** Labels by which Flux knows what it has applied, and may prune. */
const OWNER_LABEL = "kustomize.toolkit.fluxcd.io/name";

/** Flux configurations and namespaces, each judged as what it is. */
interface Judged extends Target {
  readonly findings: (stack: Stack) => Iterable<Finding>;
}

const judged: TargetKind<Judged> = anyOf(
  judgedBy(fluxConfigurations, configuration),
  judgedBy(namespaces, function* (namespace) {
    const labels = namespace.at("metadata", "labels");
    const names = labels.keys();
    if (names === undefined || names instanceof Unknown || !names.includes(OWNER_LABEL)) return;
    yield `${labels.at(OWNER_LABEL).path} says that Flux owns the namespace, and prunes it with all that is in it, while Pulumi makes it. Remove the label, or leave the namespace to Flux.`;
  }),
);

export const fluxPruneWaitOrder = defineRule({
  name: "flux-prune-wait-order",
  displayName: "Flux kustomizations set prune and wait",
  description:
    "Every kustomization of a Flux configuration sets prune explicitly and waits for what it applies, and the stack installs the extension that runs the configuration.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Set prune on every kustomization, leave wait on, and install the extension microsoft.flux in the stack.",
  url: "https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2",
  tags: ["flux"],
  about: judged,
  unknown: "unjudged",
  wholeStack: true,
  *check(thing, { stack }) {
    yield* thing.findings(stack);
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

function* configuration(flux: FluxConfiguration, stack: Stack): Iterable<Finding> {
  const { kustomizations } = flux;
  if (kustomizations instanceof Unknown) yield kustomizations;
  else {
    for (const step of kustomizations) {
      yield* pruning(step);
      yield* waiting(step);
    }
  }
  if (stack.complete) yield* extension(flux, stack);
}

function* pruning({ prune }: FluxKustomization): Iterable<Finding> {
  const prunes = prune.flag();
  if (prunes instanceof Unknown) yield prunes;
  else if (prunes === undefined) {
    yield `${prune.path} is not set, so that what leaves the repository stays on the cluster without anybody having said so. Set it to true, or to false where it is to stay.`;
  }
}

/** Left out, it is on. */
function* waiting({ wait }: FluxKustomization): Iterable<Finding> {
  const waits = wait.flag();
  if (waits instanceof Unknown) yield waits;
  else if (waits === false) {
    yield `${wait.path} is false, so that it counts as ready before what it applied is, and those that depend on it begin too early. Set it to true.`;
  }
}

function* extension(flux: FluxConfiguration, stack: Stack): Iterable<Finding> {
  if (fluxExtensionsFor(flux, stack).length > 0) return;
  if (!stack.all(clusters).some((cluster) => mayBelongTo(cluster, flux.resource, stack))) return;
  yield "nothing in the stack installs the extension microsoft.flux on its cluster. Add one, and let the configuration depend on it.";
}

import { closest } from "../../../mesh/suggest.ts";
import { clusters } from "../../lib/cluster.ts";
import { clusterExtensions } from "../../lib/clusterExtensions.ts";
import { mayBelongTo } from "../../lib/clusterParts.ts";
import { Unknown } from "../../lib/cursor.ts";
import type { Read } from "../../lib/cursor.ts";
import { fluxConfigurations } from "../../lib/flux.ts";
import type { FluxConfiguration, FluxKustomization } from "../../lib/flux.ts";
import { namespaces } from "../../lib/kubernetes.ts";
import { anyOf } from "../../lib/resource.ts";
import type { Subject, Thing } from "../../lib/resource.ts";
import { Advice, defineRule } from "../../lib/rule.ts";
import type { Finding } from "../../lib/rule.ts";
import type { Stack } from "../../lib/stack.ts";

/** Labels by which Flux knows what it has applied, and may prune. */
const OWNER_LABEL = "kustomize.toolkit.fluxcd.io/name";

/** Flux configurations and namespaces, each judged as what it is. */
interface Judged extends Thing {
  readonly findings: (stack: Stack) => Iterable<Finding>;
}

const judged: Subject<Judged> = anyOf(
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
  displayName: "Flux prunes, waits and follows an order that was chosen",
  description:
    "Every kustomization of a Flux configuration says whether it prunes, waits for what it applies, and depends only on kustomizations that there are; the configuration comes after the extension that runs it.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Set prune on every kustomization, leave wait on, name in dependsOn only kustomizations of the same configuration and none in a circle, and let the configuration depend on the extension microsoft.flux, which then also goes after it.",
  url: "https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2",
  tags: ["flux"],
  about: judged,
  unknown: "advice",
  wholeStack: true,
  *check(thing, { stack }) {
    yield* thing.findings(stack);
  },
});

function judgedBy<Found extends Thing>(
  subject: Subject<Found>,
  findings: (found: Found, stack: Stack) => Iterable<Finding>,
): Subject<Judged> {
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
    yield* order(kustomizations);
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

function* order(steps: readonly FluxKustomization[]): Iterable<Finding> {
  const names = steps.map(({ name }) => name).filter((name) => name !== undefined);
  const before = new Map<string, readonly string[]>();
  for (const { name, dependsOn } of steps) {
    const places = dependsOn.items();
    if (places instanceof Unknown) yield places;
    if (places === undefined || places instanceof Unknown) continue;
    const needed: string[] = [];
    for (const place of places) {
      const text = place.text();
      if (typeof text !== "string") continue;
      needed.push(text);
      if (names.includes(text) || names.length < steps.length) continue;
      const meant = closest(
        text,
        names.filter((one) => one !== name),
      );
      yield `${place.path} is ${text}, which is no kustomization of the configuration, so that it waits for ever. ${meant === undefined ? "Name one that is." : `Did you mean ${meant}?`}`;
    }
    if (name !== undefined) before.set(name, needed);
  }
  const circle = circleIn(before);
  if (circle !== undefined) {
    yield `${circle.join(" waits for ")}, so that none of them ever begins. Remove one of the dependencies.`;
  }
}

/** Steps that wait for one another, the first of them again at the end. */
function circleIn(before: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const at = path.indexOf(name);
    if (at !== -1) return [...path.slice(at), name];
    if (done.has(name)) return undefined;
    done.add(name);
    for (const next of before.get(name) ?? []) {
      const circle = visit(next, [...path, name]);
      if (circle !== undefined) return circle;
    }
    return undefined;
  };
  for (const name of before.keys()) {
    const circle = visit(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

function* extension(flux: FluxConfiguration, stack: Stack): Iterable<Finding> {
  const installed = stack
    .all(clusterExtensions)
    .filter(({ extensionType }) => isFlux(extensionType.text()))
    .filter((one) => mayShareCluster(one, flux));
  const [first] = installed;
  if (first !== undefined) {
    if (installed.some((one) => stack.comesAfter(flux.resource, one.resource))) return;
    yield `it does not wait for ${first.label}, which runs it, so that either may come and go first; without its extension what it applied stays behind. Let it depend on ${first.label}.`;
  } else if (stack.all(clusters).some((cluster) => mayBelongTo(cluster, flux.resource, stack))) {
    yield new Advice(
      `nothing in the stack installs the extension microsoft.flux on its cluster. Add one, and let the configuration depend on it.`,
    );
  }
}

function isFlux(extensionType: Read<string>): boolean {
  return typeof extensionType === "string" && extensionType.toLowerCase() === "microsoft.flux";
}

function mayShareCluster(a: Thing, b: Thing): boolean {
  const [nameA, nameB] = [a, b].map(({ resource: { inputs } }) => {
    const name = inputs.at("clusterName").text() ?? inputs.at("clusterId").text();
    return typeof name === "string" ? name.toLowerCase() : undefined;
  });
  return nameA === undefined || nameB === undefined || nameA === nameB;
}

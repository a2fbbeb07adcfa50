import { closest } from "../../../text/suggest.ts";
import { Unknown } from "../../engine/cursor.ts";
import { fluxConfigurations } from "../../model/flux/flux.ts";
import type { FluxConfiguration, FluxKustomization } from "../../model/flux/flux.ts";
import { fluxExtensionsFor } from "../../model/flux/fluxExtensions.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/**
 * Hosts whose SSH host keys Azure's Flux extension already knows.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#private-git-host-with-ssh-and-user-provided-known-hosts
 */
const KNOWN_HOSTS = [
  "bitbucket.org",
  "github.com",
  "gitlab.com",
  "ssh.dev.azure.com",
  "vs-ssh.visualstudio.com",
];

export const fluxCanReconcile = defineRule({
  name: "flux-can-reconcile",
  displayName: "Flux can reconcile its configuration",
  description:
    "A Flux configuration depends on the extension that runs it and has the SSH host key of its repository. Its kustomizations depend only on one another, without a cycle.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Make the configuration depend on the extension microsoft.flux. Set sshKnownHosts if Azure does not know the host's key. In dependsOn, name only kustomizations of the same configuration, without a cycle.",
  url: "https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2",
  tags: ["flux"],
  about: fluxConfigurations,
  unknown: "unjudged",
  wholeStack: true,
  *check(flux, { stack }) {
    yield* checkHostKey(flux);
    const { kustomizations } = flux;
    if (kustomizations instanceof Unknown) yield kustomizations;
    else yield* checkDependencies(kustomizations);
    if (stack.complete) yield* checkExtension(flux, stack);
  },
});

function* checkHostKey(configuration: FluxConfiguration): Iterable<Finding> {
  const url = configuration.at("url").text();
  if (url instanceof Unknown) yield url;
  if (url === undefined || url instanceof Unknown) return;
  // The part before the host may be a secret, so no message repeats it.
  const [, name = ""] = /^ssh:\/\/(?:[^/@]*@)?([^/:]+)/i.exec(url) ?? [];
  if (name === "" || KNOWN_HOSTS.includes(name)) return;
  const keys = configuration.at("knownHosts");
  if (keys.read() !== undefined || configuration.at("localSecret").read() !== undefined) return;
  yield `${keys.path} is not set, so Flux cannot verify the identity of ${name}. Set it to the host's lines of a known_hosts file, encoded in base64.`;
}

function* checkDependencies(steps: readonly FluxKustomization[]): Iterable<Finding> {
  const names = steps.map(({ name }) => name).filter((name) => name !== undefined);
  const dependencies = new Map<string, readonly string[]>();
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
      yield `${place.path} is ${text}, which is not a kustomization of this configuration, so the kustomization that depends on it never starts. ${meant === undefined ? "Name an existing one." : `Did you mean ${meant}?`}`;
    }
    if (name !== undefined) dependencies.set(name, needed);
  }
  const cycle = findCycle(dependencies);
  if (cycle !== undefined) {
    yield `${cycle.join(" waits for ")}, so none of them ever starts. Remove one of the dependencies.`;
  }
}

/** Kustomizations that wait for one another, with the first one repeated at the end. */
function findCycle(
  dependencies: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): readonly string[] | undefined => {
    const at = path.indexOf(name);
    if (at !== -1) return [...path.slice(at), name];
    if (done.has(name)) return undefined;
    done.add(name);
    for (const next of dependencies.get(name) ?? []) {
      const cycle = visit(next, [...path, name]);
      if (cycle !== undefined) return cycle;
    }
    return undefined;
  };
  for (const name of dependencies.keys()) {
    const cycle = visit(name, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}

function* checkExtension(flux: FluxConfiguration, stack: Stack): Iterable<Finding> {
  const installed = fluxExtensionsFor(flux, stack);
  const [first] = installed;
  if (first === undefined) return;
  if (installed.some((one) => stack.comesAfter(flux.resource, one.resource))) return;
  yield `it does not depend on ${first.label}, which runs it, so Pulumi may create or delete either of them first. If the extension is deleted first, the objects that Flux applied stay on the cluster. Make the configuration depend on ${first.label}.`;
}

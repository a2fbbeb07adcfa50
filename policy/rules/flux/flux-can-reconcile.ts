import { closest } from "../../../text/suggest.ts";
import { Unknown } from "../../engine/cursor.ts";
import { fluxConfigurations } from "../../model/flux/flux.ts";
import type { FluxConfiguration, FluxKustomization } from "../../model/flux/flux.ts";
import { fluxExtensionsFor } from "../../model/flux/fluxExtensions.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

/**
 * Hosts whose SSH keys Azure's Flux knows by itself.
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
    "Let the configuration depend on the extension microsoft.flux, give sshKnownHosts for a host of your own, and name in dependsOn only kustomizations of the same configuration.",
  url: "https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2",
  tags: ["flux"],
  about: fluxConfigurations,
  unknown: "unjudged",
  wholeStack: true,
  *check(flux, { stack }) {
    yield* host(flux);
    const { kustomizations } = flux;
    if (kustomizations instanceof Unknown) yield kustomizations;
    else yield* order(kustomizations);
    if (stack.complete) yield* extension(flux, stack);
  },
});

function* host(configuration: FluxConfiguration): Iterable<Finding> {
  const url = configuration.at("url").text();
  if (url instanceof Unknown) yield url;
  if (url === undefined || url instanceof Unknown) return;
  // What stands before the host may be a secret, and is not repeated.
  const [, name = ""] = /^ssh:\/\/(?:[^/@]*@)?([^/:]+)/i.exec(url) ?? [];
  if (name === "" || KNOWN_HOSTS.includes(name)) return;
  const keys = configuration.at("knownHosts");
  if (keys.read() !== undefined || configuration.at("localSecret").read() !== undefined) return;
  yield `${keys.path} is not set, so that Flux cannot tell ${name} from who pretends to be it. Set it to the host's lines of a known_hosts file, in base64.`;
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
  const installed = fluxExtensionsFor(flux, stack);
  const [first] = installed;
  if (first === undefined) return;
  if (installed.some((one) => stack.comesAfter(flux.resource, one.resource))) return;
  yield `it does not wait for ${first.label}, which runs it, so that either may come and go first; without its extension what it applied stays behind. Let it depend on ${first.label}.`;
}

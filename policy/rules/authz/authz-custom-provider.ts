import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { closest } from "../../../text/suggest.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Stack } from "../../engine/stack.ts";
import { extensionProvidersOf } from "../../model/istio/extensionProviders.ts";
import { authorizationPolicies } from "../../model/istio/istioConfig.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { sharedConfigMapsOf } from "../../model/istio/meshConfigs.ts";
import type { SharedConfigMap } from "../../model/istio/sharedConfigMaps.ts";
import { holds, sameMap } from "../../model/kubernetes/labelMaps.ts";
import { namespaceOf, onOneCluster } from "../../model/kubernetes/objectNamespace.ts";
import { workloads } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { inDoubt, unseenSources } from "../../model/opaque.ts";

export const authzCustomProvider = defineRule({
  name: "authz-custom-provider",
  displayName: "CUSTOM authorization policies use one provider that exists",
  description:
    "The provider of every AuthorizationPolicy with the action CUSTOM is in extensionProviders of the shared ConfigMap, and all CUSTOM policies of a workload use the same one. Otherwise, Istio denies the requests that the policies match.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Add the provider to extensionProviders in the shared ConfigMap of every revision, with envoyExtAuthzHttp or envoyExtAuthzGrpc. Use one provider for all CUSTOM policies of a workload: Istio allows several only with the flag PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS of istiod, and the add-on does not allow that flag.",
  url: "https://istio.io/latest/docs/tasks/security/authorization/authz-custom/",
  tags: ["authz"],
  about: authorizationPolicies,
  unknown: "unjudged",
  wholeStack: true,
  *check(policy, { stack }) {
    if (!stack.complete) return;
    const action = policy.at("spec", "action").text();
    if (action instanceof Unknown) yield action;
    else if (action === "CUSTOM") {
      yield* onAddonClusters(policy, stack, () => judged(policy, stack));
    }
  },
});

function* judged(policy: KubernetesObject, stack: Stack): Iterable<Finding> {
  const place = providerOf(policy);
  const provider = place.text();
  if (provider instanceof Unknown) yield provider;
  else if (provider === undefined || provider === "") {
    yield `${place.path} is not set, but Istio requires it with the action CUSTOM. Set it to a provider in extensionProviders of the shared ConfigMap.`;
  } else {
    yield* checkExists(policy, place, provider, stack);
    yield* checkRivals(policy, place, provider, stack);
  }
}

function providerOf({ at }: KubernetesObject): Cursor {
  return at("spec", "provider", "name");
}

function* checkExists(
  policy: KubernetesObject,
  place: Cursor,
  provider: string,
  stack: Stack,
): Iterable<Finding> {
  const maps = sharedConfigMapsOf(policy, stack);
  for (const map of maps) yield* checkIn(map, place, provider);
  if (maps.length > 0) return;
  const what = `the shared ConfigMap with the provider ${JSON.stringify(provider)} (${place.path})`;
  const answer =
    "Make sure that its extensionProviders contains the provider: if not, Istio denies the requests that the policy matches.";
  const unseen = unseenSources(policy, [CONTROL_PLANE_NAMESPACE], stack);
  yield unseen.length > 0
    ? inDoubt(unseen, what, answer)
    : new NotJudged(`the stack does not contain ${what}. ${answer}`);
}

function* checkIn(map: SharedConfigMap, place: Cursor, provider: string): Iterable<Finding> {
  const providers = extensionProvidersOf(map);
  const written = `${place.path} is ${JSON.stringify(provider)}`;
  if (providers instanceof Unknown) yield providers;
  else if (providers === undefined) {
    yield new NotJudged(
      `${written}, but the extensionProviders of ${map.label} cannot be read. Write its MeshConfig as YAML in data.mesh.`,
    );
  } else if (!providers.authorizing.includes(provider)) {
    const { all, authorizing } = providers;
    const meant = closest(provider, authorizing);
    const others = authorizing.length === 0 ? "" : ` It has ${authorizing.join(", ")}.`;
    const [lack, fix] = all.includes(provider)
      ? [
          `which in ${map.label} has neither envoyExtAuthzHttp nor envoyExtAuthzGrpc`,
          "Name a provider that authorizes requests, or change this one.",
        ]
      : [
          `which is not in extensionProviders of ${map.label}`,
          meant === undefined ? `Add it there.${others}` : `Did you mean ${meant}?`,
        ];
    yield `${written}, ${lack}, so Istio denies the requests that the policy matches. ${fix}`;
  }
}

/** Reports other providers for the same workloads. Of two policies, only the one with the later URN reports it. */
function* checkRivals(
  policy: KubernetesObject,
  place: Cursor,
  provider: string,
  stack: Stack,
): Iterable<Finding> {
  for (const other of stack.all(authorizationPolicies)) {
    const another = providerOf(other).text();
    if (other.at("spec", "action").text() !== "CUSTOM" || !isEarlier(other, policy)) continue;
    if (typeof another !== "string" || another === provider) continue;
    if (!onOneCluster(other, policy, stack)) continue;
    const shared = sharedWorkloads(policy, other, stack);
    if (shared === undefined) continue;
    yield `${place.path} is ${JSON.stringify(provider)}, but ${other.label} uses the provider ${JSON.stringify(another)} for ${shared}, too. The add-on allows one provider per workload, so Istio denies the requests that either policy matches. Use one provider for both policies, or make them select different workloads.`;
  }
}

function isEarlier({ resource: a, label: labelA }: KubernetesObject, b: KubernetesObject): boolean {
  return `${a.urn} ${labelA}` < `${b.resource.urn} ${b.label}`;
}

/** The workloads that two policies certainly both apply to, in words. */
function sharedWorkloads(
  a: KubernetesObject,
  b: KubernetesObject,
  stack: Stack,
): string | undefined {
  const [inA, inB] = [a, b].map((one) => namespaceOf(one, stack).name);
  if (inA === undefined || inB === undefined) return undefined;
  if (inA !== inB && inA !== CONTROL_PLANE_NAMESPACE && inB !== CONTROL_PLANE_NAMESPACE) {
    return undefined;
  }
  if (hasTarget(a) || hasTarget(b)) {
    return inA === inB && sameTarget(a, b) ? "the same target" : undefined;
  }
  const [ofA, ofB] = [selectorOf(a), selectorOf(b)];
  const namespace = [inA, inB].find((one) => one !== CONTROL_PLANE_NAMESPACE);
  const where = namespace === undefined ? "of the mesh" : `of ${namespace}`;
  if (isEmpty(ofA) && isEmpty(ofB)) return `all workloads ${where}`;
  if (isEmpty(ofA) || isEmpty(ofB) || sameMap(ofA, ofB) === true) {
    return `the workloads ${where} that ${isEmpty(ofA) ? b.label : ofA.path} selects`;
  }
  return stack
    .all(workloads)
    .find(
      (workload) =>
        onOneCluster(workload, a, stack) &&
        (namespace === undefined || namespaceOf(workload, stack).name === namespace) &&
        [ofA, ofB].every((of) => holds(workload.template("metadata", "labels"), of) === true),
    )?.label;
}

function selectorOf({ at }: KubernetesObject): Cursor {
  return at("spec", "selector", "matchLabels");
}

/** Whether it selects everything. An unknown selector may select anything. */
function isEmpty(selector: Cursor): boolean {
  const pairs = selector.keys();
  return pairs === undefined || (!(pairs instanceof Unknown) && pairs.length === 0);
}

function targetsOf({ at }: KubernetesObject): readonly string[] {
  const list = at("spec", "targetRefs").items();
  const single = at("spec", "targetRef");
  const places = Array.isArray(list) ? (list as readonly Cursor[]) : [];
  return [...places, ...(single.read() === undefined ? [] : [single])].map((place) =>
    ["group", "kind", "name"].map((field) => String(place.at(field).read())).join("/"),
  );
}

function hasTarget({ at }: KubernetesObject): boolean {
  return ["targetRef", "targetRefs"].some((one) => at("spec", one).read() !== undefined);
}

function sameTarget(a: KubernetesObject, b: KubernetesObject): boolean {
  const ofB = targetsOf(b);
  return targetsOf(a).some((one) => ofB.includes(one));
}

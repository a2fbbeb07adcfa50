import { CONTROL_PLANE_NAMESPACE } from "../../../mesh/names.ts";
import { AksCluster } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import type { Cursor, Read } from "../../engine/cursor.ts";
import { egressGateways } from "../../model/istio/egressGateways.ts";
import { notListed } from "../../engine/enumeration.ts";
import { authorizationPolicies } from "../../model/istio/istioConfig.ts";
import { gateways, namespaces } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { joinsMesh, nameOf } from "../../model/istio/meshNamespaces.ts";
import { namespaceOf, onOneCluster } from "../../model/kubernetes/objectNamespace.ts";
import { inDoubt, unseenSources } from "../../model/opaque.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { anyOf } from "../../engine/resource.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";

interface Config {
  readonly denyElsewhere: boolean;
}

const config: ConfigSchema<Config> = {
  denyElsewhere: {
    type: "boolean",
    default: false,
    description:
      "Whether something that the stack does not show, such as Flux, creates the AuthorizationPolicy that denies by default.",
  },
};

export const authzDefaultDeny = defineRule<KubernetesObject, Config>({
  name: "authz-default-deny",
  displayName: "Authorization denies by default",
  description:
    "Every namespace of the mesh denies requests that no AuthorizationPolicy allows. ALLOW policies list what they allow, and DENY policies list what they exempt, so unexpected requests are denied.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps:
    "Add an AuthorizationPolicy with an empty spec to the namespace or to aks-istio-system. Use positive fields (paths, principals, namespaces) in ALLOW policies and negative fields (notPaths, notNamespaces) in DENY policies.",
  url: "https://istio.io/latest/docs/ops/best-practices/security/#use-allow-with-positive-matching-and-deny-with-negative-match-patterns",
  tags: ["authz", "Kyverno:require-authorizationpolicy"],
  about: anyOf(namespaces, authorizationPolicies),
  unknown: "nothing",
  wholeStack: true,
  config,
  *check(object, { config: { denyElsewhere }, stack }) {
    if (!namespaces.matches(object.resource.type)) {
      yield* onAddonClusters(object, stack, () => checkPolicy(object));
    } else if (stack.complete && !denyElsewhere) {
      yield* onAddonClusters(object, stack, () => checkNamespace(object, stack));
    }
  },
});

function* checkNamespace(namespace: KubernetesObject, stack: Stack): Iterable<Finding> {
  // The same policies apply to a gateway's own proxy, so the namespace of a gateway must not deny by default.
  if (!joinsMesh(namespace, stack) || runsGateway(namespace, stack)) return;
  const name = nameOf(namespace);
  const denies = stack
    .all(authorizationPolicies)
    .filter((policy) => allowsNothing(policy) && onOneCluster(policy, namespace, stack))
    .map((policy) => namespaceOf(policy, stack).name);
  const places = [name, CONTROL_PLANE_NAMESPACE];
  if (denies.some((where) => where !== undefined && places.includes(where))) return;
  const unseen = unseenSources(namespace, places, stack);
  if (unseen.length > 0) {
    yield inDoubt(
      unseen,
      "an AuthorizationPolicy that denies by default",
      "If something else creates it, set denyElsewhere of authz-default-deny to true. Otherwise, add one with an empty spec to the namespace.",
    );
    return;
  }
  yield `its sidecars accept every request, because no AuthorizationPolicy of ${name} denies by default. Add one with an empty spec, and ALLOW policies for the requests that you expect. If something outside the stack creates it, set denyElsewhere of this rule to true.`;
}

/** Whether a gateway of the Gateway API, or an egress gateway of the cluster, runs in a namespace. */
function runsGateway(namespace: KubernetesObject, stack: Stack): boolean {
  const name = nameOf(namespace);
  const ofGatewayApi = stack
    .all(gateways)
    .some((one) => namespaceOf(one, stack).name === name && onOneCluster(one, namespace, stack));
  return ofGatewayApi || egressNamespaces(namespace, stack).includes(name);
}

function egressNamespaces({ resource }: KubernetesObject, stack: Stack): readonly unknown[] {
  return stack.clustersOf(resource).flatMap((cluster) => {
    const all = cluster instanceof AksCluster ? egressGateways(cluster) : [];
    return all instanceof Unknown ? [] : all.map((gateway) => gateway.namespace);
  });
}

/** Whether a policy denies everything that no other policy allows: it applies to all workloads and has no rules. */
function allowsNothing({ at }: KubernetesObject): boolean {
  if (isDryRun(at("metadata", "annotations", "istio.io/dry-run").text())) return false;
  const spec = at("spec").read();
  if (spec instanceof Unknown) return true;
  if (["selector", "targetRef", "targetRefs"].some((one) => at("spec", one).read() !== undefined)) {
    return false;
  }
  const action = at("spec", "action").read();
  const rules = at("spec", "rules").read();
  const none = rules === undefined || (Array.isArray(rules) && rules.length === 0);
  return none && (action === undefined || action === "ALLOW");
}

/**
 * Whether a policy is a dry run: proxies only log what it would deny.
 *
 * @see https://istio.io/latest/docs/tasks/security/authorization/authz-dry-run/
 */
function isDryRun(annotation: Read<string>): boolean {
  return typeof annotation === "string" && /^(?:1|t|true)$/i.test(annotation);
}

function* checkPolicy({ at }: KubernetesObject): Iterable<Finding> {
  yield* notListed(at("spec", "action"), ["ALLOW", "DENY", "AUDIT", "CUSTOM"]);
  const action = at("spec", "action").text() ?? "ALLOW";
  for (const rule of items(at("spec", "rules"))) {
    const fields = fieldsOf(rule);
    const [negative] = fields.filter(isNegative);
    const [positive] = fields;
    if (action === "ALLOW" && negative !== undefined) {
      yield `${negative.path} allows everything that is not listed there, including requests that you do not expect. List what is allowed instead.`;
    } else if (action === "DENY" && negative === undefined && positive !== undefined) {
      yield `${positive.path} denies only what is listed there, so a request that is written differently passes. Use negative fields, or an ALLOW policy.`;
    }
  }
}

/** The fields by which a rule matches requests. */
function fieldsOf(rule: Cursor): readonly Cursor[] {
  const below = [
    ...items(rule.at("from")).map((from) => from.at("source")),
    ...items(rule.at("to")).map((to) => to.at("operation")),
    ...items(rule.at("when")),
  ];
  return below.flatMap((place) => {
    const names = place.keys();
    if (names === undefined || names instanceof Unknown) return [];
    return names.filter((name) => name !== "key").map((name) => place.at(name));
  });
}

function isNegative({ path }: Cursor): boolean {
  return /\.not[A-Z]\w*$/.test(path);
}

function items(list: Cursor): readonly Cursor[] {
  const places = list.items();
  return places === undefined || places instanceof Unknown ? [] : places;
}

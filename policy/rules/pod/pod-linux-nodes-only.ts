import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { meshMembershipOf } from "../../model/istio/meshMembership.ts";
import { ifTrue } from "../../engine/ifTrue.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";

/** Labels of nodes on which sidecars do not run, and the name that messages use for those nodes. */
const NODES: readonly {
  readonly keys: readonly string[];
  readonly value: string;
  readonly what: string;
}[] = [
  {
    keys: ["kubernetes.io/os", "beta.kubernetes.io/os"],
    value: "windows",
    what: "Windows nodes",
  },
  { keys: ["type"], value: "virtual-kubelet", what: "virtual nodes" },
];

const VIRTUAL_NODE_TAINT = "virtual-kubelet.io/provider";

export const podLinuxNodesOnly = defineRule({
  name: "pod-linux-nodes-only",
  displayName: "Pods in the mesh run on Linux nodes",
  description:
    "No pod with a sidecar selects Windows nodes or virtual nodes: the add-on supports neither.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Move the workload to a namespace outside the mesh, or run it on the cluster's Linux nodes.",
  url: "https://learn.microsoft.com/azure/aks/istio-about#limitations",
  tags: ["pod"],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  *check(workload, { stack }) {
    yield* ifTrue(meshMembershipOf(workload, stack).injected, () => judged(workload));
  },
});

function* judged({ template }: Workload): Iterable<Finding> {
  const spec = template("spec");
  yield* checkValue(spec.at("os", "name"), "windows", "Windows nodes");
  for (const { keys, value, what } of NODES) {
    for (const key of keys) yield* checkValue(spec.at("nodeSelector", key), value, what);
  }
  const expressions = nodeExpressions(spec.at("affinity", "nodeAffinity"));
  if (expressions instanceof Unknown) yield expressions;
  else for (const expression of expressions) yield* checkExpression(expression);
  yield* checkTolerations(spec.at("tolerations"));
}

function* checkValue(place: Cursor, unwanted: string, what: string): Iterable<Finding> {
  const value = place.text();
  if (value instanceof Unknown) yield value;
  else if (value === unwanted) yield unsupportedNodes(`${place.path} is ${unwanted}`, what);
}

function* checkExpression(expression: Cursor): Iterable<Finding> {
  const key = expression.at("key").text();
  const nodes = NODES.find(({ keys }) => keys.some((one) => one === key));
  if (nodes === undefined || expression.at("operator").text() !== "In") return;
  const values = expression.at("values");
  const items = values.items();
  if (items instanceof Unknown) yield items;
  else if (items?.some((item) => item.text() === nodes.value) === true) {
    yield unsupportedNodes(`${values.path} names ${nodes.value}`, nodes.what);
  }
}

/** A pod that tolerates every taint, as agents do, does not request a virtual node. */
function* checkTolerations(tolerations: Cursor): Iterable<Finding> {
  const items = tolerations.items();
  if (items instanceof Unknown) yield items;
  else {
    for (const key of (items ?? []).map((item) => item.at("key"))) {
      yield* checkValue(key, VIRTUAL_NODE_TAINT, "virtual nodes");
    }
  }
}

function unsupportedNodes(what: string, nodes: string): Finding {
  return `${what}, but sidecars do not run on ${nodes}. Remove it, or move the workload to a namespace outside the mesh.`;
}

/** The expressions of a node affinity, required and preferred. */
function nodeExpressions(affinity: Cursor): readonly Cursor[] | Unknown {
  const required = affinity.at(
    "requiredDuringSchedulingIgnoredDuringExecution",
    "nodeSelectorTerms",
  );
  const preferred = affinity.at("preferredDuringSchedulingIgnoredDuringExecution");
  const [requirements, preferences] = [required.items(), preferred.items()];
  if (requirements instanceof Unknown) return requirements;
  if (preferences instanceof Unknown) return preferences;
  const terms = [
    ...(requirements ?? []),
    ...(preferences ?? []).map((preference) => preference.at("preference")),
  ];
  const expressions: Cursor[] = [];
  for (const term of terms) {
    const items = term.at("matchExpressions").items();
    if (items instanceof Unknown) return items;
    expressions.push(...(items ?? []));
  }
  return expressions;
}

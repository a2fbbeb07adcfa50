import { describe, expect, test } from "vitest";
import { sidecarInjection } from "../../../../mesh/injection.ts";
import type { InjectingRevisions } from "../../../../mesh/injection.ts";
import type { InjectionSubject } from "../../../../mesh/istiodInjection.ts";
import type { ClusterObject } from "../../../../operate/cluster/clusterObject.ts";
import { addonObjects, webhooksFor } from "../../../../operate/explain/pod/addonObjects.ts";
import { predictInjection } from "../../../../operate/explain/pod/prediction.ts";
import { clusterOf } from "../clusterOf.ts";

type Labels = Readonly<Record<string, string>>;

const WEBHOOKS = "admissionregistration.k8s.io/v1";

/**
 * The webhooks of a revision tag, as `istioctl tag set` makes them. The tag `default` also serves the labels of an Istio
 * without revisions:
 * https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/revision-tags-mwc.yaml
 */
function tagObject(tag: string, revision: string): ClusterObject {
  const [like] = webhooksFor(tag, revision);
  const one = (namespace: readonly object[], pod: readonly object[]) => ({
    ...like,
    namespaceSelector: { matchExpressions: namespace },
    objectSelector: { matchExpressions: pod },
  });
  const absent = (key: string) => ({ key, operator: "DoesNotExist" });
  const among = (key: string, operator: string, value: string) => ({
    key,
    operator,
    values: [value],
  });
  const ofDefault = [
    one(
      [among("istio-injection", "In", "enabled")],
      [among("sidecar.istio.io/inject", "NotIn", "false")],
    ),
    one(
      [absent("istio-injection"), absent("istio.io/rev")],
      [among("sidecar.istio.io/inject", "In", "true"), absent("istio.io/rev")],
    ),
  ];
  return {
    apiVersion: WEBHOOKS,
    kind: "MutatingWebhookConfiguration",
    metadata: {
      name: `istio-revision-tag-${tag}-aks-istio-system`,
      labels: { "istio.io/rev": revision, "istio.io/tag": tag },
    },
    webhooks: [...webhooksFor(tag, revision), ...(tag === "default" ? ofDefault : [])],
  };
}

function stateOf({ revisions, tags }: InjectingRevisions) {
  const tagged = Object.entries(tags).map(([tag, revision]) => tagObject(tag, revision));
  return clusterOf([...addonObjects(revisions), ...tagged]);
}

/** Every combination of one value per column; undefined leaves a label out. */
function combinations(
  columns: Readonly<Record<string, readonly (string | undefined)[]>>,
): Labels[] {
  return Object.entries(columns).reduce<Labels[]>(
    (rows, [name, values]) =>
      rows.flatMap((row) =>
        values.map((value) => (value === undefined ? row : { ...row, [name]: value })),
      ),
    [{}],
  );
}

const revisionLabels = [
  undefined,
  "asm-1-29",
  "asm-1-30",
  "stable",
  "gone",
  "default",
  "asm-1-99",
  "",
];
const inject = "sidecar.istio.io/inject";

function* everySubject(): Iterable<InjectionSubject> {
  const namespaces = combinations({
    "istio.io/rev": revisionLabels,
    "istio-injection": [undefined, "enabled", "disabled", ""],
  });
  const pods = combinations({
    "istio.io/rev": revisionLabels,
    [inject]: [undefined, "true", "false", "", "maybe"],
  });
  for (const labels of namespaces) {
    for (const name of ["shop", "kube-system"]) {
      for (const pod of pods) {
        for (const annotations of combinations({ [inject]: [undefined, "true", "false"] })) {
          for (const hostNetwork of [false, true]) {
            yield { namespace: { name, labels }, pod: { labels: pod, annotations, hostNetwork } };
          }
        }
      }
    }
  }
}

test.each<[string, InjectingRevisions, readonly string[]]>([
  [
    "two revisions",
    { revisions: ["asm-1-29", "asm-1-30"], tags: {} },
    ["injected", "not-injected"],
  ],
  [
    "tags of a revision that runs and of one that is gone",
    { revisions: ["asm-1-29"], tags: { stable: "asm-1-29", gone: "asm-1-28" } },
    ["injected", "not-injected", "refused"],
  ],
  [
    "the tag default",
    { revisions: ["asm-1-29", "asm-1-30"], tags: { default: "asm-1-30" } },
    ["injected", "not-injected"],
  ],
  ["none", { revisions: [], tags: {} }, ["not-injected"]],
])("agrees with mesh/injection.ts for every pod, with %s", (_, running, reached) => {
  const state = stateOf(running);
  const outcomes = new Set<string>();
  const wrong = [...everySubject()].flatMap((subject) => {
    const expected = sidecarInjection(subject, running);
    const { outcome, revision } = predictInjection(subject, state);
    outcomes.add(outcome);
    const isSame =
      outcome === expected.outcome &&
      (expected.outcome === "not-injected" || revision === expected.revision);
    return isSame ? [] : [{ subject, expected, outcome, revision }];
  });
  expect({ wrong: wrong.length, such: wrong.slice(0, 2) }).toEqual({ wrong: 0, such: [] });
  expect([...outcomes].sort()).toEqual(reached);
});

const subject: InjectionSubject = {
  namespace: { name: "shop", labels: { "istio.io/rev": "asm-1-30" } },
  pod: { labels: {}, annotations: {}, hostNetwork: false },
};

/** The objects of asm-1-30, with some fields of its first webhook replaced. */
function changed(fields: object): readonly ClusterObject[] {
  return addonObjects(["asm-1-30"]).map((object) => {
    if (object.kind !== "MutatingWebhookConfiguration") return object;
    const [first, ...others] = object["webhooks"] as object[];
    return { ...object, webhooks: [{ ...first, ...fields }, ...others] };
  });
}

const FIRST =
  "MutatingWebhookConfiguration istio-sidecar-injector-asm-1-30-aks-istio-system webhooks[0]";

describe("what the chart's webhooks do not have", () => {
  test.each<[string, readonly ClusterObject[], string, string]>([
    [
      "a condition in CEL",
      changed({ matchConditions: [{ name: "x", expression: "request.namespace != 'x'" }] }),
      "unknown",
      `${FIRST} has matchConditions, which are not evaluated here.`,
    ],
    [
      "a requirement that AKS adds",
      changed({
        namespaceSelector: {
          matchExpressions: [{ key: "istio.io/rev", operator: "NotIn", values: ["asm-1-30"] }],
        },
      }),
      "not-injected",
      "No webhook that injects sidecars selects the pod.",
    ],
    [
      "a webhook that calls a URL",
      changed({ clientConfig: { url: "https://istiod.example.com/inject" } }),
      "unknown",
      `${FIRST} calls a URL, and whether that answers is not known.`,
    ],
    [
      "a Service that does not exist",
      changed({}).filter(({ kind }) => kind !== "Service"),
      "refused",
      `${FIRST} selects the pod, but the Service aks-istio-system/istiod-asm-1-30 that it calls does not exist, so the API server rejects the pod.`,
    ],
    [
      "the same, and a failure that is ignored",
      changed({ failurePolicy: "Ignore" }).filter(({ kind }) => kind !== "Service"),
      "not-injected",
      `${FIRST} selects the pod, but the Service aks-istio-system/istiod-asm-1-30 that it calls does not exist, and its failurePolicy is Ignore, so the pod gets no sidecar.`,
    ],
    [
      "an istiod without ready pods",
      [
        ...addonObjects(["asm-1-30"]),
        {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "istiod-asm-1-30", namespace: "aks-istio-system" },
          status: {},
        },
      ],
      "refused",
      `${FIRST} selects the pod, but the Deployment aks-istio-system/istiod-asm-1-30 has no ready pod, so the API server rejects the pod.`,
    ],
    ["no webhook at all", [], "not-injected", "The cluster has no webhook that injects sidecars."],
    [
      "a second webhook that selects the pod",
      [...addonObjects(["asm-1-30"]), tagObject("asm-1-30", "asm-1-29")],
      "unknown",
      `More than one webhook selects the pod, so the last one decides: MutatingWebhookConfiguration istio-revision-tag-asm-1-30-aks-istio-system webhooks[0] and ${FIRST}.`,
    ],
    [
      "a webhook for other objects",
      changed({
        rules: [
          { operations: ["CREATE"], apiGroups: ["apps"], apiVersions: ["v1"], resources: ["*"] },
        ],
      }),
      "not-injected",
      "No webhook that injects sidecars selects the pod.",
    ],
  ])("%s", (_, objects, outcome, reason) => {
    expect(predictInjection(subject, clusterOf(objects))).toMatchObject({ outcome, reason });
  });
});

test("says of each webhook which requirement the pod does not meet", () => {
  const { steps } = predictInjection(
    { ...subject, namespace: { name: "shop", labels: { "istio-injection": "enabled" } } },
    stateOf({ revisions: ["asm-1-30"], tags: { prod: "asm-1-30" } }),
  );
  expect(steps.map(({ answer, message }) => [answer, message])).toEqual([
    [
      "no",
      "Does not select the pod for asm-1-30, tag prod: it requires istio.io/rev In (prod) of the namespace, which has no such label.",
    ],
    [
      "no",
      "Does not select the pod for asm-1-30, tag prod: it requires istio-injection DoesNotExist of the namespace, which has istio-injection=enabled.",
    ],
    [
      "no",
      "Does not select the pod for asm-1-30: it requires istio.io/rev In (asm-1-30) of the namespace, which has no such label.",
    ],
    [
      "no",
      "Does not select the pod for asm-1-30: it requires istio-injection DoesNotExist of the namespace, which has istio-injection=enabled.",
    ],
  ]);
});

describe("the configuration of istiod", () => {
  const configMap = (config: string): ClusterObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "istio-sidecar-injector-asm-1-30", namespace: "aks-istio-system" },
    data: { config },
  });
  const job = "- matchExpressions: [{key: job-name, operator: Exists}]";
  test.each<[string, string, Labels, string]>([
    [
      "never injects what it selects",
      `neverInjectSelector:\n${job}\n`,
      { "job-name": "x" },
      "not-injected",
    ],
    ["injects everything else", `neverInjectSelector:\n${job}\n`, {}, "injected"],
    ["ignores an empty selector", "neverInjectSelector: [{}]\n", {}, "injected"],
    ["injects nothing by itself", "policy: disabled\n", {}, "not-injected"],
    [
      "injects what it always selects",
      `policy: disabled\nalwaysInjectSelector:\n${job}\n`,
      { "job-name": "x" },
      "injected",
    ],
    [
      "is weaker than the pod's label",
      `neverInjectSelector:\n${job}\n`,
      { "job-name": "x", [inject]: "true" },
      "injected",
    ],
  ])("%s", (_, config, labels, outcome) => {
    const state = clusterOf([...addonObjects(["asm-1-30"]), configMap(config)]);
    const pod = { ...subject.pod, labels };
    expect(predictInjection({ ...subject, pod }, state).outcome).toBe(outcome);
  });
});

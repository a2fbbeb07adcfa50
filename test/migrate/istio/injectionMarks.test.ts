import { describe, expect, test } from "vitest";
import { migrated } from "./migrated.ts";

const LEGACY =
  "It is about the label istio-injection, by which only the own Istio injects. It was not edited.";
const REVISION =
  "It is about istio.io/rev, and names no revision of the add-on. It was not edited.";

/** An object of any kind, with the rest of it as lines. */
function object(kind: string, rest: string): string {
  return `apiVersion: example.com/v1\nkind: ${kind}\nmetadata:\n  name: x\n  namespace: shop\n${rest}`;
}

/** The values of places that name a revision or tag, which become the revision of the add-on. */
test.each([
  [
    "labels of Istio's objects",
    object("AuthorizationPolicy", "  labels: {istio.io/rev: stable}\n"),
  ],
  ["selectors", object("Policy", "spec: {match: {matchLabels: {istio.io/rev: stable}}}\n")],
  [
    "pods of kinds of operators",
    object("Rollout", "spec: {template: {metadata: {labels: {istio.io/rev: stable}}}}\n"),
  ],
  [
    "values of charts",
    object("HelmRelease", "spec: {values: {podLabels: {istio.io/rev: stable}}}\n"),
  ],
  [
    "labels that Flux adds",
    object("Kustomization", "spec: {commonMetadata: {labels: {istio.io/rev: stable}}}\n"),
  ],
])("%s name the revision of the add-on", (_, before) => {
  const { text, blockers } = migrated(before);
  expect(text).toBe(before.replace("stable", "asm-1-30"));
  expect(blockers).toEqual([]);
  const after = text ?? "";
  expect(migrated(after).said).toEqual([]);
});

test("labels that Kustomize adds name the revision of the add-on", () => {
  const { files } = migrated({
    "kustomization.yaml": kustomization("commonLabels: {istio.io/rev: stable}"),
  });
  expect(files["kustomization.yaml"]).toBe(kustomization("commonLabels: {istio.io/rev: asm-1-30}"));
});

describe("what cannot be edited stands in the way", () => {
  const selector = (expression: string) =>
    object("Policy", `spec: {match: {matchExpressions: [${expression}]}}\n`);

  test.each([
    [
      "a selector",
      object("Policy", "spec: {match: {matchLabels: {istio-injection: enabled}}}\n"),
      [LEGACY],
    ],
    ["an expression", selector("{key: istio-injection, operator: Exists}"), [LEGACY]],
    [
      "an expression about a tag",
      selector("{key: istio.io/rev, operator: In, values: [stable]}"),
      [REVISION],
    ],
    [
      "an expression about the add-on",
      selector("{key: istio.io/rev, operator: In, values: [asm-1-30]}"),
      [],
    ],
    ["an expression about any revision", selector("{key: istio.io/rev, operator: Exists}"), []],
    [
      "a patch of Flux",
      object(
        "Kustomization",
        "spec:\n  patches:\n    - patch: |\n        - op: add\n          path: /metadata/labels/istio.io~1rev\n          value: stable\n",
      ),
      [REVISION],
    ],
    [
      "the same patch for the add-on",
      object(
        "Kustomization",
        "spec:\n  patches:\n    - patch: |\n        - op: add\n          path: /metadata/labels/istio.io~1rev\n          value: asm-1-30\n",
      ),
      [],
    ],
    [
      "a label of something else",
      object("Deployment", "  labels: {istio-injection: enabled}\n"),
      [],
    ],
    [
      "another label",
      object("Policy", "spec: {match: {matchLabels: {istio.io/revision: stable}}}\n"),
      [],
    ],
    [
      "an annotation",
      object("Policy", "  annotations: {example.com/why: not istio-injection}\n"),
      [],
    ],
  ])("%s", (_, before, expected) => {
    const { blockers, text } = migrated(before);
    expect(blockers).toEqual(expected);
    expect(text).toBe(before);
  });

  test.each([
    [
      "in one line",
      'patch: \'[{"op": "add", "path": "/metadata/labels/istio.io~1rev", "value": "stable"}]\'',
    ],
    [
      "in several",
      "patch: |-\n      - op: add\n        path: /metadata/labels/istio.io~1rev\n        value: stable",
    ],
  ])("a patch inside of a Kustomize file, %s", (_, patch) => {
    const before = kustomization(`patches:\n  - ${patch}`);
    expect(migrated({ "kustomization.yaml": before }).blockers).toEqual([REVISION]);
  });

  test("a patch of a Gateway's selector inside of a Kustomize file", () => {
    const patch =
      "patch: |-\n      - op: replace\n        path: /spec/selector/istio\n        value: own";
    expect(
      migrated({ "kustomization.yaml": kustomization(`patches:\n  - ${patch}`) }).blockers,
    ).toEqual([
      "The patch is about /spec/selector/istio, and patches inside of a Kustomize file are not edited.",
    ]);
  });

  test.each([
    [
      "a JSON patch",
      "- op: add\n  path: /metadata/labels/istio.io~1rev\n  value: stable\n",
      [REVISION],
      2,
    ],
    [
      "a JSON patch for the add-on",
      "- op: add\n  path: /metadata/labels/istio.io~1rev\n  value: asm-1-30\n",
      [],
      0,
    ],
    [
      "a JSON patch of a Gateway",
      '[{"op": "replace", "path": "/spec/selector/istio", "value": "own"}]',
      ["The patch is about /spec/selector/istio, and JSON patches are not edited."],
      1,
    ],
    ["another JSON patch", '[{"op": "add", "path": "/spec/istio", "value": "own"}]', [], 0],
    ["values of a chart", "# values\npodLabels:\n  istio.io/rev: stable\n", [REVISION], 3],
    ["values for the add-on", "podLabels:\n  istio.io/rev: ${mesh_revision}\n", [], 0],
    ["other values", "istio:\n  gateway: web\n", [], 0],
  ])("a document that is no object: %s", (_, text, expected, line) => {
    const { blockers, entries } = migrated(text);
    expect(blockers).toEqual(expected);
    expect(entries.map(({ place }) => place?.line)).toEqual(expected.map(() => line));
  });

  test("a MeshConfig that discovers by the label", () => {
    const config =
      "accessLogFile: /dev/stdout\n    discoverySelectors:\n    - matchLabels: {istio-injection: enabled}";
    const { blockers } = migrated(
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    ${config}\n`,
    );
    expect(blockers).toEqual([LEGACY]);
  });

  test("a variable in the place of the label's value", () => {
    const { blockers } = migrated(
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio-injection: "${inject}"}\n',
    );
    expect(blockers).toEqual([
      "Flux replaces the variable, so whether the pods have sidecars is not known. The add-on skips a namespace with the label.",
    ]);
  });
});

function kustomization(rest: string): string {
  return `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n${rest}\n`;
}

import { expect, test } from "vitest";
import { readManifestText } from "../../manifests/manifestText.ts";

const read = (text: string) => readManifestText(text, "a.yaml");
const names = (text: string) =>
  read(text).manifests.map(({ kind, name }) => `${kind} ${name ?? ""}`);

test("every document with an API version and a kind is an object", () => {
  const text = `# no object
---
apiVersion: v1
kind: Service
metadata: { name: a, namespace: shop }
---
apiVersion: v2
name: a-chart
---
- a list
---
apiVersion: example.com/v1
kind: Unknown
metadata: { generateName: b- }
`;
  expect(names(text)).toEqual(["Service a", "Unknown "]);
  expect(read(text).unread).toEqual([]);
  expect(read(text).manifests[0]?.namespace).toBe("shop");
});

test("JSON is read, too", () => {
  expect(names('{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"}}')).toEqual(["Pod p"]);
});

test("the items of lists are objects, with the positions of their fields", () => {
  const text = `apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata:
      name: a
---
apiVersion: apps/v1
kind: DeploymentList
items:
  - metadata: { name: b }
`;
  const { manifests } = read(text);
  expect(manifests.map(({ apiVersion, kind, name }) => [apiVersion, kind, name])).toEqual([
    ["v1", "Pod", "a"],
    ["apps/v1", "Deployment", "b"],
  ]);
  const [pod, deployment] = manifests;
  expect(pod?.origin.at(["metadata", "name"])).toEqual({ file: "a.yaml", line: 7, column: 7 });
  expect(pod?.origin.at([])).toEqual({ file: "a.yaml", line: 4, column: 5 });
  expect(deployment?.origin.at(["spec", "replicas"])).toEqual({
    file: "a.yaml",
    line: 12,
    column: 5,
  });
});

test("the items of a list in a list are objects, too", () => {
  const text = `apiVersion: v1
kind: List
items:
  - 5
  - apiVersion: v1
    kind: List
    items:
      - apiVersion: v1
        kind: Pod
        metadata: { name: a }
`;
  const [pod, ...others] = read(text).manifests;
  expect([pod?.kind, others]).toEqual(["Pod", []]);
  expect(pod?.origin.at(["metadata"])).toEqual({ file: "a.yaml", line: 10, column: 9 });
});

test("a field that is not in the text has the position of the closest field around it", () => {
  const { origin } = read("# a\napiVersion: v1\nkind: Pod\nspec:\n  a: 1\n").manifests[0] ?? {};
  expect(origin?.at(["spec", "b", 3])).toEqual({ file: "a.yaml", line: 4, column: 1 });
  expect(origin?.at(["metadata"])).toEqual({ file: "a.yaml", line: 2, column: 1 });
});

test("scalars are read as Kubernetes reads them", () => {
  const [pod] = read("apiVersion: v1\nkind: Pod\nspec: { a: yes, b: 010, c: 1_000 }\n").manifests;
  expect(pod?.object["spec"]).toEqual({ a: true, b: 8, c: 1000 });
});

test("invalid YAML is said once for each document, and the others are read", () => {
  const { manifests, unread } = read(
    "apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Pod\n a: [\n b: [\n---\napiVersion: v1\nkind: Pod\n",
  );
  expect(manifests).toHaveLength(2);
  expect(unread).toMatchObject([
    { file: "a.yaml", line: 5, fix: "Correct the file.", broken: true },
  ]);
});

test("of a repeated key, the last value counts", () => {
  const { manifests, unread } = read("apiVersion: v1\nkind: Pod\nkind: Service\n");
  expect(manifests.map(({ kind }) => kind)).toEqual(["Service"]);
  expect(unread).toEqual([]);
});

test("an alias that contains itself is said", () => {
  expect(read("apiVersion: v1\nkind: Pod\na: &a\n  b: *a\n").unread).toMatchObject([
    { reason: "It is not valid YAML: *a contains itself.", broken: true },
  ]);
});

test("any number of aliases is read, as long as they do not exhaust the memory", () => {
  const HEAD = "apiVersion: v1\nkind: Pod\n";
  const uses = Array.from({ length: 300 }, (_, i) => `b${i}: *a\n`).join("");
  const { manifests, unread } = read(`${HEAD}a: &a { c: 1 }\n${uses}`);
  expect(manifests[0]?.object["b299"]).toEqual({ c: 1 });
  expect(unread).toEqual([]);

  const bomb = Array.from({ length: 30 }, (_, i) => `b${i + 1}: &b${i + 1} [*b${i}, *b${i}]\n`);
  expect(read(`${HEAD}b0: &b0 [x]\n${bomb.join("")}---\n${HEAD}`)).toMatchObject({
    manifests: [{ kind: "Pod" }],
    unread: [
      {
        line: 4,
        column: 10,
        reason: "It is not valid YAML: aliases expand this document by more than 10 MB.",
        broken: true,
      },
    ],
  });
});

test.each([
  ["*hunter2", "this alias has no anchor; a value that begins with * must be in quotes"],
  ["!hunter2!x y", "this tag is not known; a value that begins with ! must be in quotes"],
  ["!hunter2! y", "this tag is not known; a value that begins with ! must be in quotes"],
  [
    "|hunter2",
    "text follows | or > in the same line; a value that begins with | or > must be in quotes",
  ],
  [
    '"\\hunter2"',
    "this backslash is not a valid escape; write \\\\ for a backslash, or use single quotes",
  ],
  ["!!int hunter2", "this value is not a valid !!int"],
  [`${"[".repeat(3_000)}hunter2`, "the values are nested too deeply"],
  ["{ <<: hunter2 }", "Merge sources must be maps or map aliases"],
])("what is wrong with %.20j does not quote it, and hides no other object", (value, reason) => {
  const text = `apiVersion: v1\nkind: Secret\nstringData:\n  password: ${value}\n`;
  const { manifests, unread } = read(`${text}---\napiVersion: v1\nkind: Pod\n`);
  expect(unread).toMatchObject([{ reason: `It is not valid YAML: ${reason}.`, broken: true }]);
  expect(manifests.map(({ kind }) => kind)).toEqual(["Pod"]);
});

test("quoted text that other parsers accept does not fail the check", () => {
  const text = "apiVersion: v1\nkind: Pod\na:\n  b: 'x\n  y'\n";
  expect(read(text).unread).toEqual([
    {
      file: "a.yaml",
      line: 4,
      column: 8,
      reason: "It is not valid YAML: Missing closing 'quote.",
      fix: "If the text is closed in a later line, indent its lines more than its key.",
      broken: false,
    },
  ]);
});

test("a file whose objects have templates as names is a template", () => {
  const text = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: '{{ .name }}'\n";
  expect(read(text)).toMatchObject({ manifests: [], unread: [{ broken: false }] });
});

test.each(["{{ .Values.a }}", "{% if a %}", "<% a %>"])(
  "a template with %s is not broken",
  (mark) => {
    const { manifests, unread } = read(`apiVersion: v1\nkind: Pod\n${mark}\n  a: [\n`);
    expect(manifests).toEqual([]);
    expect(unread).toEqual([
      {
        file: "a.yaml",
        line: 1,
        column: 1,
        reason: "It is a template, not YAML.",
        fix: "Render it, and pass the result: helm template … | npx aks-istio check -",
        broken: false,
      },
    ]);
  },
);

test("a mistake beside the template of an alert is a mistake", () => {
  const alert =
    "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: { name: a }\nspec: { text: '{{ $labels.pod }}' }\n";
  const { manifests, unread } = read(`${alert}---\napiVersion: v1\nkind: Pod\nmetadata: {\n`);
  expect(manifests.map(({ name }) => name)).toEqual(["a"]);
  expect(unread).toMatchObject([{ broken: true, fix: "Correct the file." }]);
});

test("a file that mentions no API version is not parsed", () => {
  expect(read("a: [\n")).toEqual({ manifests: [], unread: [] });
});

test("an object that another one in the same document replaces is said", () => {
  const pod = (name: string) => `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\n`;
  const { manifests, unread } = readManifestText(`---\n${pod("a")}${pod("b")}`, "pods.yaml");
  expect(manifests.map(({ name }) => name)).toEqual(["b"]);
  expect(unread).toEqual([
    {
      file: "pods.yaml",
      line: 2,
      column: 1,
      reason:
        "A second object begins in line 5 of the same document, so kubectl and Helm drop this one.",
      fix: "Write --- between the two objects.",
      broken: true,
    },
  ]);
  const separate = readManifestText(`${pod("a")}---\n${pod("b")}`, "pods.yaml");
  expect(separate.unread).toEqual([]);
});

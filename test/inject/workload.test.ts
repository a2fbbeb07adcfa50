import { expect, test } from "vitest";
import { workloadsIn } from "../../inject/workload.ts";

const pods = "{ spec: { containers: [{ name: app, image: app }] } }";

test.each([
  ["apps/v1", "Deployment", `spec: { template: ${pods} }`, ["spec", "template"]],
  ["apps/v1", "StatefulSet", `spec: { template: ${pods} }`, ["spec", "template"]],
  ["apps/v1", "DaemonSet", `spec: { template: ${pods} }`, ["spec", "template"]],
  ["apps/v1", "ReplicaSet", `spec: { template: ${pods} }`, ["spec", "template"]],
  ["v1", "ReplicationController", `spec: { template: ${pods} }`, ["spec", "template"]],
  ["batch/v1", "Job", `spec: { template: ${pods} }`, ["spec", "template"]],
  [
    "batch/v1",
    "CronJob",
    `spec: { jobTemplate: { spec: { template: ${pods} } } }`,
    ["spec", "jobTemplate", "spec", "template"],
  ],
  ["v1", "Pod", "spec: { containers: [{ name: app, image: app }] }", []],
])("%s %s has its pods at a place of its own", (apiVersion, kind, spec, path) => {
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: web, namespace: orders }\n${spec}\n`;
  const { workloads, others, problems } = workloadsIn(`a: 1\n---\n${text}`);
  expect({ others, problems }).toEqual({ others: [], problems: [] });
  expect(workloads).toMatchObject([
    { apiVersion, kind, name: "web", namespace: "orders", claims: [], document: 1, path, line: 4 },
  ]);
});

test("lists are searched, and their items inherit the kind of a typed list", () => {
  const items = `items:\n- metadata: { name: web }\n  spec: { template: ${pods} }\n`;
  const { workloads } = workloadsIn(
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: DeploymentList\n${items.replace(/^/gm, "  ").trimEnd()}\n`,
  );
  expect(workloads).toMatchObject([
    { kind: "Deployment", name: "web", path: ["items", 0, "items", 0, "spec", "template"] },
  ]);
});

test("a StatefulSet names the volumes that it adds", () => {
  const claims = "volumeClaimTemplates: [{ metadata: { name: data } }]";
  const { workloads } = workloadsIn(
    `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec: { template: ${pods}, ${claims} }\n`,
  );
  expect(workloads).toMatchObject([{ claims: ["data"] }]);
});

test("another kind with pods and a patch are named, and an object without pods is not", () => {
  const rollout = `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: web }\nspec: { template: ${pods} }\n`;
  const service = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: {}\n";
  const patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: {}\n";
  expect(workloadsIn(`${service}---\n${rollout}---\n${patch}`)).toEqual({
    workloads: [],
    others: [
      {
        ...{ kind: "Rollout", name: "web", line: 7 },
        reason: "has pods, but is of a kind that is not injected. Inject what its operator makes",
      },
      {
        ...{ kind: "Deployment", name: "web", line: 12 },
        reason: "lacks a container or its image, as patches do, so it gets no sidecar",
      },
    ],
    problems: [],
  });
  const partial = patch.replace("{}", "{ template: { spec: { containers: [{ name: app }] } } }");
  expect(workloadsIn(partial)).toMatchObject({ workloads: [], others: [{ name: "web", line: 2 }] });
});

test.each([
  ["a: 1\n b: 2\n", { line: 1, message: expect.stringContaining("indent") as string }],
  [
    "apiVersion: v1\nkind: Pod\nmetadata:\n  {{- name }}\n  a: {{ b }}\n",
    { line: 4, message: "it is a template; inject what the template renders" },
  ],
])("what is wrong is said with its line: %j", (text, problem) => {
  expect(workloadsIn(text)).toEqual({ workloads: [], others: [], problems: [problem] });
});

test.each([
  ["kind: Pod\nspec: { containers: [{ name: app, image: app }] }\n", "Pod", 1],
  [`apiVersion: ""\nkind: Deployment\nspec: { template: ${pods} }\n`, "Deployment", 2],
  [`apiVersion: apps/v1\nspec: { template: ${pods} }\n`, "", 1],
  [`- apiVersion: apps/v1\n  kind: Deployment\n  spec: { template: ${pods} }\n`, "", 1],
])("an object with pods that does not say what it is is named: %j", (text, kind, line) => {
  const reason = "has pods, but not both apiVersion and kind, so it gets no sidecar. Add them";
  expect(workloadsIn(text)).toEqual({
    workloads: [],
    others: [{ kind, name: undefined, line, reason }],
    problems: [],
  });
});

test.each([
  ["v1", "PodTemplate", `template: ${pods}`],
  ["batch.volcano.sh/v1alpha1", "Job", `spec: { tasks: [{ template: ${pods} }] }`],
  ["kubeflow.org/v1", "PyTorchJob", `spec: { replicaSpecs: { Worker: { podTemplate: ${pods} } } }`],
  ["example.com/v1", "Pod", "spec: { containers: [{ name: app, image: app }] }"],
])("%s %s has pods that are not injected", (apiVersion, kind, rest) => {
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: a }\n${rest}\n`;
  const reason = "has pods, but is of a kind that is not injected. Inject what its operator makes";
  expect(workloadsIn(text)).toEqual({
    workloads: [],
    others: [{ kind, name: "a", line: 2, reason }],
    problems: [],
  });
});

test("the pattern of a policy is no pod", () => {
  const pattern = "{ spec: { containers: [{ image: '*:1' }] } }";
  const text = `apiVersion: kyverno.io/v1\nkind: Policy\nspec: { rules: [{ pattern: ${pattern} }] }\n`;
  expect(workloadsIn(text)).toEqual({ workloads: [], others: [], problems: [] });
});

test("a byte order mark may be at the start of the text, but of no other document", () => {
  const pod = "apiVersion: v1\nkind: Pod\nspec: { containers: [{ name: app, image: app }] }\n";
  expect(workloadsIn(`\ufeff${pod}---\n${pod}`).workloads).toHaveLength(2);
  expect(workloadsIn(`${pod}---\n\ufeff${pod}`)).toMatchObject({
    workloads: [{ line: 2 }],
    others: [],
    problems: [
      {
        line: 5,
        message: "a byte order mark may only be at the start of the file; remove this one",
      },
    ],
  });
  expect(workloadsIn("a: 1\n---\n\ufefftext\n").problems).toMatchObject([{ line: 3 }]);
});

test("a merge of something other than a map is a problem", () => {
  const { problems } = workloadsIn("apiVersion: v1\nkind: Pod\nspec: { <<: 1 }\n");
  expect(problems).toMatchObject([{ line: 1, message: expect.stringContaining("erge") as string }]);
});

import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AccessError } from "../../../operate/accessError.ts";
import { ApiServer } from "../../../operate/cluster/apiServer.ts";
import { readCluster } from "../../../operate/cluster/readCluster.ts";
import { serveApi } from "../../support/apiServerStandIn.ts";
import type { ApiServerStandIn } from "../../support/apiServerStandIn.ts";
import type { Reply } from "../../support/jsonServer.ts";

let standIn: ApiServerStandIn;
let reply: (path: string) => Reply | undefined;

beforeEach(async () => {
  standIn = await serveApi(({ path }) => reply(path));
});

afterEach(async () => {
  await standIn.stop();
});

function api(): Promise<ApiServer> {
  return ApiServer.of({ kubeconfig: standIn.kubeconfig });
}

test("reads every page, and completes the items of a list", async () => {
  reply = (path) => {
    const first = !path.includes("continue=");
    const items = [{ metadata: { name: first ? "a" : "b" } }];
    return { body: { metadata: first ? { continue: "t/1" } : {}, items } };
  };
  const state = await readCluster(await api(), ["Namespace"]);
  expect(standIn.asked.map(({ path }) => path)).toEqual([
    "/api/v1/namespaces?limit=500",
    "/api/v1/namespaces?limit=500&continue=t%2F1",
  ]);
  const object = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  expect(state.all("Namespace")).toEqual([object("a"), object("b")]);
  expect(state.from).toBe("context prod");
});

test("a kind that is not installed is empty, and one without the right to list is not read", async () => {
  reply = (path) => ({
    status: path.startsWith("/apis/networking.istio.io") ? 404 : 403,
    body: { kind: "Status", message: "no" },
  });
  const state = await readCluster(await api(), ["networking.istio.io/Sidecar", "Secret"]);
  expect(state.all("networking.istio.io/Sidecar")).toEqual([]);
  expect(state.notRead("Secret")).toEqual({
    reason: "The cluster does not let you list secrets.",
    fix: "Ask for the right to list secrets, such as the role Azure Kubernetes Service RBAC Writer.",
  });
});

test.each<[string, Reply, string | undefined]>([
  ["the version", { body: { versions: [{ version: "v1beta2" }, { version: "v1" }] } }, undefined],
  [
    "other versions",
    { body: { versions: [{ version: "v1beta1" }, { version: "v1alpha3" }] } },
    "The cluster has networking.istio.io only in the versions v1beta1, v1alpha3, not in v1.",
  ],
  [
    "a refusal",
    { status: 403, body: {} },
    "The cluster does not say which versions of networking.istio.io it has: status 403.",
  ],
])("a kind that is not found in a group with %s", async (_, group, reason) => {
  reply = (path) =>
    path === "/apis/networking.istio.io" ? group : { status: 404, body: "404 page not found" };
  const kind = "networking.istio.io/Sidecar";
  expect((await readCluster(await api(), [kind])).notRead(kind)?.reason).toBe(reason);
});

test.each([
  "Pod",
  "apps/Deployment",
  "policy/PodDisruptionBudget",
  "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  "apiextensions.k8s.io/CustomResourceDefinition",
] as const)("%s, which every cluster has, is not empty because it is not found", async (kind) => {
  reply = () => ({ status: 404, body: "404 page not found" });
  expect((await readCluster(await api(), [kind])).notRead(kind)?.reason).toMatch(/: status 404\.$/);
});

test.each<[string, object | string, string]>([
  ["a page of a proxy", "<html>Sign in</html>", "its answer is not JSON"],
  ["half an answer", '{"items": [{"metadata": {"na', "its answer is not JSON"],
  ["nothing", "", "its answer is not a list"],
  [
    "an error without its status",
    { kind: "Status", status: "Failure" },
    "its answer is not a list",
  ],
  ["an array", [], "its answer is not a list"],
  ["no items", { items: "none" }, "its answer is not a list"],
  ["null among the items", { items: [null] }, "an object of the list has no metadata.name"],
  [
    "an item without a name",
    { items: [{ metadata: {} }] },
    "an object of the list has no metadata.name",
  ],
  [
    "labels that are no texts",
    { items: [{ metadata: { name: "a", labels: { a: 1 } } }] },
    "an object of the list has no valid metadata.labels",
  ],
  [
    "an owner without a name, and a number as the namespace",
    { items: [{ metadata: { name: "a", namespace: 1, ownerReferences: [{ kind: "X" }] } }] },
    "an object of the list has no valid metadata.namespace and metadata.ownerReferences",
  ],
  ["a page that follows itself", { metadata: { continue: "t" }, items: [] }, "its pages repeat"],
])("a list is not read if the server answers with %s", async (_, body, why) => {
  reply = () => ({ body });
  expect((await readCluster(await api(), ["Pod"])).notRead("Pod")?.reason).toBe(
    `The cluster could not list pods: ${why}.`,
  );
});

test("null is the same as nothing", async () => {
  reply = () => ({ body: { metadata: { continue: null }, items: null } });
  expect((await readCluster(await api(), ["Pod"])).all("Pod")).toEqual([]);
  const metadata = { name: "a", namespace: null, labels: null, annotations: null };
  reply = () => ({ body: { items: [{ metadata, spec: null }] } });
  expect((await readCluster(await api(), ["Pod"])).all("Pod")).toEqual([
    { apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec: null },
  ]);
});

test("does not wait for longer than a minute", async () => {
  reply = () => ({ status: 429, headers: { "Retry-After": "61" }, body: { message: "busy" } });
  expect((await readCluster(await api(), ["Pod"])).notRead("Pod")?.reason).toBe(
    "The cluster could not list pods: busy.",
  );
  expect(standIn.asked).toHaveLength(1);
});

test("kinds with the same reason are one observation", async () => {
  reply = (path) => ({
    status: path.includes("services") ? 500 : 403,
    body: { message: "etcd is down" },
  });
  const state = await readCluster(await api(), ["Pod", "Service", "Secret"]);
  const said = state.whenRead("proxies", ["Pod", "Service", "Secret"], () => []);
  expect(said.map(({ subject, message, fix }) => [subject, message, fix])).toEqual([
    [
      "Pod and Secret",
      "The cluster does not let you list pods and secrets.",
      "Ask for the right to list them, such as the role Azure Kubernetes Service RBAC Writer.",
    ],
    ["Service", "The cluster could not list services: etcd is down.", "Try again."],
  ]);
});

test("asks again while the server is busy, and gives up on other errors", async () => {
  reply = () =>
    standIn.asked.length < 3
      ? { status: 429, headers: { "Retry-After": "0" }, body: {} }
      : { body: { items: [] } };
  expect((await readCluster(await api(), ["Pod"])).all("Pod")).toEqual([]);
  expect(standIn.asked).toHaveLength(3);
  reply = () => ({ status: 500, body: { message: "etcd is down" } });
  expect((await readCluster(await api(), ["Pod"])).notRead("Pod")?.reason).toBe(
    "The cluster could not list pods: etcd is down.",
  );
  expect(standIn.asked).toHaveLength(4);
});

test("says which credentials are refused, and which cluster cannot be reached", async () => {
  reply = () => ({ status: 401, body: {} });
  const refused = readCluster(await api(), ["Pod"]);
  await expect(refused).rejects.toThrow(/context "prod" refuses the credentials/);
  reply = () => undefined;
  const unreachable = readCluster(await api(), ["Pod"]);
  await expect(unreachable).rejects.toThrow(AccessError);
  await expect(unreachable).rejects.toThrow(/context "prod" cannot be reached: socket hang up/);
});

test("says that there is no kubeconfig", async () => {
  vi.stubEnv("KUBECONFIG", "");
  vi.stubEnv("HOME", dirname(standIn.kubeconfig));
  const message =
    "There is no kubeconfig: KUBECONFIG names none, and ~/.kube/config does not exist. Run az aks get-credentials, or name a file with --kubeconfig.";
  await expect(ApiServer.of({})).rejects.toThrow(message);
  await expect(ApiServer.of({ context: "prod" })).rejects.toThrow(message);
  await expect(ApiServer.contexts({})).rejects.toThrow(message);
  vi.stubEnv("KUBECONFIG", standIn.kubeconfig);
  expect(await ApiServer.contexts({})).toEqual(["prod"]);
  vi.unstubAllEnvs();
});

test("says which contexts a kubeconfig has", async () => {
  const { kubeconfig } = standIn;
  await expect(ApiServer.of({ kubeconfig, context: "dev" })).rejects.toThrow(
    'The kubeconfig has no context "dev". It has: prod.',
  );
  await expect(ApiServer.of({ kubeconfig: join(kubeconfig, "none") })).rejects.toThrow(
    /cannot be read/,
  );
});

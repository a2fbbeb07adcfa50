import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AccessError } from "../../operate/accessError.ts";
import { readSnapshot } from "../../operate/snapshot.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "snapshot-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "web-1", namespace: "orders" } };
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "orders" } };
const list = (...items: readonly object[]) => ({ apiVersion: "v1", kind: "List", items });
const aks = {
  type: "Microsoft.ContainerService/ManagedClusters",
  name: "orders",
  serviceMeshProfile: { mode: "Istio" },
};

test("reads lists of kubectl and the cluster of az aks show", () => {
  const { state, managedCluster } = readSnapshot(
    [file("objects.json", list(pod, namespace)), file("aks.json", aks)],
    false,
  );
  expect(state.all("Pod")).toEqual([pod]);
  expect(state.all("Namespace")).toEqual([namespace]);
  expect(managedCluster).toEqual(aks);
});

test("reads documents in YAML, and nested lists", () => {
  const yaml = `apiVersion: v1\nkind: Namespace\nmetadata: {name: orders}\n---\n${JSON.stringify(pod)}\n`;
  expect(readSnapshot([file("a.yaml", yaml)], false).state.all("Pod")).toEqual([pod]);
  const nested = readSnapshot([file("b.json", list(list(pod)))], false);
  expect(nested.state.all("Pod")).toEqual([pod]);
});

test("a kind that the files lack was not read, unless they are complete", () => {
  const path = file("objects.json", list(namespace));
  expect(readSnapshot([path], true).state.all("Pod")).toEqual([]);
  const { state } = readSnapshot([path], false);
  const reason = "The files contain no Pod.";
  const fix =
    "Add the output of kubectl get pods -A -o json, or pass --complete if the cluster has none.";
  expect(state.notRead("Pod")).toEqual({ reason, fix });
  expect(() => state.all("Pod")).toThrow("Pod was not read.");
  expect(state.whenRead("proxies", ["Namespace", "Pod"], () => [])).toEqual([
    { check: "proxies", outcome: "unchecked", subject: "Pod", message: reason, fix },
  ]);
});

test("Secrets that the files lack were not read, also if they are complete", () => {
  const { state } = readSnapshot([file("objects.json", list(namespace))], true);
  expect(state.notRead("Secret")).toEqual({
    reason: "The files contain no Secret.",
    fix: "Leave out what needs Secrets, or add the output of kubectl get secrets -A -o json, without private keys.",
  });
  const secret = { ...pod, kind: "Secret" };
  const path = file("secrets.json", list(secret));
  expect(readSnapshot([path], true).state.all("Secret")).toHaveLength(1);
});

test("kinds that the files lack are one observation, with one command", () => {
  const { state } = readSnapshot([file("objects.json", list(namespace))], false);
  const kinds = ["Pod", "networking.istio.io/Gateway", "Namespace", "batch/Job"] as const;
  expect(state.whenRead("proxies", kinds, () => [])).toEqual([
    {
      check: "proxies",
      outcome: "unchecked",
      subject: "Pod, Gateway (networking.istio.io) and Job",
      message: "The files contain no Pod, Gateway (networking.istio.io) or Job.",
      fix: "Add the output of kubectl get pods,gateways.networking.istio.io,jobs.batch -A -o json, or pass --complete if the cluster has none.",
    },
  ]);
});

test("kinds of one name in different groups stay apart, and versions of a group do not", () => {
  const gateway = (apiVersion: string) => ({ ...pod, apiVersion, kind: "Gateway" });
  const istio = gateway("networking.istio.io/v1beta1");
  const standard = gateway("gateway.networking.k8s.io/v1");
  const { state } = readSnapshot([file("a.json", list(istio, standard))], false);
  expect(state.all("networking.istio.io/Gateway")).toEqual([istio]);
  expect(state.all("gateway.networking.k8s.io/Gateway")).toEqual([standard]);
});

test("reads what Azure offers, as az prints it", () => {
  const upgrades = { revision: "asm-1-29", upgrades: ["asm-1-30"], compatibleWith: [] };
  const revisions = { meshRevisions: [{ ...upgrades, upgrades: null }] };
  const { state, ...snapshot } = readSnapshot(
    [file("upgrades.json", upgrades), file("revisions.json", revisions), file("aks.json", aks)],
    true,
  );
  expect(state.all("Pod")).toEqual([]);
  expect(snapshot).toEqual({
    managedCluster: aks,
    meshUpgrades: { revision: "asm-1-29", upgrades: ["asm-1-30"], kubernetes: {} },
    meshRevisions: [{ revision: "asm-1-29", upgrades: [], kubernetes: {} }],
  });
  expect(() => readSnapshot([file("1.json", upgrades), file("2.json", upgrades)], true)).toThrow(
    /1\.json and .*2\.json are of different clusters/,
  );
});

test("refuses what is none of these, and two clusters", () => {
  const refused = (content: unknown) => () => readSnapshot([file("x.json", content)], false);
  expect(refused({ name: "orders" })).toThrow(AccessError);
  expect(refused({ name: "orders" })).toThrow(/x\.json contains something other than objects/);
  expect(refused("no manifest")).toThrow(/x\.json has no Kubernetes objects/);
  expect(refused({ ...aks, properties: {} })).toThrow(/something other than objects/);
  expect(() => readSnapshot([join(folder, "none.json")], false)).toThrow(/cannot be read: ENOENT/);
  expect(() => readSnapshot([file("1.json", aks), file("2.json", aks)], false)).toThrow(
    /1\.json and .*2\.json are of different clusters/,
  );
});

test.each<[string, object, RegExp]>([
  [
    "the first part of a list",
    { ...list(pod), metadata: { continue: "t" } },
    /only the first part/,
  ],
  [
    "a list without items",
    { apiVersion: "v1", kind: "PodList" },
    /: PodList has no metadata\.name/,
  ],
  ["null in a list", { ...list(), items: [null] }, /: an item has no apiVersion/],
  [
    "a label that is no text",
    { ...pod, metadata: { ...pod.metadata, labels: { a: true } } },
    /: Pod web-1 has no valid metadata\.labels/,
  ],
])("refuses %s", (_, content, message) => {
  expect(() => readSnapshot([file("x.json", content)], true)).toThrow(message);
});

test("an object that several files have is one, and another of its name is of another cluster", () => {
  const of = (uid: string) => ({ ...namespace, metadata: { name: "orders", uid } });
  const [one, same, other] = ["a", "a", "b"].map((uid, i) => file(`${i}.json`, list(of(uid))));
  const read = (...files: readonly (string | undefined)[]) =>
    readSnapshot(files as readonly string[], false).state.all("Namespace");
  expect(read(one, same)).toEqual([of("a")]);
  expect(() => read(one, other)).toThrow(
    /2\.json has another Namespace orders than the rest: they are of different clusters/,
  );
});

test("null is the same as nothing, as az writes it", () => {
  const istio = { components: { egressGateways: null, ingressGateways: [{ mode: null }] } };
  const cluster = { ...aks, powerState: null, serviceMeshProfile: { mode: "Istio", istio } };
  const nulls = { ...pod, metadata: { ...pod.metadata, labels: null, ownerReferences: null } };
  const files = [file("aks.json", cluster), file("pod.json", list(nulls))];
  const { state, managedCluster } = readSnapshot(files, false);
  expect(managedCluster).toEqual({
    ...aks,
    serviceMeshProfile: { mode: "Istio", istio: { components: { ingressGateways: [{}] } } },
  });
  expect(state.all("Pod")).toEqual([pod]);
});

import { describe, expect, test } from "vitest";
import { toManifests } from "../../cli/manifests.ts";
import type { PlannedResource } from "../../local/plan.ts";
import { UNKNOWN, secret } from "../../local/values.ts";
import type { Properties } from "../../local/values.ts";
import { plan, resource, stack } from "../support/plan.ts";
import type { Given } from "../support/plan.ts";

const blue = resource({ type: "pulumi:providers:kubernetes", name: "blue" });
const referenceTo = ({ urn }: PlannedResource) => `${urn}::${UNKNOWN}`;

/** A Kubernetes object of the cluster blue. */
function object(kind: string, inputs: Properties, more: Partial<Given> = {}): PlannedResource {
  return resource({
    type: `kubernetes:core/v1:${kind}`,
    name: kind.toLowerCase(),
    provider: referenceTo(blue),
    inputs: { apiVersion: "v1", kind, ...inputs },
    ...more,
  });
}
const named = (name: string, namespace?: string): Properties => ({
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});
const paths = (resources: readonly PlannedResource[]) =>
  toManifests(plan(resources)).manifests.map(({ path }) => path);

describe("which objects", () => {
  const group = resource({
    type: "azure-native:resources:ResourceGroup",
    name: "group",
    inputs: { apiVersion: "v1", kind: "Imposter" },
  });
  const component = resource({
    type: "kubernetes:yaml/v2:ConfigGroup",
    name: "files",
    custom: false,
  });
  const provider = { ...blue, inputs: { apiVersion: "v1", kind: "Imposter" } };

  test("are those of Kubernetes, in the order of the plan", () => {
    expect(
      paths([
        stack(),
        group,
        provider,
        component,
        object("Namespace", named("shop")),
        object("Service", named("web", "shop")),
        object("ConfigMap", named("a", "shop")),
      ]),
    ).toEqual(["1-namespace-shop.yaml", "2-service-shop-web.yaml", "3-configmap-shop-a.yaml"]);
  });

  test("that only a provider can expand are noted", () => {
    const release = object(
      "Release",
      {},
      { type: "kubernetes:helm.sh/v3:Release", name: "istiod" },
    );
    const { manifests, notes } = toManifests(
      plan([{ ...release, inputs: { chart: "istiod" } }, object("Namespace", named("shop"))]),
    );
    expect(manifests.map(({ path }) => path)).toEqual(["1-namespace-shop.yaml"]);
    expect(notes).toEqual([
      "kubernetes:helm.sh/v3:Release istiod is left out: only its provider can expand it.",
    ]);
  });

  test("in a list stand for themselves", () => {
    const item = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", ...named(name) });
    const list = object("List", {
      kind: "ConfigMapList",
      items: [item("a"), item("b"), "no object"],
    });
    expect(toManifests(plan([list])).manifests).toEqual([
      { path: "1-configmap-a.yaml", object: item("a") },
      { path: "2-configmap-b.yaml", object: item("b") },
    ]);
  });
});

describe("paths", () => {
  test("sort as the objects do, however many there are", () => {
    const many = Array.from({ length: 100 }, (_, i) => object("ConfigMap", named(`c${i}`)));
    const all = paths(many);
    expect(all[0]).toBe("001-configmap-c0.yaml");
    expect(all[99]).toBe("100-configmap-c99.yaml");
    expect([...all].sort()).toEqual(all);
  });

  test("name a cluster where there are several", () => {
    const green = resource({ type: "pulumi:providers:kubernetes", name: "Green/1" });
    expect(
      paths([
        object("Namespace", named("a")),
        object("Namespace", named("b"), { provider: referenceTo(green) }),
        object("Namespace", named("c"), { provider: "" }),
      ]),
    ).toEqual([
      "blue/1-namespace-a.yaml",
      "green-1/2-namespace-b.yaml",
      "default/3-namespace-c.yaml",
    ]);
  });

  test.each(["..", "../..", "/etc", "."])("do not lead out of their directory: %s", (name) => {
    const hostile = resource({ type: "pulumi:providers:kubernetes", name });
    const [, second = ""] = paths([
      object("Namespace", named("a")),
      object("Namespace", named("../../b"), { provider: referenceTo(hostile) }),
    ]);
    expect(second).toMatch(/^[a-z0-9-][a-z0-9.-]*\/2-namespace-\.\.-\.\.-b\.yaml$/);
  });

  test("leave out names that nobody knows yet", () => {
    expect(paths([object("Service", { metadata: { name: UNKNOWN, namespace: "shop" } })])).toEqual([
      "1-service-shop.yaml",
    ]);
    expect(paths([object("Service", {})])).toEqual(["1-service.yaml"]);
  });
});

describe("what is not written", () => {
  const { manifests, notes } = toManifests(
    plan([
      object("Secret", {
        metadata: { name: "token", labels: { group: UNKNOWN } },
        stringData: secret({ token: "hunter2" }),
        list: [{ deep: secret("hunter2") }, UNKNOWN],
      }),
      object("Namespace", { metadata: { labels: { a: "b" } } }),
      object("Job", { metadata: { generateName: "job-" } }),
    ]),
  );

  test("says so in its place", () => {
    expect(manifests[0]?.object).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "token", labels: { group: "[unknown]" } },
      stringData: "[secret]",
      list: [{ deep: "[secret]" }, "[unknown]"],
    });
  });

  test("is noted, with its path", () => {
    expect(notes).toEqual([
      "Secret secret: stringData is a secret and is not written.",
      "Secret secret: list[0].deep is a secret and is not written.",
      "Secret secret: metadata.labels.group is known only after a deployment.",
      "Secret secret: list[1] is known only after a deployment.",
      "Namespace namespace: has no metadata.name; a deployment chooses one.",
    ]);
  });
});

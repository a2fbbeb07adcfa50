import { describe, expect, test } from "vitest";
import { toManifests } from "../../../cli/manifests/manifests.ts";
import type { PlannedResource } from "../../../offline/plan/plan.ts";
import { UNKNOWN, markSecret } from "../../../offline/plan/values.ts";
import type { Properties } from "../../../offline/plan/values.ts";
import { plan, resource, stack } from "../../support/plan.ts";
import type { Given } from "../../support/plan.ts";

const blue = resource({ type: "pulumi:providers:kubernetes", name: "blue" });
const referenceTo = ({ urn }: PlannedResource) => `${urn}::${UNKNOWN}`;

/** A Kubernetes object on the cluster "blue". */
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

describe("the objects", () => {
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

  test("are the Kubernetes objects, in the order of the plan", () => {
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

  test("that only a provider can expand are reported", () => {
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
      "kubernetes:helm.sh/v3:Release istiod was left out: only its provider can expand it.",
    ]);
  });

  test("that only a provider reads from files are reported", () => {
    const files = resource({ type: "kubernetes:yaml/v2:ConfigFile", name: "crds", custom: false });
    const chart = resource({ type: "kubernetes:helm.sh/v4:Chart", name: "istio", custom: false });
    const kept = resource({ type: "kubernetes:yaml/v2:ConfigGroup", name: "own", custom: false });
    const child = object("Namespace", named("shop"), { parent: kept });
    const empty = resource({ type: "kubernetes:yaml/v2:ConfigGroup", name: "none", custom: false });
    const notJudged = [files, chart].map(({ urn }) => ({ what: "", reason: "", urn }));
    const resources = [files, chart, kept, child, empty];
    expect(toManifests(plan(resources, { notJudged })).notes).toEqual([
      "kubernetes:yaml/v2:ConfigFile crds was left out: only its provider can expand it.",
      "kubernetes:helm.sh/v4:Chart istio was left out: only its provider can expand it.",
    ]);
  });

  test("in lists are expanded, also in nested lists", () => {
    const item = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", ...named(name) });
    const inner = { apiVersion: "v1", kind: "ConfigMapList", items: [named("b"), "no object"] };
    const list = object("List", { kind: "List", items: [item("a"), inner] });
    expect(toManifests(plan([list]))).toEqual({
      manifests: [
        { path: "1-configmap-a.yaml", object: item("a") },
        { path: "2-configmap-b.yaml", object: item("b") },
      ],
      problems: ["List list: items[1] is not an object."],
      notes: [],
    });
  });

  test("include patches, in a separate folder", () => {
    const patch = object("Service", named("gateway", "aks-istio-ingress"), {
      type: "kubernetes:core/v1:ServicePatch",
      name: "patch",
    });
    const custom = object("EnvoyPatch", named("a"), {
      type: "kubernetes:example.com/v1:EnvoyPatch",
    });
    expect(paths([patch, custom])).toEqual([
      "patches/1-service-aks-istio-ingress-gateway.yaml",
      "2-envoypatch-a.yaml",
    ]);
  });
});

describe("paths", () => {
  test("sort as the objects do, regardless of their number", () => {
    const many = Array.from({ length: 100 }, (_, i) => object("ConfigMap", named(`c${i}`)));
    const all = paths(many);
    expect(all[0]).toBe("001-configmap-c0.yaml");
    expect(all[99]).toBe("100-configmap-c99.yaml");
    expect([...all].sort()).toEqual(all);
  });

  test("name the cluster if there are several", () => {
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

  test.each(["..", "../..", "/etc", "."])("stay within their directory: %s", (name) => {
    const hostile = resource({ type: "pulumi:providers:kubernetes", name });
    const [, second = ""] = paths([
      object("Namespace", named("a")),
      object("Namespace", named("../../b"), { provider: referenceTo(hostile) }),
    ]);
    expect(second).toMatch(/^[a-z0-9-][a-z0-9.-]*\/2-namespace-\.\.-\.\.-b\.yaml$/);
  });

  test("keep two clusters apart whose names differ only in characters that a path cannot contain", () => {
    const [one, other] = ["a/b", "a.b", "A-b"].map((name) =>
      resource({ type: "pulumi:providers:kubernetes", name }),
    ) as [PlannedResource, PlannedResource];
    const third = resource({ type: "pulumi:providers:kubernetes", name: "A-b" });
    expect(
      paths(
        [one, other, third].map((cluster) =>
          object("Namespace", named("x"), { provider: referenceTo(cluster) }),
        ),
      ),
    ).toEqual(["a-b/1-namespace-x.yaml", "a.b/2-namespace-x.yaml", "a-b-2/3-namespace-x.yaml"]);
  });

  test("are at most 255 characters per name", () => {
    const [path = ""] = paths([object("ConfigMap", named("a".repeat(253), "b".repeat(63)))]);
    expect(path).toHaveLength(255);
    expect(path).toMatch(/^1-configmap-b{63}-a+\.yaml$/);
    const cluster = resource({ type: "pulumi:providers:kubernetes", name: "c".repeat(300) });
    const [folder = ""] = paths([
      object("Namespace", named("a"), { provider: referenceTo(cluster) }),
      object("Namespace", named("a")),
    ]);
    expect(folder.split("/")[0]?.length).toBeLessThanOrEqual(255);
  });

  test("leave out unknown names", () => {
    expect(paths([object("Service", { metadata: { name: UNKNOWN, namespace: "shop" } })])).toEqual([
      "1-service-shop.yaml",
    ]);
    expect(paths([object("Service", {})])).toEqual(["1-service.yaml"]);
  });
});

describe("an object that cannot be applied", () => {
  const { manifests, problems } = toManifests(
    plan([
      object("Secret", {
        metadata: { name: "token", labels: { group: UNKNOWN } },
        stringData: markSecret({ token: "hunter2" }),
        list: [{ deep: markSecret("hunter2") }, UNKNOWN],
      }),
      object("Namespace", { metadata: { labels: { a: "b" } } }),
      object("Job", { metadata: { generateName: "job-" } }),
    ]),
  );

  test("contains a comment that says so", () => {
    expect(manifests[0]?.object).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "token", labels: { group: "[unknown]" } },
      stringData: "[secret]",
      list: [{ deep: "[secret]" }, "[unknown]"],
    });
  });

  test("is a problem, with its path", () => {
    expect(problems).toEqual([
      "Secret secret: stringData is a secret, so it is not written.",
      "Secret secret: list[0].deep is a secret, so it is not written.",
      "Secret secret: metadata.labels.group is known only after deployment.",
      "Secret secret: list[1] is known only after deployment.",
      "Namespace namespace: has no metadata.name; Pulumi generates one when it deploys.",
      "Job job: has no metadata.name; Pulumi generates one when it deploys.",
    ]);
  });

  test("has a secret, in any form and whether or not it is marked", () => {
    const content = { data: { a: "cGxhbnRlZA==" }, stringData: { b: "planted" } };
    const inClear = { apiVersion: "v1", kind: "Secret", ...named("a"), ...content };
    const custom = resource({
      type: "kubernetes:v1:Secret",
      name: "custom",
      provider: referenceTo(blue),
      inputs: inClear,
    });
    const list = object("List", { kind: "SecretList", items: [{ ...named("b"), ...content }] });
    const result = toManifests(plan([custom, list]));
    expect(JSON.stringify(result)).not.toMatch(/planted|cGxhbnRlZA/);
    expect(result.problems).toEqual(
      ["Secret custom", "List list"].flatMap((name) => [
        `${name}: data is a secret, so it is not written.`,
        `${name}: stringData is a secret, so it is not written.`,
      ]),
    );
    // An empty one, and one of another kind with the same name.
    const empty = object("Secret", { ...named("c"), type: "Opaque" });
    const other = object(
      "Secret",
      { ...named("d"), ...content },
      { type: "kubernetes:x.y/v1:Secret" },
    );
    const foreign = { ...other, inputs: { ...other.inputs, apiVersion: "x.y/v1" } };
    expect(toManifests(plan([empty, foreign])).problems).toEqual([]);
  });

  test("is in a list, and is secret or has no kind", () => {
    const list = object("List", { kind: "List", items: [markSecret(named("a")), named("b")] });
    expect(toManifests(plan([list])).problems).toEqual([
      "List list: items[0] is not an object.",
      "List list: one of its items has no apiVersion or kind.",
    ]);
  });

  test("is a duplicate, in any version", () => {
    const route = (version: string, name: string, namespace = "shop") =>
      object("Route", named("a", namespace), {
        type: `kubernetes:x.y/${version}:Route`,
        name,
        inputs: { apiVersion: `x.y/${version}`, kind: "Route", ...named("a", namespace) },
      });
    expect(
      toManifests(plan([route("v1", "one"), route("v1beta1", "two"), route("v1", "three", "b")]))
        .problems,
    ).toEqual(["Route two: is the same object as Route one."]);
  });
});

import { describe, expect, test } from "vitest";
import { ADMINISTRATOR, LEAST, accepted, problemsOf, withKey } from "../support/settings.ts";

const BOTH =
  "aks-istio:access.administrators: has no effect with adminGroupId, whose members administer the cluster; remove one of the two";
const NEITHER =
  "aks-istio:access.administrators: missing; must list the object IDs of the cluster's administrators, including the identity that runs pulumi up; or set adminGroupId to the object ID of an Entra group that contains them";

describe("the administrators of the cluster", () => {
  const access = (fields: object) => ({ ...LEAST, "aks-istio:access": fields });

  test("may be an existing group", () => {
    expect(accepted(access({ adminGroupId: ADMINISTRATOR })).access).toEqual({
      adminGroupId: ADMINISTRATOR,
      kubelogin: "azurecli",
    });
  });

  test.each([
    ["empty", {}, [NEITHER]],
    [
      "a group and its members",
      { administrators: [ADMINISTRATOR], adminGroupId: ADMINISTRATOR },
      [BOTH],
    ],
  ])("must not be %s", (_, fields, lines) => {
    expect(problemsOf(access(fields))).toEqual(lines);
  });

  test("must not be a group by its name", () => {
    expect(problemsOf(access({ adminGroupId: "platform" }))).toEqual([
      'aks-istio:access.adminGroupId: found "platform"; must be the object ID, a GUID, of a user, group or service principal in Entra ID; `az ad signed-in-user show --query id` prints yours',
    ]);
  });
});

describe("tags", () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, "x"]));
  const tags = (value: unknown) => problemsOf({ ...LEAST, "aks-istio:tags": value });

  test("must be valid for ARM", () => {
    expect(tags({ ["a".repeat(512)]: "b".repeat(256), "cost center": "" })).toEqual([]);
    const rule =
      "the name of a tag must be at most 512 characters long and must not contain any of < > % & \\ ? /";
    expect(tags({ ["a".repeat(513)]: "", "a/b": "", "": "" })).toEqual([
      `aks-istio:tags.${"a".repeat(513)}: ${rule}`,
      `aks-istio:tags[""]: ${rule}`,
      `aks-istio:tags["a/b"]: ${rule}`,
    ]);
    expect(tags({ a: "b".repeat(257), c: 1 })).toEqual([
      `aks-istio:tags.a: found "${"b".repeat(38)}…${"b".repeat(39)}"; must be the value of a tag, up to 256 characters long`,
      "aks-istio:tags.c: found 1; must be the value of a tag, in quotes",
    ]);
  });

  test("are limited to what the resources support", () => {
    expect(tags(many(50))).toEqual([]);
    expect(tags(many(51))).toEqual(["aks-istio:tags: must have at most 50 tags, but has 51"]);
    const withCa = (count: number) =>
      problemsOf({
        ...withKey("certificates", { since: "creation", network: { defaultAction: "Allow" } }),
        "aks-istio:tags": many(count),
      });
    expect(withCa(15)).toEqual([]);
    expect(withCa(16)).toEqual([
      "aks-istio:tags: must have at most 15 tags, the limit for secrets in Key Vault, but has 16",
    ]);
  });
});

describe("the cluster's names and registries", () => {
  const REGISTRY =
    "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/shared/providers/Microsoft.ContainerRegistry/registries/acmeshop";

  test("are accepted up to Azure's maximum length", () => {
    const fields = {
      name: "a".repeat(54),
      resourceGroup: `${"r".repeat(89)})`,
      containerRegistryIds: [REGISTRY],
    };
    const { clusterName, resourceGroup, containerRegistryIds } = accepted(
      withKey("cluster", fields),
    ).cluster;
    expect({ name: clusterName, resourceGroup, containerRegistryIds }).toEqual(fields);
  });

  test.each([
    [
      "name",
      "a".repeat(55),
      "must be the name of the cluster: up to 54 letters, digits and hyphens, with a letter or digit at both ends",
    ],
    [
      "name",
      "aks_payments",
      "must be the name of the cluster: up to 54 letters, digits and hyphens, with a letter or digit at both ends",
    ],
    [
      "resourceGroup",
      "r".repeat(91),
      "must be the name of an existing resource group: up to 90 letters, digits, . _ - ( and ), not ending with a period",
    ],
    [
      "resourceGroup",
      "rg.",
      "must be the name of an existing resource group: up to 90 letters, digits, . _ - ( and ), not ending with a period",
    ],
  ])("must not be %s: %j", (key, value, rule) => {
    const [line = "", ...more] = problemsOf(withKey("cluster", { [key]: value }));
    expect(more).toEqual([]);
    expect(line).toMatch(new RegExp(`^aks-istio:cluster\\.${key}: found ".*; `));
    expect(line.endsWith(`; ${rule}`)).toBe(true);
  });
});

describe("a namespace's own labels, annotations and quota", () => {
  const shop = (fields: object) =>
    problemsOf({ ...LEAST, "aks-istio:namespaces": { shop: fields } });

  test("are accepted unchanged", () => {
    const fields = {
      labels: { team: "shop", "example.com/tier": "" },
      annotations: { "example.com/contact": "#shop" },
      quota: {
        "requests.cpu": "8",
        "limits.memory": "16Gi",
        pods: "50",
        "requests.storage": "1.5T",
      },
    };
    const { namespaces } = accepted({ ...LEAST, "aks-istio:namespaces": { shop: fields } });
    expect(namespaces["shop"]).toMatchObject(fields);
  });

  test.each([
    "istio-injection",
    "istio.io/rev",
    "istio.io/dataplane-mode",
    "sidecar.istio.io/inject",
    "aks-istio/mesh",
    "pod-security.kubernetes.io/enforce",
    "kubernetes.azure.com/managedby",
    "control-plane",
  ])("must not include the label %s", (label) => {
    const path = /^[\w-]+$/.test(label) ? `.${label}` : `["${label}"]`;
    expect(shop({ labels: { [label]: "x" } })).toEqual([
      `aks-istio:namespaces.shop.labels${path}: is reserved for the mesh and pod security; set mesh and podSecurity instead, and remove it`,
    ]);
  });

  test("have names and values that Kubernetes allows", () => {
    const rule =
      "the name must be up to 63 letters, digits, - _ and ., after an optional domain and /";
    expect(shop({ labels: { ["a".repeat(63)]: "b".repeat(63) } })).toEqual([]);
    expect(shop({ annotations: { ["a".repeat(64)]: "", "a/b/c": "" } })).toEqual([
      `aks-istio:namespaces.shop.annotations.${"a".repeat(64)}: ${rule}`,
      `aks-istio:namespaces.shop.annotations["a/b/c"]: ${rule}`,
    ]);
    expect(shop({ labels: { team: "b".repeat(64) }, quota: { pods: 50, cpu: "8 cores" } })).toEqual(
      [
        `aks-istio:namespaces.shop.labels.team: found "${"b".repeat(64)}"; must be the value of a label: at most 63 letters, digits, - _ and .`,
        'aks-istio:namespaces.shop.quota.cpu: found "8 cores"; must be a quantity, such as "8", "500m" or "16Gi"',
        'aks-istio:namespaces.shop.quota.pods: found 50; must be a quantity, such as "8", "500m" or "16Gi", in quotes',
      ],
    );
  });
});

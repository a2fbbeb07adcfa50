import { describe, expect, test } from "vitest";
import { meshconfigNoLeftover } from "../../../../policy/rules/meshconfig/meshconfig-no-leftover.ts";
import { meshconfigPerRevision } from "../../../../policy/rules/meshconfig/meshconfig-per-revision.ts";
import {
  UNKNOWN,
  cluster,
  kubeconfigOf,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

/** The rule, and its companion about mistakes that no API rejects. */
const RULES = [meshconfigPerRevision, meshconfigNoLeftover];

const SYSTEM = "aks-istio-system";
const PREFIX = "istio-shared-configmap";

/** A stack with a cluster that runs revisions, and objects on it. */
async function messages(
  revisions: unknown,
  objects: (by: Fixture) => readonly Fixture[],
  options?: Run,
) {
  const of = cluster({ serviceMeshProfile: { mode: "Istio", istio: { revisions } } });
  const by = kubernetes(of);
  return (await run(RULES, [of, by, ...objects(by)], options)).map(({ level, message, when }) => [
    level,
    message,
    when,
  ]);
}

function configMap(by: Fixture | undefined, name: unknown, where: unknown = SYSTEM): Fixture {
  const metadata = { name, namespace: where };
  return object(by, "core/v1", "ConfigMap", { metadata }, String(name));
}

const of =
  (...revisions: string[]) =>
  (by: Fixture) =>
    revisions.map((revision) => configMap(by, `${PREFIX}-${revision}`));

describe("meshconfig-per-revision", () => {
  test.each<[string, unknown, string[]]>([
    ["none", ["asm-1-29", "asm-1-30"], []],
    ["one for the one revision", ["asm-1-30"], ["asm-1-30"]],
    ["one for each", ["asm-1-29", "asm-1-30"], ["asm-1-29", "asm-1-30"]],
    ["one for the revision that starts next", ["asm-1-29"], ["asm-1-29", "asm-1-30"]],
    ["revisions that AKS chooses", undefined, ["asm-1-30"]],
  ])("accepts %s", async (_, revisions, names) => {
    expect(await messages(revisions, of(...names))).toEqual([]);
  });

  test("reports a revision without a ConfigMap, once the whole stack is known", async () => {
    expect(await messages(["asm-1-29", "asm-1-30"], of("asm-1-29"))).toEqual([
      [
        "violation",
        `ConfigMap "${PREFIX}-asm-1-29": ManagedCluster "orders" also runs asm-1-30, which has no ConfigMap ${PREFIX}-asm-1-30 and so runs with other settings. Create it with the same data, or set configMapsElsewhere of this rule if something else creates it.`,
        "late",
      ],
    ]);
    expect(await messages(["asm-1-29", "asm-1-30"], of("asm-1-30"))).toHaveLength(1);
  });

  test("ignores ConfigMaps created elsewhere, but not leftovers", async () => {
    const config = { "meshconfig-per-revision": { configMapsElsewhere: true } };
    expect(await messages(["asm-1-29", "asm-1-30"], of("asm-1-29"), { config })).toEqual([]);
    const left = await messages(["asm-1-29", "asm-1-30"], of("asm-1-28"), { config });
    expect(left.map(([level]) => level)).toEqual(["violation"]);
  });

  test("reports a missing one once, regardless of the others", async () => {
    const said = await messages(["asm-1-29", "asm-1-30"], of("asm-1-28", "asm-1-29"));
    expect(said.map(([level]) => level)).toEqual(["violation", "violation"]);
  });

  test("reports it with the oldest, regardless of the order", async () => {
    const oldest = `ConfigMap "${PREFIX}-asm-1-9": `;
    expect(await messages(["asm-1-30", "asm-1-31"], of("asm-1-30", "asm-1-9"))).toEqual([
      [
        "violation",
        expect.stringContaining(`${oldest}ManagedCluster "orders" also runs asm-1-31, `),
        "late",
      ],
      ["violation", expect.stringContaining(`${oldest}no control plane `), "late"],
    ]);
  });

  test("reports it next to a ConfigMap without a revision in its name", async () => {
    expect(
      (await messages(["asm-1-29", "asm-1-30"], of("default", "asm-1-29"))).map(
        ([, message, when]) => [message, when],
      ),
    ).toEqual([
      [
        expect.stringContaining('metadata.name ends in "default", which is not a valid revision'),
        "early",
      ],
      [expect.stringContaining('ManagedCluster "orders" also runs asm-1-30, '), "late"],
    ]);
  });

  test("requires none for an invalid revision", async () => {
    expect(await messages(["asm-1-30", "latest"], of("asm-1-30"))).toEqual([]);
  });

  test("advises about one that no revision reads any more", async () => {
    expect(
      await messages(["asm-1-29", "asm-1-30"], of("asm-1-28", "asm-1-29", "asm-1-30")),
    ).toEqual([
      [
        "violation",
        `ConfigMap "${PREFIX}-asm-1-28": no control plane of ManagedCluster "orders" reads it: the cluster runs asm-1-29, asm-1-30. Remove it, unless you may still roll back the upgrade.`,
        "late",
      ],
    ]);
  });

  test("uses the revisions of a cluster of another stack", async () => {
    const there = cluster();
    const by = kubernetes(there, kubeconfigOf(there));
    const config = { "mesh-scope": { revisions: ["asm-1-29", "asm-1-30"] } };
    const stack = [by, ...of("asm-1-29")(by)];
    expect(await run(RULES, stack, { config })).toHaveLength(1);
  });

  test("separates clusters", async () => {
    const west = cluster({}, "west");
    const there = kubernetes(west);
    expect(
      await messages(["asm-1-29"], (by) => [
        west,
        there,
        ...of("asm-1-29")(by),
        ...of("asm-1-30")(there).map((one) => ({ ...one, name: "west" })),
      ]),
    ).toEqual([]);
  });

  test("does not count those of another cluster", async () => {
    const istio = { revisions: ["asm-1-29"] };
    const west = cluster({ serviceMeshProfile: { mode: "Istio", istio } }, "west");
    const there = kubernetes(west);
    const said = await messages(["asm-1-29", "asm-1-30"], (by) => [
      west,
      there,
      ...of("asm-1-30")(by),
      ...of("asm-1-29")(there).map((one) => ({ ...one, name: "west" })),
    ]);
    expect(said.map(([level, message]) => [level, message])).toEqual([
      ["violation", expect.stringContaining('ManagedCluster "orders" also runs asm-1-29, ')],
    ]);
  });

  describe("its name and its namespace", () => {
    test.each([
      [`${PREFIX}-asm-1.30`, "asm-1.30"],
      [`${PREFIX}-default`, "default"],
      [`${PREFIX}-`, ""],
      [PREFIX, ""],
    ])("reports %s", async (name, end) => {
      expect(await messages(["asm-1-30"], (by) => [configMap(by, name)])).toEqual([
        [
          "violation",
          `ConfigMap "${name}": metadata.name ends in "${end}", which is not a valid revision, so no control plane reads it. Name it istio-shared-configmap-<revision>, such as istio-shared-configmap-asm-1-30.`,
          "early",
        ],
      ]);
    });

    test.each([
      ["shop", "shop"],
      [undefined, "default"],
    ])("reports the namespace %s", async (where, is) => {
      expect(
        await messages(["asm-1-30"], (by) => {
          const metadata = { name: `${PREFIX}-asm-1-30`, ...(where && { namespace: where }) };
          return [object(by, "core/v1", "ConfigMap", { metadata })];
        }),
      ).toEqual([
        [
          "violation",
          `ConfigMap "${PREFIX}-asm-1-30": metadata.namespace is ${is}, but control planes do not read ConfigMaps there. Set it to aks-istio-system.`,
          "early",
        ],
      ]);
    });

    test("resolves a namespace that comes from the stack", async () => {
      const taken = await messages(["asm-1-30"], (by) => {
        const shop = namespace(by);
        const one = configMap(by, `${PREFIX}-asm-1-30`, UNKNOWN);
        return [shop, { ...one, from: { metadata: [shop] } }];
      });
      expect(taken.map(([, , when]) => when)).toEqual(["late"]);
      const right = await messages(["asm-1-30"], (by) => {
        const system = namespace(by, {}, SYSTEM);
        const one = configMap(by, `${PREFIX}-asm-1-30`, UNKNOWN);
        return [system, { ...one, from: { metadata: [system] } }];
      });
      expect(right).toEqual([]);
    });

    test("ignores other ConfigMaps", async () => {
      const other = (by: Fixture) => [configMap(by, "settings"), configMap(by, UNKNOWN, "shop")];
      expect(await messages(["asm-1-30"], other)).toEqual([]);
    });
  });

  describe("unknown values", () => {
    const refused = (path: string): unknown[] => [
      expect.stringContaining(`${path} is known only once it is deployed`),
    ];
    const texts = async (...args: Parameters<typeof messages>) =>
      (await messages(...args)).map(([level, message]) => {
        expect(level).toBe("violation");
        return message;
      });

    test("refuses unknown revisions", async () => {
      const path = 'serviceMeshProfile.istio.revisions of ManagedCluster "orders"';
      expect(await texts(UNKNOWN, of("asm-1-30"))).toEqual(refused(path));
      expect(await texts(["asm-1-30", UNKNOWN], of("asm-1-30"))).toEqual(
        refused('serviceMeshProfile.istio.revisions[1] of ManagedCluster "orders"'),
      );
    });

    test("refuses an unknown namespace", async () => {
      expect(
        await texts(["asm-1-30"], (by) => [configMap(by, `${PREFIX}-asm-1-30`, UNKNOWN)]),
      ).toEqual(refused("metadata.namespace"));
    });

    test("refuses an unknown name, unless AKS chooses the revision", async () => {
      const unnamed = (by: Fixture) => [configMap(by, UNKNOWN)];
      expect(await texts(["asm-1-30"], unnamed)).toEqual(refused("metadata.name"));
      expect(await texts(undefined, unnamed)).toEqual([]);
    });

    test("waits until it is known whether AKS chooses the cluster's revision", async () => {
      const left = cluster({ serviceMeshProfile: { mode: "Istio" } }, "west");
      const there = kubernetes(left);
      expect(await texts(["asm-1-30"], () => [left, there, configMap(there, UNKNOWN)])).toEqual([]);
      const named = await messages(["asm-1-30"], (by) => [left, configMap(by, UNKNOWN)]);
      expect(named.map(([, message, when]) => [message, when])).toEqual([
        [...refused("metadata.name"), "late"],
      ]);
    });

    test("refuses an unknown name if it may be on any cluster, and one has revisions", async () => {
      const left = cluster({ serviceMeshProfile: { mode: "Istio" } }, "west");
      expect(await texts(["asm-1-30"], () => [left, configMap(undefined, UNKNOWN)])).toEqual(
        refused("metadata.name"),
      );
    });

    test("ignores an unknown name on a cluster of another stack", async () => {
      const elsewhere = kubernetes(cluster({}, "west"), "apiVersion: v1");
      const unnamed = () => [elsewhere, configMap(elsewhere, UNKNOWN)];
      expect(await texts(["asm-1-30"], unnamed)).toEqual([]);
    });

    test("requires no other ConfigMap if one has an unknown name and may be it", async () => {
      expect(
        await texts(["asm-1-29", "asm-1-30"], (by) => [
          ...of("asm-1-29")(by),
          configMap(by, UNKNOWN),
        ]),
      ).toEqual(refused("metadata.name"));
    });

    test("reports no leftovers if the cluster names no revision", async () => {
      expect(await texts([], of("asm-1-29"))).toEqual([]);
    });

    test("reports no leftover that may belong to an unknown revision", async () => {
      const path = 'serviceMeshProfile.istio.revisions[1] of ManagedCluster "orders"';
      expect(await texts(["asm-1-30", UNKNOWN], of("asm-1-29", "asm-1-30"))).toEqual(refused(path));
    });
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    expect(await run(RULES, [plain, on, configMap(on, PREFIX)])).toEqual([]);
  });
});

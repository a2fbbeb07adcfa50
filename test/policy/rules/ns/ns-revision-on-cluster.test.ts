import { describe, expect, test } from "vitest";
import { nsRevisionOnCluster } from "../../../../policy/rules/ns/ns-revision-on-cluster.ts";
import {
  UNKNOWN,
  classicCluster,
  cluster,
  helmRelease,
  kubeconfigOf,
  kubernetes,
  namespace,
  object,
} from "../../../support/fixtures.ts";
import type { Fixture } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";
import type { Run } from "../../../support/policy.ts";

function running(revisions: unknown, name = "orders"): Fixture {
  return cluster({ serviceMeshProfile: { mode: "Istio", istio: { revisions } } }, name);
}

const mesh = cluster();
const provider = kubernetes(mesh);

async function messages(stack: readonly Fixture[], options?: Run) {
  return (await run(nsRevisionOnCluster, stack, options)).map(({ level, message }) => [
    level,
    message,
  ]);
}

function labelled(revision: unknown, on: Fixture | undefined = provider): Fixture {
  return namespace(on, { "istio.io/rev": revision });
}

const WRONG = [
  "violation",
  'Namespace "shop": metadata.labels["istio.io/rev"] is "asm-1-27", which is neither a revision nor a tag of ManagedCluster "orders" (asm-1-30), so no sidecars are injected. Set it to asm-1-30.',
];

describe("ns-revision-on-cluster", () => {
  test("reports a revision that the cluster does not run, once, on a first preview", async () => {
    const wrong = labelled("asm-1-27");
    expect(provider.props["kubeconfig"]).toBe(UNKNOWN);
    expect(wrong.outputs).toEqual({});
    expect(await messages([mesh, provider, wrong])).toEqual([WRONG]);
  });

  test("reports it on later previews too", async () => {
    const on = kubernetes(mesh, kubeconfigOf(mesh));
    expect(await messages([mesh, on, labelled("asm-1-27", on)])).toEqual([WRONG]);
    expect(await messages([mesh, on, labelled("asm-1-30", on)])).toEqual([]);
  });

  test.each([
    ["the revision of the cluster", labelled("asm-1-30")],
    ["no label", namespace(provider, { team: UNKNOWN })],
    ["no labels", namespace(provider, undefined)],
    ["invalid labels", namespace(provider, "istio.io/rev=asm-1-27")],
    ["a null label", labelled(null)],
  ])("accepts %s", async (_, fixture) => {
    expect(await messages([mesh, provider, fixture])).toEqual([]);
  });

  test("accepts each revision of a canary upgrade, and suggests the newest", async () => {
    const canary = running(["asm-1-29", "asm-1-30"]);
    const on = kubernetes(canary);
    expect(
      await messages([canary, on, labelled("asm-1-29", on), labelled("asm-1-30", on)]),
    ).toEqual([]);
    const [[, message] = []] = await messages([canary, on, labelled("asm-1-31", on)]);
    expect(message).toContain(
      'of ManagedCluster "orders" (asm-1-29, asm-1-30), so no sidecars are injected. Set it to asm-1-30.',
    );
  });

  test("suggests by number, not alphabetically", async () => {
    const odd = running(["asm-1-30", "asm-1-9"]);
    const on = kubernetes(odd);
    const [[, message] = []] = await messages([odd, on, labelled("asm-1-27", on)]);
    expect(message).toMatch(/Set it to asm-1-30\.$/);
  });

  test.each([[5], [true], ["default"], [""], ["prod-stable"]])(
    "reports a label that names no revision: %j",
    async (value) => {
      const [[level, message] = []] = await messages([mesh, provider, labelled(value)]);
      expect(level).toBe("violation");
      expect(message).toContain(`metadata.labels["istio.io/rev"] is "${String(value)}"`);
    },
  );

  test("reports labels of pods, in any place, and of gateways", async () => {
    const metadata = { labels: { "istio.io/rev": "asm-1-27" } };
    const template = { metadata };
    const stack = [
      object(provider, "core/v1", "Pod", { metadata }, "pod"),
      object(provider, "apps/v1", "Deployment", { spec: { template } }, "deployment"),
      object(provider, "apps/v1", "StatefulSet", { metadata: { name: "sts" }, spec: { template } }),
      object(
        provider,
        "batch/v1",
        "CronJob",
        { spec: { jobTemplate: { spec: { template } } } },
        "cron",
      ),
      object(provider, "apps/v1", "DeploymentList", { items: [{ spec: { template } }] }, "list"),
      object(provider, "gateway.networking.k8s.io/v1", "Gateway", { metadata }, "gateway"),
      object(provider, "core/v1", "ConfigMap", { metadata }, "config"),
    ];
    expect(
      (await messages([mesh, provider, ...stack])).map(([, text]) => text?.split(" is ")[0]),
    ).toEqual([
      'Pod "pod": metadata.labels["istio.io/rev"]',
      'Deployment "deployment": spec.template.metadata.labels["istio.io/rev"]',
      'StatefulSet "sts": spec.template.metadata.labels["istio.io/rev"]',
      'CronJob "cron": spec.jobTemplate.spec.template.metadata.labels["istio.io/rev"]',
      'Deployment "list": items[0].spec.template.metadata.labels["istio.io/rev"]',
      'Gateway "gateway": metadata.labels["istio.io/rev"]',
    ]);
  });

  test("judges the classic provider's cluster", async () => {
    const classic = classicCluster();
    const on = kubernetes(classic);
    const [[, message] = []] = await messages([classic, on, labelled("asm-1-27", on)]);
    expect(message).toContain('of KubernetesCluster "orders" (asm-1-30)');
  });

  describe("clusters without known revisions", () => {
    test.each([
      ["without a mesh", cluster({ serviceMeshProfile: undefined })],
      ["with a disabled mesh", cluster({ serviceMeshProfile: { mode: "Disabled" } })],
    ])("a cluster %s may have a self-managed Istio", async (_, plain) => {
      const on = kubernetes(plain);
      expect(await messages([plain, on, labelled("1-27-1", on), labelled(UNKNOWN, on)])).toEqual(
        [],
      );
    });

    test("a cluster may run any revision that AKS chooses", async () => {
      const chosen = cluster({ serviceMeshProfile: { mode: "Istio" } });
      const on = kubernetes(chosen);
      expect(await messages([chosen, on, labelled("asm-1-27", on)])).toEqual([
        [
          "unjudged",
          'Namespace "shop": the revisions of ManagedCluster "orders" are not known, so metadata.labels["istio.io/rev"] cannot be checked. Set them in its serviceMeshProfile, or as revisions of mesh-scope in the policy pack\'s configuration.',
        ],
      ]);
      const config = { "mesh-scope": { revisions: ["asm-1-29"] } };
      expect(await messages([chosen, on, labelled("asm-1-29", on)], { config })).toEqual([]);
      expect(
        (await messages([chosen, on, labelled("asm-1-27", on)], { config })).map(
          ([level]) => level,
        ),
      ).toEqual(["violation"]);
    });

    test("no cluster runs a revision that the add-on never had", async () => {
      const chosen = cluster({ serviceMeshProfile: { mode: "Istio" } });
      const on = kubernetes(chosen);
      expect(await messages([chosen, on, labelled("asm-1-2", on)])).toEqual([
        [
          "violation",
          'Namespace "shop": metadata.labels["istio.io/rev"] is "asm-1-2", which is not a revision of the add-on, so no cluster injects sidecars for it. Set it to a revision that the cluster runs.',
        ],
      ]);
    });

    test("a label may come from the revision that AKS chose", async () => {
      for (const revisions of [undefined, []]) {
        const chosen = running(revisions);
        const on = kubernetes(chosen);
        expect(await messages([chosen, on, labelled(UNKNOWN, on)])).toEqual([]);
        const config = { "mesh-scope": { revisions: ["asm-1-29"] } };
        expect(await messages([chosen, on, labelled(UNKNOWN, on)], { config })).toEqual([]);
      }
    });

    test("a label may be unknown on a cluster of another stack", async () => {
      const on = kubernetes(mesh, kubeconfigOf(mesh));
      const config = { "mesh-scope": { clusterUsesAddon: true } };
      expect(
        (await messages([on, labelled(UNKNOWN, on)], { config })).map(([level]) => level),
      ).toEqual(["violation"]);
    });

    test("the outputs contain the revision that AKS chose", async () => {
      const serviceMeshProfile = { mode: "Istio", istio: { revisions: ["asm-1-29"] } };
      const chosen = {
        ...cluster({ serviceMeshProfile: { mode: "Istio" } }),
        outputs: { serviceMeshProfile },
      };
      const on = kubernetes(chosen, kubeconfigOf(chosen));
      expect(await messages([chosen, on, labelled("asm-1-29", on)])).toEqual([]);
      expect(
        (await messages([chosen, on, labelled("asm-1-27", on)])).map(([, text]) => text),
      ).toEqual([expect.stringContaining('ManagedCluster "orders" (asm-1-29)')]);
    });
  });

  describe("a revision tag", () => {
    const webhook = (on: Fixture, revision: unknown, tag: unknown = "prod"): Fixture =>
      object(on, "admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", {
        metadata: {
          name: "istio-revision-tag-prod",
          labels: { "istio.io/tag": tag, "istio.io/rev": revision },
        },
      });

    test.each([
      ["asm-1-30", 0],
      ["asm-1-27", 1],
    ])("is defined by a webhook in the stack, before or after, for %s", async (revision, count) => {
      expect(
        await messages([mesh, provider, webhook(provider, revision), labelled("prod")]),
      ).toHaveLength(count);
      expect(
        await messages([mesh, provider, labelled("prod"), webhook(provider, revision)]),
      ).toHaveLength(count);
    });

    test.each(["canary", null, UNKNOWN])(
      "is not defined by a webhook of another tag: %j",
      async (tag) => {
        const other = webhook(provider, "asm-1-30", tag);
        expect(await messages([mesh, provider, other, labelled("prod")])).toHaveLength(1);
      },
    );

    test("is not defined by a webhook on another cluster", async () => {
      const west = running(["asm-1-30"], "west");
      const onWest = kubernetes(west);
      expect(
        await messages([
          mesh,
          west,
          provider,
          onWest,
          webhook(onWest, "asm-1-30"),
          labelled("prod"),
        ]),
      ).toHaveLength(1);
    });

    test("may be configured, as long as its revision runs", async () => {
      const tags = (prod: string) => ({ config: { "mesh-scope": { revisionTags: { prod } } } });
      expect(await messages([mesh, provider, labelled("prod")], tags("asm-1-30"))).toEqual([]);
      expect(await messages([mesh, provider, labelled("prod")], tags("asm-1-27"))).toHaveLength(1);
      expect(await messages([mesh, provider, labelled("toString")], tags("asm-1-30"))).toHaveLength(
        1,
      );
    });

    test("may be defined by a webhook that something in the stack may create", async () => {
      const file: Fixture = {
        type: "kubernetes:yaml/v2:ConfigFile",
        name: "tags",
        props: {},
        provider,
      };
      expect(await messages([mesh, provider, file, labelled("prod")])).toEqual([
        [
          "unjudged",
          'Namespace "shop": the stack does not show a webhook that makes "prod", the value of metadata.labels["istio.io/rev"], a revision tag, but ConfigFile "tags" may create it. If something else creates the tag, add it with its revision to revisionTags of mesh-scope. Otherwise set the label to a revision of ManagedCluster "orders" (asm-1-30).',
        ],
      ]);
      expect(await messages([mesh, provider, file, labelled("asm-1-27")])).toEqual([WRONG]);
    });

    test("without a definition is reported, with where to configure it", async () => {
      const release = helmRelease(provider, { namespace: "cert-manager" });
      expect(await messages([mesh, provider, release, labelled("prod")])).toEqual([
        [
          "violation",
          'Namespace "shop": metadata.labels["istio.io/rev"] is "prod", which is neither a revision nor a tag of ManagedCluster "orders" (asm-1-30), so no sidecars are injected. Set it to asm-1-30. If something else creates such a tag, add it to revisionTags of mesh-scope.',
        ],
      ]);
    });

    test("may have an unknown revision", async () => {
      expect(
        (await messages([mesh, provider, labelled("prod"), webhook(provider, UNKNOWN)])).map(
          ([, text]) => text,
        ),
      ).toEqual([
        expect.stringContaining(
          'metadata.labels["istio.io/rev"] of MutatingWebhookConfiguration "istio-revision-tag-prod" is known only',
        ),
      ]);
    });
  });

  describe("unknown values", () => {
    test.each([
      ['metadata.labels["istio.io/rev"]', labelled(UNKNOWN)],
      ["metadata.labels", namespace(provider, UNKNOWN)],
      ["metadata", object(provider, "core/v1", "Namespace", { metadata: UNKNOWN })],
    ])("refuses an unknown %s", async (path, fixture) => {
      expect(await messages([mesh, provider, fixture])).toEqual([
        [
          "violation",
          `Namespace "shop": ${path} is known only once it is deployed, and the rule cannot decide without it. Give it a value that does not depend on another resource.`,
        ],
      ]);
    });

    test.each([
      ["serviceMeshProfile.mode", cluster({ serviceMeshProfile: { mode: UNKNOWN } })],
      ["serviceMeshProfile.istio.revisions", running(UNKNOWN)],
      ["serviceMeshProfile.istio.revisions[1]", running(["asm-1-30", UNKNOWN])],
    ])("refuses a wrong label if the cluster's %s is unknown", async (path, unsure) => {
      const on = kubernetes(unsure);
      expect(
        (await messages([unsure, on, labelled("asm-1-27", on)])).map(([, text]) => text),
      ).toEqual([
        expect.stringContaining(
          `Namespace "shop": ${path} of ManagedCluster "orders" is known only`,
        ),
      ]);
    });

    test("accepts a known revision, regardless of the other", async () => {
      const unsure = running(["asm-1-30", UNKNOWN]);
      const on = kubernetes(unsure);
      expect(await messages([unsure, on, labelled("asm-1-30", on)])).toEqual([]);
    });
  });
});

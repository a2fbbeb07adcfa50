import { describe, expect, test } from "vitest";
import { podInjectLabelIneffective } from "../../../../policy/rules/pod/pod-inject-label-ineffective.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { remediate, run } from "../../../support/policy.ts";
import {
  inMesh,
  mesh,
  outsideMesh,
  podSpec,
  provider,
  template,
  workload,
} from "../../../support/workloads.ts";

const INJECT = "sidecar.istio.io/inject";
const IN = { labels: { [INJECT]: "true" } };

async function messages(stack: readonly Fixture[]): Promise<[string, string][]> {
  return (await run(podInjectLabelIneffective, stack)).map(({ level, message }) => [
    level,
    message,
  ]);
}

function marked(metadata: Props = IN, kind = "Deployment", on: Fixture = provider): Fixture {
  return workload(template(podSpec(), metadata), { kind, on });
}

const said = (marks: string, revision = "asm-1-30") => [
  [
    "violation",
    `Deployment "web": spec.template.metadata.${marks}["${INJECT}"] is "true", but neither the namespace nor the pod names a revision, so no sidecar is injected. Set spec.template.metadata.labels["istio.io/rev"], or the same label of the namespace, to ${revision}.`,
  ],
];

describe("pod-inject-label-ineffective", () => {
  test("reports a label, and an annotation, that request a sidecar without a revision", async () => {
    expect(await messages([...outsideMesh, marked()])).toEqual(said("labels"));
    const annotations = { annotations: { [INJECT]: "true" } };
    expect(await messages([...outsideMesh, marked(annotations)])).toEqual(said("annotations"));
  });

  test("suggests no revision if there are several", async () => {
    const canary = cluster({
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29", "asm-1-30"] } },
    });
    const on = kubernetes(canary);
    const stack = [canary, on, namespace(on, {}), marked(IN, "Deployment", on)];
    expect(await messages(stack)).toEqual(said("labels", "the revision that should inject it"));
  });

  test.each<[string, readonly Fixture[]]>([
    ["a namespace of the mesh", [...inMesh, marked()]],
    [
      "a pod with a revision",
      [...outsideMesh, marked({ labels: { [INJECT]: "true", "istio.io/rev": "asm-1-30" } })],
    ],
    [
      "a revision that another rule reports",
      [mesh, provider, namespace(provider, { "istio.io/rev": "asm-1-27" }), marked()],
    ],
    [
      "a legacy label, which another rule reports too",
      [mesh, provider, namespace(provider, { "istio-injection": "enabled" }), marked()],
    ],
    [
      "a namespace that a later patch adds to the mesh",
      [
        ...outsideMesh,
        marked(),
        object(provider, "core/v1", "NamespacePatch", {
          metadata: { name: "shop", labels: { "istio.io/rev": "asm-1-30" } },
        }),
      ],
    ],
    ["a namespace of another stack, whose labels are unknown", [mesh, provider, marked()]],
    ["a pod that opts out", [...outsideMesh, marked({ labels: { [INJECT]: "false" } })]],
    ["a pod without labels", [...outsideMesh, marked({})]],
    ["a patch, whose object may have a revision", [...outsideMesh, marked(IN, "DeploymentPatch")]],
  ])("accepts %s", async (_, stack) => {
    expect(await messages(stack)).toEqual([]);
  });

  test("accepts the labels that a tag called default serves", async () => {
    const config = { "mesh-scope": { revisionTags: { default: "asm-1-30" } } };
    expect(await run(podInjectLabelIneffective, [...outsideMesh, marked()], { config })).toEqual(
      [],
    );
  });

  test("ignores a cluster without the add-on", async () => {
    const plain = cluster({ serviceMeshProfile: undefined });
    const on = kubernetes(plain);
    const stack = [plain, on, namespace(on, {}), marked(IN, "Deployment", on)];
    expect(await messages(stack)).toEqual([]);
  });

  test("advises if the labels of the namespace are unknown", async () => {
    expect(await messages([mesh, provider, namespace(provider, UNKNOWN), marked()])).toEqual([
      [
        "unjudged",
        'Deployment "web": metadata.labels of Namespace "shop" is known only once it is deployed. Give it a value that does not depend on another resource.',
      ],
    ]);
  });

  describe("remediation", () => {
    async function mended(fixture: Fixture, stack: readonly Fixture[] = outsideMesh) {
      return remediate(podInjectLabelIneffective, [...stack, fixture]);
    }

    test.each(["Deployment", "StatefulSet", "DaemonSet"])(
      "adds the only revision to a %s, permanently",
      async (kind) => {
        const fixture = marked(IN, kind);
        const props = await mended(fixture);
        const labels = { app: "web", [INJECT]: "true", "istio.io/rev": "asm-1-30" };
        expect(props).toEqual(marked({ labels }, kind).props);
        const fixed = { ...fixture, props: props ?? {} };
        expect(await mended(fixed)).toBeUndefined();
        expect(await messages([...outsideMesh, fixed])).toEqual([]);
      },
    );

    const canary = cluster({
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-29", "asm-1-30"] } },
    });
    const onCanary = kubernetes(canary);

    test.each<[string, Fixture, readonly Fixture[]]>([
      ["a job, which would run again", marked(IN, "Job"), outsideMesh],
      ["a patch", marked(IN, "DeploymentPatch"), outsideMesh],
      ["a pod without labels", marked({}), outsideMesh],
      ["a namespace of the mesh", marked(), inMesh],
      ["a namespace outside the stack", marked(), [mesh, provider]],
      ["unknown labels", marked(), [mesh, provider, namespace(provider, UNKNOWN)]],
      [
        "a mesh of two revisions",
        marked(IN, "Deployment", onCanary),
        [canary, onCanary, namespace(onCanary, {})],
      ],
    ])("ignores: %s", async (_, fixture, stack) => {
      expect(await mended(fixture, stack)).toBeUndefined();
    });
  });
});

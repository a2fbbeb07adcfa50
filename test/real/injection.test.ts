import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sidecarInjection } from "../../mesh/injection.ts";
import type { InjectingRevisions } from "../../mesh/injection.ts";
import { IGNORED_NAMESPACES } from "../../mesh/istiodInjection.ts";
import type { InjectionSubject } from "../../mesh/istiodInjection.ts";
import { ApiServer } from "../../operate/cluster/apiServer.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { readCluster } from "../../operate/cluster/readCluster.ts";
import type { KindName } from "../../operate/cluster/kinds.ts";
import { ClusterState } from "../../operate/cluster/clusterState.ts";
import { predictInjection } from "../../operate/explain/pod/prediction.ts";
import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import { Refused } from "./harness/cluster.ts";
import { deleteNamespaces } from "./harness/cleanUp.ts";
import { installedRevisions } from "./harness/installed.ts";
import { istioctl } from "./harness/istioctl.ts";
import { sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { cluster, onLoopback, real, startMesh, startRevision } from "./harness/real.ts";
import type { Mesh } from "./harness/real.ts";
import { PREFIX } from "./harness/render.ts";
import { waitFor } from "./harness/waitFor.ts";

type Labels = Readonly<Record<string, string>>;

/** Every combination of one value per column; undefined leaves a label out. */
function combinations(
  columns: Readonly<Record<string, readonly (string | undefined)[]>>,
): Labels[] {
  return Object.entries(columns).reduce<Labels[]>(
    (rows, [name, values]) =>
      rows.flatMap((row) =>
        values.map((value) => (value === undefined ? row : { ...row, [name]: value })),
      ),
    [{}],
  );
}

/** What the API server and istiod do with a pod. */
async function seen({ namespace, pod }: InjectionSubject): Promise<string> {
  const { labels, annotations, hostNetwork } = pod;
  try {
    const created = await cluster.create<Pod>(
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "probe", namespace: namespace.name, labels, annotations },
        spec: { hostNetwork, containers: [{ name: "app", image: "registry.invalid/app" }] },
      },
      { dryRun: true },
    );
    return sidecarRevision(created) ?? "no sidecar";
  } catch (error) {
    if (error instanceof Refused && error.message.includes("failed calling webhook")) {
      return "refused";
    }
    throw error;
  }
}

function predicted(subject: InjectionSubject, running: InjectingRevisions): string {
  const verdict = sidecarInjection(subject, running);
  switch (verdict.outcome) {
    case "injected":
      return verdict.revision;
    case "not-injected":
      return "no sidecar";
    case "refused":
      return "refused";
  }
}

const WEBHOOKS = "admissionregistration.k8s.io/MutatingWebhookConfiguration";

/** The webhooks and Services of the cluster, as `explain` reads them. */
async function stateOfCluster(): Promise<ClusterState> {
  const kinds = [WEBHOOKS, "Service", "ConfigMap"] as const satisfies readonly KindName[];
  const read = await readCluster(await ApiServer.of({ kubeconfig: real.kubeconfig }), kinds);
  return new ClusterState(
    read.from,
    kinds.map((name) => [name, read.all(name).map(onAks)]),
  );
}

/** With webhooks that call Services, as on AKS. Those on loopback call a URL. */
function onAks(object: ClusterObject): ClusterObject {
  if (object.kind !== "MutatingWebhookConfiguration") return object;
  const name = `istiod-${object.metadata.labels?.["istio.io/rev"] ?? ""}`;
  const service = { name, namespace: CONTROL_PLANE_NAMESPACE };
  const webhooks = object["webhooks"] as readonly { readonly clientConfig: object }[];
  return {
    ...object,
    webhooks: webhooks.map((one) =>
      "url" in one.clientConfig ? { ...one, clientConfig: { service } } : one,
    ),
  };
}

/** What `explain` says of a pod, by the cluster's own webhooks. */
function explained(subject: InjectionSubject, state: ClusterState): string {
  const { outcome, revision = "" } = predictInjection(subject, state);
  if (outcome === "injected") return revision;
  return outcome === "not-injected" ? "no sidecar" : outcome;
}

/** The predicted, the explained and the observed outcome of every subject. */
async function compare(subjects: readonly InjectionSubject[], running: InjectingRevisions) {
  const state = await stateOfCluster();
  const waiting = subjects.values();
  const outcomes: {
    subject: InjectionSubject;
    predicted: string;
    explained: string;
    seen: string;
  }[] = [];
  // More concurrent requests would only queue at the API server.
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (const subject of waiting) {
        outcomes.push({
          subject,
          predicted: predicted(subject, running),
          explained: explained(subject, state),
          seen: await seen(subject),
        });
      }
    }),
  );
  return outcomes;
}

describe("sidecar injection", () => {
  const old = "asm-1-29";
  const gone = "asm-1-28";
  let mesh: Mesh;
  let revisions: readonly string[];
  let namespaces: InjectionSubject["namespace"][];
  const pods = () => {
    const some = revisions[0] ?? "";
    return combinations({
      "istio.io/rev": [undefined, some, "stable", "abandoned", "asm-1-99", ""],
      "sidecar.istio.io/inject": [undefined, "true", "false", "", "maybe"],
    }).flatMap((labels) =>
      combinations({ "sidecar.istio.io/inject": [undefined, "true", "false", "maybe"] }).flatMap(
        (annotations) => [false, true].map((hostNetwork) => ({ labels, annotations, hostNetwork })),
      ),
    );
  };
  const withPods = (namespace: InjectionSubject["namespace"]) =>
    pods().map((pod) => ({ namespace, pod }));
  const everything = () => namespaces.flatMap(withPods);
  const label = async ({ name, labels }: InjectionSubject["namespace"]) => {
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  };

  beforeAll(async () => {
    mesh = await startMesh(old, "asm-1-30");
    revisions = mesh.revisions;
    namespaces = combinations({
      "istio.io/rev": [undefined, ...revisions, "stable", "abandoned", "asm-1-99", ""],
      "istio-injection": [undefined, "enabled", "disabled", ""],
    }).map((labels, i) => ({ name: `${PREFIX}injection-${i}`, labels }));
    for (const namespace of namespaces) await label(namespace);
    if (onLoopback) {
      await tag("stable", old);
      const abandoned = await startRevision(gone);
      await tag("abandoned", gone);
      await abandoned.remove();
    }
  });

  afterAll(async () => {
    await deleteNamespaces(
      cluster,
      namespaces.map(({ name }) => name),
    );
    if (onLoopback) await removeTags();
    await mesh.stop();
  });

  async function removeTags(): Promise<void> {
    for (const kind of ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]) {
      const apiVersion = "admissionregistration.k8s.io/v1";
      const made = await cluster.list(apiVersion, kind, { labels: "istio.io/tag" });
      for (const { metadata } of made) await cluster.remove({ apiVersion, kind, metadata });
    }
  }

  async function tag(name: string, revision: string): Promise<void> {
    const { code, stderr } = await istioctl(
      real.programs.istioctl,
      ["tag", "set", name, "--revision", revision, "--istioNamespace", "aks-istio-system"],
      real.kubeconfig,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  }

  async function judge(subjects: readonly InjectionSubject[]): Promise<ReadonlySet<string>> {
    const outcomes = await compare(subjects, await installedRevisions(cluster));
    const wrong = outcomes.filter(
      (one) => one.predicted !== one.seen || one.explained !== one.seen,
    );
    // If one is wrong, hundreds often are, in the same way.
    expect({ wrong: wrong.length, such: wrong.slice(0, 3) }).toEqual({ wrong: 0, such: [] });
    return new Set(outcomes.map(({ seen }) => seen));
  }

  test("matches sidecarInjection and explain for every combination of labels", async () => {
    // The combinations reach every outcome; otherwise, agreement would prove little.
    expect(await judge(everything())).toEqual(
      new Set(["no sidecar", ...(onLoopback ? ["refused"] : []), ...revisions]),
    );
  });

  test.runIf(onLoopback)(
    "matches it in namespaces that istiod ignores (labels kube-system)",
    async () => {
      const labels = { "istio.io/rev": old };
      const ignored = IGNORED_NAMESPACES.map((name) => ({ name, labels }));
      for (const namespace of ignored) await label(namespace);
      expect(await judge(ignored.flatMap(withPods))).toEqual(new Set(["no sidecar"]));
      for (const { name } of ignored) await label({ name, labels: {} });
    },
  );

  test.runIf(onLoopback)("matches it with a default revision (sets a tag)", async () => {
    const plain = everything().filter(
      ({ pod }) => !pod.hostNetwork && Object.keys(pod.annotations).length === 0,
    );
    const opted = plain.find(
      ({ namespace, pod }) =>
        Object.keys(namespace.labels).length === 0 &&
        pod.labels["istio.io/rev"] === undefined &&
        pod.labels["sidecar.istio.io/inject"] === "true",
    );
    if (opted === undefined) throw new Error("no combination opts a pod in");
    expect(await seen(opted)).toBe("no sidecar");

    await tag("default", "asm-1-30");
    await waitFor("the tag to answer", async () => (await seen(opted)) === "asm-1-30");
    expect(await judge(plain)).toEqual(new Set(["no sidecar", "refused", ...revisions]));
  });
});

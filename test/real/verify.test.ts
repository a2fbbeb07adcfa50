import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL } from "../../mesh/names.ts";
import { ApiServer } from "../../operate/cluster/apiServer.ts";
import { readCluster } from "../../operate/cluster/readCluster.ts";
import { kindsToVerify, verifyMesh } from "../../operate/verify/checks.ts";
import { deleteNamespaces } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { cluster, onLoopback, real, startMesh, startRevision } from "./harness/real.ts";
import type { Mesh } from "./harness/real.ts";
import type { WebhookConfiguration } from "./harness/webhooks.ts";
import { waitFor } from "./harness/waitFor.ts";
import { restart, rolledOut, workload } from "./harness/workload.ts";

const REVISION = "asm-1-30";
const ORDERS = "verify-orders";
const INJECTOR = `istio-sidecar-injector-${REVISION}-${CONTROL_PLANE_NAMESPACE}`;

/** AKS runs istiod as a Deployment; here it is a process, and the Deployment only has its name and labels. */
function istiod(revision: string): Resource {
  const labels = { app: "istiod", [REVISION_LABEL]: revision };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `istiod-${revision}`, namespace: CONTROL_PLANE_NAMESPACE, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, "sidecar.istio.io/inject": "false" } },
        spec: { containers: [{ name: "discovery", image: `registry.invalid/pilot:${revision}` }] },
      },
    },
  };
}

function namespace(labels: Readonly<Record<string, string>>): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: ORDERS, labels } };
}

const notAsked = { reason: "ARM was not asked.", fix: "Ask it." };
/** What Azure and its agents would add. */
const AZURE = ["mesh-mode", "mesh-revisions", "gateways", "metrics"];

/** What the command reads of the real cluster, and says of it. */
async function complaints(): Promise<readonly string[]> {
  const server = await ApiServer.of({ kubeconfig: real.kubeconfig });
  const state = await readCluster(server, kindsToVerify(AZURE));
  const mesh = {
    state,
    cluster: notAsked,
    wanted: undefined,
    now: new Date(),
    certificateDays: 21,
  };
  return verifyMesh(mesh, AZURE)
    .filter(({ outcome }) => outcome !== "passed")
    .map(({ outcome, check, subject, message }) => `${outcome} ${check} | ${subject}: ${message}`);
}

describe.skipIf(!onLoopback)("verify (breaks a mesh: on loopback only)", () => {
  let mesh: Mesh;

  beforeAll(async () => {
    // The claims of the policies leave it behind.
    await deleteNamespaces(cluster, ["istio-system"]);
    mesh = await startMesh(REVISION);
    await cluster.apply(istiod(REVISION));
    await rolledOut(cluster, istiod(REVISION));
    await cluster.apply(namespace({ [REVISION_LABEL]: REVISION }));
    await cluster.apply(workload(ORDERS));
    await rolledOut(cluster, workload(ORDERS));
    await waitFor("a healthy mesh", async () => {
      const [complaint] = await complaints();
      if (complaint !== undefined) throw new Error(complaint);
      return true;
    });
  });

  afterAll(async () => {
    await deleteNamespaces(cluster, [ORDERS]);
    await cluster.remove(istiod(REVISION));
    await mesh.stop();
  });

  test("a healthy mesh: nothing to say", async () => {
    expect(await complaints()).toEqual([]);
  });

  test("the namespace gets the label of an Istio without revisions", async () => {
    await cluster.apply(namespace({ [REVISION_LABEL]: REVISION, "istio-injection": "enabled" }));
    expect(await complaints()).toEqual([
      `failed namespace-labels | Namespace ${ORDERS}: It has the labels istio.io/rev=${REVISION} and istio-injection=enabled. With the second, the webhooks of ${REVISION} skip it, and its pods get no sidecar.`,
      expect.stringContaining(`warning sidecars | Deployment ${ORDERS}/app: 2 of 2 pods`),
    ]);
    // It was true: restarted, the pods have none.
    await restart(cluster, workload(ORDERS));
    await cluster.apply(namespace({ [REVISION_LABEL]: REVISION }));
    expect(await complaints()).toEqual([
      `failed sidecars | Deployment ${ORDERS}/app: 2 of 2 pods without a sidecar. The namespace's label istio.io/rev selects ${REVISION}.`,
    ]);
    // So is the command that mends it.
    await restart(cluster, workload(ORDERS));
    expect(await complaints()).toEqual([]);
  });

  test("the namespace follows a revision that does not run", async () => {
    await cluster.apply(namespace({ [REVISION_LABEL]: "asm-1-29" }));
    expect(await complaints()).toEqual([
      `failed namespace-labels | Namespace ${ORDERS}: Its label istio.io/rev=asm-1-29 names no revision that runs, and no revision tag: its pods get no sidecar.`,
      expect.stringContaining(`warning sidecars | Deployment ${ORDERS}/app: 2 of 2 pods`),
    ]);
    await cluster.apply(namespace({ [REVISION_LABEL]: REVISION }));
  });

  test("the control plane of proxies stops", async () => {
    const old = await startRevision("asm-1-29");
    await cluster.apply(istiod("asm-1-29"));
    await rolledOut(cluster, istiod("asm-1-29"));
    await cluster.apply(namespace({ [REVISION_LABEL]: "asm-1-29" }));
    await restart(cluster, workload(ORDERS));
    expect(await complaints()).toEqual([]);
    await cluster.apply(namespace({ [REVISION_LABEL]: REVISION }));
    expect(await complaints()).toEqual([
      `failed sidecars | Deployment ${ORDERS}/app: 2 of 2 pods with a sidecar of asm-1-29 instead of ${REVISION}. The namespace's label istio.io/rev selects ${REVISION}.`,
    ]);
    await old.remove();
    await cluster.remove(istiod("asm-1-29"));
    await waitFor("the orphans to be reported", async () =>
      (await complaints()).includes(
        `failed sidecars | Deployment ${ORDERS}/app: 2 of 2 pods: the proxy is of asm-1-29, which does not run, so it gets no more configuration and certificates. The namespace's label istio.io/rev selects ${REVISION}.`,
      ),
    );
    await restart(cluster, workload(ORDERS));
    expect(await complaints()).toEqual([]);
  });

  test("the injector has the CA of somebody else", async () => {
    const kind = {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
    };
    const found = await cluster.find<WebhookConfiguration>(kind.apiVersion, kind.kind, INJECTOR);
    if (found === undefined) throw new Error("no injector");
    const apiServer = await cluster.find<Resource & { data: { "ca.crt": string } }>(
      "v1",
      "ConfigMap",
      "kube-root-ca.crt",
      ORDERS,
    );
    const caBundle = Buffer.from(apiServer?.data["ca.crt"] ?? "").toString("base64");
    // istiod puts its own back at once, unless it is not told of its webhook.
    const labels = { [REVISION_LABEL]: null };
    const webhooks = found.webhooks.map((webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle },
    }));
    await cluster.merge(found, { metadata: { labels }, webhooks });
    expect(await complaints()).toEqual([
      expect.stringContaining(
        `failed webhooks | MutatingWebhookConfiguration ${INJECTOR}: The webhook rev.namespace.sidecar-injector.istio.io cannot be called: its caBundle is another CA than that of istiod`,
      ),
    ]);
    await cluster.merge(found, {
      metadata: { labels: { [REVISION_LABEL]: REVISION } },
      webhooks: found.webhooks,
    });
    await waitFor("istiod's own CA", async () => (await complaints()).length === 0);
  });

  test("a webhook of another Istio, and a tag of a revision that does not run", async () => {
    const clientConfig = { url: "https://localhost:1/inject" };
    const of = (name: string, labels: Readonly<Record<string, string>>): Resource => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name, labels },
      webhooks: [
        {
          name: "namespace.sidecar-injector.istio.io",
          clientConfig,
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          failurePolicy: "Ignore",
          rules: [
            { operations: ["CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] },
          ],
          objectSelector: { matchLabels: { never: "selected" } },
        },
      ],
    });
    const foreign = of("istio-sidecar-injector", { [REVISION_LABEL]: "default" });
    const tag = of(`istio-revision-tag-stable-${CONTROL_PLANE_NAMESPACE}`, {
      [REVISION_LABEL]: "asm-1-29",
      "istio.io/tag": "stable",
    });
    await cluster.applyAll([foreign, tag]);
    expect(await complaints()).toEqual([
      `failed webhooks | MutatingWebhookConfiguration ${tag.metadata.name}: The tag stable points to asm-1-29, which does not run: pods that follow it cannot be created.`,
      "failed leftovers | MutatingWebhookConfiguration istio-sidecar-injector: It is a webhook of another Istio, which AKS does not support beside the add-on.",
    ]);
    for (const object of [foreign, tag]) await cluster.remove(object);
  });

  test("istiod's Deployment is not ready", async () => {
    await cluster.merge(istiod(REVISION), { spec: { replicas: 0 } });
    expect(await complaints()).toContainEqual(
      expect.stringContaining(
        `failed control-plane | Deployment ${CONTROL_PLANE_NAMESPACE}/istiod-${REVISION}: It `,
      ),
    );
    await cluster.merge(istiod(REVISION), { spec: { replicas: 2 } });
    await rolledOut(cluster, istiod(REVISION));
    expect(await complaints()).toEqual([]);
  });
});

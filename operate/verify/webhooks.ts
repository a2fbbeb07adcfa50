import type { X509Certificate } from "node:crypto";
import { CONTROL_PLANE_NAMESPACE, REVISION_LABEL } from "../../mesh/names.ts";
import type { MeshRevision } from "../../mesh/revision.ts";
import { azArguments } from "../azure/azArguments.ts";
import { labelOf, listAt, textAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { TAG_LABEL } from "../cluster/controlPlanes.ts";
import { injectionWebhooks, whyNotSelected } from "../explain/pod/injectionWebhook.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import { certificatesInBase64, firstToEnd, lastDay, lifetime } from "./certificate.ts";
import type { Check } from "./check.ts";
import { expectedRevisions } from "./expectedRevisions.ts";
import { ROOT_CONFIG_MAP, meshRoots, sameCertificates } from "./meshRoot.ts";
import { armCluster } from "./observedMesh.ts";
import type { ObservedMesh } from "./observedMesh.ts";

const MUTATING = "admissionregistration.k8s.io/MutatingWebhookConfiguration";
const VALIDATING = "admissionregistration.k8s.io/ValidatingWebhookConfiguration";

const say = sayings("webhooks");

/**
 * Whether the API server can call each revision's webhooks: they exist with the Service that they call, their CA is the
 * one with which istiod signs its certificate, and they fail as they should.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
 * @see https://github.com/istio/istio/blob/master/pkg/webhooks/webhookpatch.go
 */
export const webhooks: Check = {
  name: "webhooks",
  kinds: [MUTATING, VALIDATING, "apps/Deployment", "ConfigMap", "Service"],
  judge: (mesh) => [
    ...expectedRevisions(mesh).flatMap((revision) => [
      judge(
        mesh,
        MUTATING,
        `istio-sidecar-injector-${revision}-${CONTROL_PLANE_NAMESPACE}`,
        revision,
      ),
      judge(mesh, VALIDATING, `istio-validator-${revision}-${CONTROL_PLANE_NAMESPACE}`, revision),
    ]),
    ...tags(mesh),
  ],
};

function judge(
  mesh: ObservedMesh,
  kind: typeof MUTATING | typeof VALIDATING,
  name: string,
  revision: MeshRevision,
): Observation {
  const found = mesh.state.all(kind).find(({ metadata }) => metadata.name === name);
  if (found !== undefined) return judgeConfiguration(mesh, found, revision);
  const lost =
    kind === MUTATING
      ? `pods of ${revision} get no sidecar`
      : `istiod of ${revision} does not reject invalid configuration`;
  return say.failed(
    `${kind.split("/")[1] ?? ""} ${name}`,
    `It does not exist, so ${lost}.`,
    "AKS creates it with the revision. Let AKS reconcile the cluster.",
    reconcile(mesh),
  );
}

function judgeConfiguration(
  mesh: ObservedMesh,
  configuration: ClusterObject,
  revision: string,
): Observation {
  const subject = labelOf(configuration);
  const restart = [
    `kubectl rollout restart deployment/istiod-${revision} --namespace ${CONTROL_PLANE_NAMESPACE}`,
  ];
  const entries = listAt(configuration, "webhooks");
  if (entries.length === 0) {
    const fix = "Let AKS reconcile the cluster.";
    return say.failed(subject, "It has no webhooks.", fix, reconcile(mesh));
  }
  const certificates: X509Certificate[] = [];
  for (const entry of entries) {
    const name = textAt(entry, "name") ?? "";
    const lost = lostService(mesh, entry);
    if (lost !== undefined) {
      return say.failed(
        subject,
        `The webhook ${name} cannot be called: the Service ${lost} does not exist.`,
        "AKS creates it with the revision. Let AKS reconcile the cluster.",
        reconcile(mesh),
      );
    }
    const bundle = textAt(entry, "clientConfig", "caBundle") ?? "";
    const problem = bundleProblem(mesh, bundle);
    if (problem !== undefined) {
      return say.failed(
        subject,
        `The webhook ${name} cannot be called: ${problem}.`,
        "istiod writes its CA into its webhooks when it starts. Restart it.",
        restart,
      );
    }
    certificates.push(...(certificatesInBase64(bundle) ?? []));
  }
  const lenient = entries.filter((entry) => textAt(entry, "failurePolicy") !== "Fail");
  if (lenient.length > 0) return lenientPolicy(configuration, lenient, mesh, restart);
  const label = configuration.metadata.labels?.[TAG_LABEL] ?? revision;
  if (
    configuration.kind === "MutatingWebhookConfiguration" &&
    !selectsPodsOf(configuration, label)
  ) {
    return say.failed(
      subject,
      `None of its webhooks is called for a pod in a namespace with the label ${REVISION_LABEL}=${label}, so such pods get no sidecar.`,
      "Its rules and selectors are Istio's own. Let AKS reconcile the cluster, or set the revision tag again.",
      reconcile(mesh),
    );
  }
  const first = firstToEnd(certificates);
  const until = first === undefined ? "" : ` Its CA is valid until ${lastDay(first)}.`;
  return say.passed(subject, `The API server can verify istiod.${until}`);
}

/** Whether the API server calls one of the webhooks for a new pod in a namespace with a label `istio.io/rev`. */
function selectsPodsOf(configuration: ClusterObject, label: string): boolean {
  return injectionWebhooks([configuration]).some(
    (webhook) => whyNotSelected(webhook, { [REVISION_LABEL]: label }, {}) === undefined,
  );
}

/** The Service that a webhook calls, if it does not exist. */
function lostService({ state }: ObservedMesh, entry: unknown): string | undefined {
  const [name, namespace] = ["name", "namespace"].map((field) =>
    textAt(entry, "clientConfig", "service", field),
  );
  if (name === undefined || namespace === undefined) return undefined;
  const exists = state
    .all("Service")
    .some(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  return exists ? undefined : `${namespace}/${name}`;
}

/** Why the API server cannot verify istiod with a CA; undefined if it can. */
function bundleProblem({ state, now }: ObservedMesh, bundle: string): string | undefined {
  if (bundle === "") return "it has no caBundle";
  const certificates = certificatesInBase64(bundle);
  if (certificates === undefined) return "its caBundle is not a certificate";
  const ended = certificates
    .map((certificate) => lifetime(certificate, now, 0))
    .find(({ outcome }) => outcome === "failed");
  if (ended !== undefined) return `its caBundle ${ended.message}`;
  const roots = meshRoots(state);
  if (roots !== undefined && !sameCertificates(certificates, roots)) {
    return `its caBundle is another CA than that of istiod in ConfigMap ${CONTROL_PLANE_NAMESPACE}/${ROOT_CONFIG_MAP}`;
  }
  return undefined;
}

function lenientPolicy(
  configuration: ClusterObject,
  lenient: readonly unknown[],
  mesh: ObservedMesh,
  restart: readonly string[],
): Observation {
  const names = lenient.map((entry) => textAt(entry, "name") ?? "").join(", ");
  const subject = labelOf(configuration);
  return configuration.kind === "MutatingWebhookConfiguration"
    ? say.failed(
        subject,
        `failurePolicy of ${names} is not Fail: while istiod does not answer, pods start without a sidecar.`,
        "AKS sets it. Let AKS reconcile the cluster.",
        reconcile(mesh),
      )
    : say.warning(
        subject,
        `failurePolicy of ${names} is not Fail: while istiod does not answer, the cluster accepts invalid Istio configuration.`,
        "istiod sets it to Fail once it is ready. If it stays, restart istiod.",
        restart,
      );
}

/** The webhooks of revision tags, which AKS does not own. */
function tags(mesh: ObservedMesh): readonly Observation[] {
  const running = expectedRevisions(mesh);
  return mesh.state.all(MUTATING).flatMap((configuration) => {
    const { labels = {} } = configuration.metadata;
    const [tag, revision = ""] = [labels[TAG_LABEL], labels[REVISION_LABEL]];
    if (tag === undefined) return [];
    if (running.some((one) => one === revision)) {
      return [judgeConfiguration(mesh, configuration, revision)];
    }
    return [
      say.failed(
        labelOf(configuration),
        `The tag ${tag} points to ${revision}, which does not run: pods that follow it cannot be created.`,
        "Point the tag to a revision that runs.",
        [
          `istioctl tag set ${tag} --revision ${running.at(-1) ?? "asm-X-Y"} --istioNamespace ${CONTROL_PLANE_NAMESPACE} --overwrite`,
        ],
      ),
    ];
  });
}

function reconcile(mesh: ObservedMesh): readonly string[] {
  const cluster = armCluster(mesh);
  return cluster === undefined ? [] : [`az aks update ${azArguments(cluster)}`];
}

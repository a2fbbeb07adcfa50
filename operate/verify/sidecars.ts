import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { expectedRevisions } from "./expectedRevisions.ts";
import { meshWorkloads, unknownNamespaces } from "./meshPods.ts";
import type { MeshPod, MeshWorkload } from "./meshPods.ts";
import { restartOf } from "./restart.ts";
import { counted } from "../wording.ts";

const say = sayings("sidecars");

/**
 * Whether each pod has the sidecar that it would get if it were created now.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection
 */
export const sidecars: Check = {
  name: "sidecars",
  kinds: [
    "Namespace",
    "Pod",
    "apps/Deployment",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  ],
  judge(mesh) {
    const running = expectedRevisions(mesh);
    const workloads = meshWorkloads(mesh.state);
    const problems = workloads.flatMap((workload) => judge(workload, running) ?? []);
    const right = workloads.filter(({ pods }) =>
      pods.every(({ proxy, verdict }) => proxy !== undefined && isRight(proxy.revision, verdict)),
    );
    if (right.length === 0 && problems.length > 0) return problems;
    return [
      say.passed(
        "workloads",
        `${counted(right.length, "workload")} in the mesh with the right sidecar in every pod.`,
      ),
      ...unknownNamespaces(mesh.state).map((name) =>
        say.unchecked(`Namespace ${name}`, {
          reason: "It was not read, but pods of it were: whether they need a sidecar is not known.",
          fix: "Read all namespaces and pods at once: kubectl get namespaces,pods -A -o json.",
        }),
      ),
      ...problems,
    ];
  },
};

/** What to do before pods are replaced by new ones without a sidecar. No command: whether they belong in the mesh is not known. */
function beforeRestart({ outcome }: MeshPod["verdict"]): string {
  return outcome === "refused"
    ? "a restart fails. Point the revision tag to a revision that runs before you restart the workload."
    : "a restart takes the workload out of the mesh. To keep it in, correct the labels before you restart it.";
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isRight(revision: string | undefined, verdict: MeshPod["verdict"]): boolean {
  return verdict.outcome === "injected" && verdict.revision === revision;
}

/** What is wrong with the sidecars of a workload; the worst, if its pods differ. */
function judge(workload: MeshWorkload, running: readonly string[]): Observation | undefined {
  const { label, pods } = workload;
  const { fix, commands } = restartOf(workload);
  const of = (some: readonly MeshPod[]) => `${some.length} of ${counted(pods.length, "pod")}`;

  const orphans = pods.filter(
    ({ proxy }) => proxy !== undefined && isOrphan(proxy.revision, running),
  );
  const [orphan] = orphans;
  if (orphan !== undefined) {
    const revision = orphan.proxy?.revision ?? "a revision that they do not name";
    const message = `${of(orphans)}: the proxy is of ${revision}, which does not run, so it gets no more configuration and certificates. ${orphan.verdict.reason}`;
    return orphan.verdict.outcome === "injected"
      ? say.failed(label, message, fix, commands)
      : say.failed(label, message, sentence(beforeRestart(orphan.verdict)));
  }
  const lacking = pods.filter(
    ({ proxy, verdict }) => verdict.outcome === "injected" && proxy === undefined,
  );
  const [without] = lacking;
  if (without !== undefined) {
    return say.failed(
      label,
      `${of(lacking)} without a sidecar. ${without.verdict.reason}`,
      `Pods that are older than the label have none. ${fix}`,
      commands,
    );
  }
  const others = pods.filter(
    ({ proxy, verdict }) =>
      proxy !== undefined && verdict.outcome === "injected" && !isRight(proxy.revision, verdict),
  );
  const [other] = others;
  if (other?.verdict.outcome === "injected") {
    return say.failed(
      label,
      `${of(others)} with a sidecar of ${other.proxy?.revision ?? ""} instead of ${other.verdict.revision}. ${other.verdict.reason}`,
      fix,
      commands,
    );
  }
  const unexpected = pods.filter(
    ({ proxy, verdict }) => proxy !== undefined && verdict.outcome !== "injected",
  );
  const [extra] = unexpected;
  if (extra === undefined) return undefined;
  return say.warning(
    label,
    `${of(unexpected)} with a sidecar that a new pod would not get. ${extra.verdict.reason}`,
    `If its manifest has the sidecar (aks-istio inject), this is right. Otherwise, ${beforeRestart(extra.verdict)}`,
  );
}

function isOrphan(revision: string | undefined, running: readonly string[]): boolean {
  return revision === undefined || !running.includes(revision);
}

import { namedRevision } from "../../mesh/injection.ts";
import { LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../mesh/names.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { injectingRevisions } from "../cluster/controlPlanes.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import { counted } from "../wording.ts";
import type { Check } from "./check.ts";
import { expectedRevisions } from "./expectedRevisions.ts";
import type { ObservedMesh } from "./observedMesh.ts";

const say = sayings("namespace-labels");

/**
 * Whether the labels of namespaces select a revision that runs, and the one that the stack wants.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection
 */
export const namespaceLabels: Check = {
  name: "namespace-labels",
  kinds: [
    "Namespace",
    "apps/Deployment",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  ],
  judge(mesh) {
    const namespaces = mesh.state.all("Namespace");
    const problems = [
      ...namespaces.flatMap((namespace) => contradiction(mesh, namespace) ?? []),
      ...wantedLabels(mesh).flatMap(([name, revision]) => judgeWanted(mesh, name, revision) ?? []),
      ...strays(mesh),
    ];
    const inside = namespaces.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL]);
    return problems.length > 0
      ? problems
      : [
          say.passed(
            "namespaces",
            `${counted(inside.length, "namespace")} in the mesh, with labels of revisions that run.`,
          ),
        ];
  },
};

/** What is wrong with the labels of a namespace, whatever a stack wants. */
function contradiction(mesh: ObservedMesh, namespace: ClusterObject): Observation | undefined {
  const { name, labels = {} } = namespace.metadata;
  const revision = labels[REVISION_LABEL];
  const legacy = labels[LEGACY_INJECTION_LABEL];
  const subject = `Namespace ${name}`;
  if (legacy !== undefined && revision !== undefined) {
    return say.failed(
      subject,
      `It has the labels ${REVISION_LABEL}=${revision} and ${LEGACY_INJECTION_LABEL}=${legacy}. With the second, the webhooks of ${revision} skip it, and its pods get no sidecar.`,
      `Remove ${LEGACY_INJECTION_LABEL}, and restart its workloads.`,
      [`kubectl label namespace ${name} ${LEGACY_INJECTION_LABEL}-`],
    );
  }
  if (legacy === "enabled") {
    return say.failed(
      subject,
      `It has the label ${LEGACY_INJECTION_LABEL}=enabled, which the add-on ignores, and not ${REVISION_LABEL}: its pods get no sidecar.`,
      "Label it with a revision instead, and restart its workloads.",
      [
        `kubectl label namespace ${name} ${LEGACY_INJECTION_LABEL}- ${REVISION_LABEL}=${newest(mesh)}`,
      ],
    );
  }
  if (revision === undefined) return undefined;
  const running = injectingRevisions(mesh.state);
  const named = namedRevision(revision, running);
  if (named !== undefined && running.revisions.includes(named)) return undefined;
  const names =
    named === undefined
      ? "names no revision that runs, and no revision tag: its pods get no sidecar"
      : `names a tag of ${named}, which does not run: its pods cannot be created`;
  return say.failed(
    subject,
    `Its label ${REVISION_LABEL}=${revision} ${names}.`,
    "Label it with a revision that runs, and restart its workloads.",
    [`kubectl label namespace ${name} ${REVISION_LABEL}=${newest(mesh)} --overwrite`],
  );
}

/** The revision of each namespace that the stack puts into the mesh. */
function wantedLabels(mesh: ObservedMesh): readonly (readonly [string, string])[] {
  const { inside = [] } = mesh.wanted?.namespaces ?? {};
  return inside.map((name) => [name, mesh.wanted?.plan?.labels[name] ?? newest(mesh)]);
}

function judgeWanted(
  { state, wanted }: ObservedMesh,
  name: string,
  revision: string,
): Observation | undefined {
  const subject = `Namespace ${name}`;
  const stack = wanted?.stack ?? "";
  const deploy = [`pulumi up --stack ${stack}`];
  const found = state.all("Namespace").find(({ metadata }) => metadata.name === name);
  if (found === undefined) {
    return say.failed(
      subject,
      `It does not exist, but the stack ${stack} wants it.`,
      "Deploy the stack.",
      deploy,
    );
  }
  const label = found.metadata.labels?.[REVISION_LABEL];
  if (label !== undefined) {
    if ((namedRevision(label, injectingRevisions(state)) ?? label) === revision) return undefined;
  }
  const has = label === undefined ? "It has no" : `Its`;
  return say.failed(
    subject,
    `${has} label ${REVISION_LABEL}${label === undefined ? "" : ` is ${label}`}, and the stack ${stack} wants ${revision}.`,
    "Deploy the stack, and restart the workloads of the namespace.",
    deploy,
  );
}

/** Namespaces that the stack keeps out of the mesh, but are in it. */
function strays({ state, wanted }: ObservedMesh): readonly Observation[] {
  const { outside = [] } = wanted?.namespaces ?? {};
  return state
    .all("Namespace")
    .flatMap(({ metadata: { name, labels = {} } }) =>
      outside.includes(name) && labels[REVISION_LABEL] !== undefined
        ? [
            say.failed(
              `Namespace ${name}`,
              `It is in the mesh (${REVISION_LABEL}=${labels[REVISION_LABEL]}), and the stack ${wanted?.stack ?? ""} keeps it out.`,
              "Remove the label and restart its workloads, or set mesh to true in the stack.",
              [`kubectl label namespace ${name} ${REVISION_LABEL}-`],
            ),
          ]
        : [],
    );
}

function newest(mesh: ObservedMesh): string {
  return expectedRevisions(mesh).at(-1) ?? "asm-X-Y";
}

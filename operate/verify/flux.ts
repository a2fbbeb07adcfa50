import { withoutCredentials } from "../../manifests/tools/withoutCredentials.ts";
import { labelOf, valueAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { conditionProblem } from "../cluster/conditions.ts";
import type { KindName } from "../cluster/kinds.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { counted } from "../wording.ts";

const say = sayings("flux");

const GIT = "source.toolkit.fluxcd.io/GitRepository";
const KUSTOMIZATION = "kustomize.toolkit.fluxcd.io/Kustomization";
const HELM = "helm.toolkit.fluxcd.io/HelmRelease";
/** Of buckets, and of containers of Azure Blob Storage. */
const BUCKET = "source.toolkit.fluxcd.io/Bucket";
const KINDS: readonly KindName[] = [GIT, BUCKET, KUSTOMIZATION, HELM];

/**
 * Whether Flux has applied what its sources contain: this is the compliance that ARM shows of a Flux configuration.
 *
 * @see https://fluxcd.io/flux/components/kustomize/kustomizations/#kustomization-status
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2#compliance-state
 */
export const flux: Check = {
  name: "flux",
  kinds: KINDS,
  judge({ state, wanted }) {
    const objects = KINDS.flatMap((kind) => state.all(kind));
    const problems = objects.flatMap((object) => judge(object) ?? []);
    const sources = state.all(GIT).length + state.all(BUCKET).length;
    const steps = state.all(KUSTOMIZATION).length;
    const missing =
      wanted?.gitops === true && (sources === 0 || steps === 0)
        ? [
            say.failed(
              "Flux",
              `The stack ${wanted.stack} has a source, but the cluster has ${counted(sources, "source")} and ${counted(steps, "Kustomization")}.`,
              "Wait until the extension microsoft.flux has created them, or deploy the stack.",
              [`pulumi up --stack ${wanted.stack}`],
            ),
          ]
        : [];
    if (problems.length + missing.length > 0) return [...missing, ...problems];
    return [
      say.passed(
        "Flux",
        objects.length === 0
          ? "The cluster has no objects of Flux."
          : `${counted(objects.length, "object")} ready at the current version.`,
      ),
    ];
  },
};

/** What the Flux CLI calls kinds, if it does not use their names. */
const COMMANDS: Readonly<Record<string, string>> = {
  GitRepository: "source git",
  Bucket: "source bucket",
};

function judge(object: ClusterObject): Observation | undefined {
  const { name, namespace = "" } = object.metadata;
  const label = labelOf(object);
  const command = COMMANDS[object.kind] ?? object.kind.toLowerCase();
  if (valueAt(object, "spec", "suspend") === true) {
    return say.warning(label, "It is suspended, so Flux does not apply changes.", "Resume it.", [
      `flux resume ${command} ${name} --namespace ${namespace}`,
    ]);
  }
  const problem = conditionProblem(object, "Ready");
  if (problem === undefined) return undefined;
  return say.failed(
    label,
    `It ${withoutCredentials(problem)}.`,
    "Correct what the message names, in the repository or its access, and let Flux try again.",
    [`flux reconcile ${command} ${name} --namespace ${namespace}`],
  );
}

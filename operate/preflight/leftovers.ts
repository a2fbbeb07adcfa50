import type { ManagedCluster } from "@azure/arm-containerservice";
import { isIstioGroup } from "../../mesh/ownIstio.ts";
import { shellWord } from "../../text/shellWord.ts";
import { isAnswered } from "../azure/answer.ts";
import { textAt } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import type { KindName } from "../cluster/kinds.ts";
import type { NotRead } from "../notRead.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import { leftovers as ofOtherMeshes } from "../verify/leftovers.ts";
import type { Check } from "./check.ts";

const say = sayings("leftovers");

const DEFINITIONS = "apiextensions.k8s.io/CustomResourceDefinition";

/** The kinds of objects that the check reads. */
export const LEFTOVER_KINDS: readonly KindName[] = [...ofOtherMeshes.kinds, DEFINITIONS];

/** Whether an existing cluster has something of another Istio, which the add-on must not meet. */
export const leftovers: Check = {
  name: "leftovers",
  run: ({ cluster, state }) => {
    if (state !== undefined) {
      return judgeLeftovers(state, isAnswered(cluster) ? (cluster.value ?? ABSENT) : cluster);
    }
    if (!isAnswered(cluster)) return [say.unchecked("cluster", cluster)];
    if (cluster.value === undefined) {
      return [
        say.passed(
          "cluster",
          "A new cluster has none. If the stack already has one, name it with --cluster.",
        ),
      ];
    }
    const { name = "" } = cluster.value;
    const subject = `cluster ${name}`;
    return runsMesh(cluster.value)
      ? [say.passed(subject, "It runs the mesh already; verify looks for what disturbs it.")]
      : [
          say.unchecked(subject, {
            reason: "It has no mesh yet, and its objects were not read.",
            fix: "Name its context with --context, or files with --from.",
          }),
        ];
  },
};

const ABSENT: NotRead = {
  reason: "Azure knows no cluster of this name.",
  fix: "Name the stack's cluster with --cluster.",
};

/** @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#before-you-begin */
export function judgeLeftovers(
  state: ClusterState,
  cluster: ManagedCluster | NotRead,
): readonly Observation[] {
  return state.whenRead("leftovers", LEFTOVER_KINDS, () => {
    const mesh = { state, cluster, wanted: undefined, now: new Date(), certificateDays: 0 };
    const hasMesh = !("reason" in cluster) && runsMesh(cluster);
    // With the mesh, the definitions are the add-on's own.
    const found = [...(hasMesh ? [] : definitions(state)), ...ofOtherMeshes.judge(mesh)];
    const problems = found.filter(({ outcome }) => outcome !== "passed");
    return problems.length > 0 ? problems : found;
  });
}

function definitions(state: ClusterState): readonly Observation[] {
  const names = state
    .all(DEFINITIONS)
    .filter((definition) => isIstioGroup(textAt(definition, "spec", "group") ?? ""))
    .map(({ metadata }) => metadata.name);
  if (names.length === 0) return [];
  return [
    say.failed(
      "definitions of Istio",
      `The cluster has ${names.length} of another Istio: ${names.join(", ")}. The add-on installs its own.`,
      "Back up their objects, which are deleted with them, uninstall the other Istio, and delete them.",
      [`kubectl delete crd ${names.map(shellWord).join(" ")}`],
    ),
  ];
}

function runsMesh({ serviceMeshProfile }: ManagedCluster): boolean {
  return serviceMeshProfile?.mode === "Istio";
}

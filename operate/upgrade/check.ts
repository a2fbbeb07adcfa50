import type { ClusterVersion, Day } from "../../mesh/support.ts";
import type { MeshPlan, MeshState, UpgradeStep } from "../../mesh/upgrade.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import type { KindName } from "../cluster/kinds.ts";
import type { NotRead } from "../notRead.ts";
import type { Observation } from "../observation.ts";
import type { AzureMesh } from "./azureMesh.ts";

/** An upgrade of the mesh of a stack, and the cluster of the stack. */
export interface Upgrade {
  /** The state in the settings, which should be deployed. */
  readonly mesh: MeshState;
  readonly plan: MeshPlan;
  /** The step that is to be taken next; undefined if no upgrade is in progress and none is to start. */
  readonly step: UpgradeStep | undefined;
  /** The Kubernetes version and support plan of the settings. */
  readonly version: ClusterVersion;
  readonly day: Day;
  readonly state: ClusterState;
  readonly azure: AzureMesh | NotRead;
}

/** A check of what stands in the way of the next step. */
export interface UpgradeCheck {
  /** In kebab case; stable, since reports and `--skip` use it. */
  readonly name: string;
  /** The kinds of objects that it reads. */
  readonly kinds: readonly KindName[];
  readonly judge: (upgrade: Upgrade, observe: Observe) => readonly Observation[];
}

/** Makes an observation of the check. */
export type Observe = (
  outcome: Observation["outcome"],
  subject: string,
  message: string,
  rest?: Pick<Observation, "fix" | "commands">,
) => Observation;

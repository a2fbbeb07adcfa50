import type { Config } from "../../offline/project/config.ts";
import { AccessError } from "../../operate/accessError.ts";
import type { ApiServer } from "../../operate/cluster/apiServer.ts";
import { readCluster } from "../../operate/cluster/readCluster.ts";
import { readSnapshot } from "../../operate/snapshot.ts";
import type { Observation } from "../../operate/observation.ts";
import { ARM_CHECKS, kindsToVerify, verifyMesh } from "../../operate/verify/checks.ts";
import type { ObservedMesh } from "../../operate/verify/observedMesh.ts";
import type { WantedMesh } from "../../operate/verify/wantedMesh.ts";
import { azureChoiceOf } from "../operate/azureOptions.ts";
import { clusterInAzure, notInFiles } from "../operate/clusterInAzure.ts";

/** A stack with its configuration. */
export interface StackToVerify {
  readonly wanted: WantedMesh;
  readonly config: Config;
}

export interface LookOptions {
  readonly skip: readonly string[];
  readonly certificateDays: number;
}

/** A cluster to verify. */
export interface Target {
  /** As reports call it: `stack prod, context prod`. */
  readonly subject: string;
  readonly stack: string | undefined;
  /** Reads everything anew, and judges it. */
  readonly look: () => Promise<readonly Observation[]>;
}

/** The name of what is said of a cluster that could not be read at all. */
export const ACCESS = "access";

/** The files of `--from`. */
export function filesTarget(
  files: readonly string[],
  isComplete: boolean,
  stack: StackToVerify | undefined,
  options: LookOptions,
): Target {
  const { state, managedCluster } = readSnapshot(files, isComplete);
  const cluster = managedCluster ?? notInFiles(ARM_CHECKS);
  return {
    subject: subjectOf(stack, state.from),
    stack: stack?.wanted.stack,
    look: () => Promise.resolve(judged(stack, options, { state, cluster })),
  };
}

/** A live cluster. It is asked at every look; a failure to reach it is an observation, since it may heal. */
export function clusterTarget(
  server: ApiServer,
  stack: StackToVerify | undefined,
  options: LookOptions,
): Target {
  const asksArm = !ARM_CHECKS.every((check) => options.skip.includes(check));
  const choice = azureChoiceOf({}, process.env, stack?.config);
  const look = async () => {
    const state = await readCluster(server, [...kindsToVerify(options.skip), "Node"]);
    const cluster = asksArm
      ? await clusterInAzure(state, choice, ARM_CHECKS, (managed) => Promise.resolve(managed))
      : { reason: "ARM was not asked.", fix: "Ask it." };
    return judged(stack, options, { state, cluster });
  };
  return {
    subject: subjectOf(stack, `context ${server.context}`),
    stack: stack?.wanted.stack,
    look: () => look().catch(unreachable),
  };
}

function judged(
  stack: StackToVerify | undefined,
  { skip, certificateDays }: LookOptions,
  read: Pick<ObservedMesh, "state" | "cluster">,
): readonly Observation[] {
  const mesh = { ...read, wanted: stack?.wanted, now: new Date(), certificateDays };
  return verifyMesh(mesh, skip);
}

function unreachable(error: unknown): readonly Observation[] {
  if (!(error instanceof AccessError)) throw error;
  return [{ check: ACCESS, outcome: "unchecked", subject: "cluster", message: error.message }];
}

function subjectOf(stack: StackToVerify | undefined, from: string): string {
  return stack === undefined ? from : `stack ${stack.wanted.stack}, ${from}`;
}

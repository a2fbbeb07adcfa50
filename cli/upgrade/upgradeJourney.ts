import type { Day } from "../../mesh/support.ts";
import { planMesh } from "../../mesh/upgrade.ts";
import type { Assumptions } from "../../offline/engine/assumptions.ts";
import type { Project } from "../../offline/project/project.ts";
import { loadStackFile } from "../../offline/project/stackFile.ts";
import type { ApiServer } from "../../operate/cluster/apiServer.ts";
import type { ClusterState } from "../../operate/cluster/clusterState.ts";
import { readCluster } from "../../operate/cluster/readCluster.ts";
import type { KindName } from "../../operate/cluster/kinds.ts";
import type { NotRead } from "../../operate/notRead.ts";
import type { AzureMesh } from "../../operate/upgrade/azureMesh.ts";
import { UPGRADE_KINDS } from "../../operate/upgrade/checks.ts";
import type { Journey } from "../../operate/upgrade/drive.ts";
import { restartWave } from "../../operate/upgrade/restartWave.ts";
import { RESTART_KINDS, restartsIn } from "../../operate/upgrade/restarts.ts";
import { CHECK_NAMES, kindsToVerify, verifyMesh } from "../../operate/verify/checks.ts";
import { untilHealthy } from "../../operate/verify/untilHealthy.ts";
import { settingsOf } from "../stack/stackSettings.ts";
import { wantedMesh } from "../verify/wantedMesh.ts";
import { blockersIn } from "./blockers.ts";
import type { DeployedStack } from "./deployedStack.ts";
import { editedStep, isAtEnd, meshStateOf, writeStep } from "./editStep.ts";
import type { EditedStep, StepChoice } from "./editStep.ts";
import { sayWaits } from "./sayWaits.ts";

export interface JourneyOptions {
  readonly project: Project;
  readonly stack: string;
  readonly assumptions: Assumptions;
  readonly choice: StepChoice;
  readonly day: Day;
  readonly deployed: DeployedStack;
  readonly server: () => Promise<ApiServer>;
  /** What Azure says of the cluster with this state, unless its check is among those to leave out. */
  readonly azure: (state: ClusterState, skip: readonly string[]) => Promise<AzureMesh | NotRead>;
  /** The checks to leave out before each step, by their names. */
  readonly skip: readonly string[];
  /** How many workloads restart at the same time. */
  readonly waveSize: number;
  /** How long a wave, and the wait until the mesh is as the settings say, may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const INTERVAL_MS = 3_000;
/** How long the next step waits for what the last one has left behind. */
const SETTLING_MS = 60_000;

/** The checks of `verify` that a step changes. What else is wrong was wrong before, and is not the upgrade's. */
const VERIFIED: readonly string[] = [
  "control-plane",
  "gateways",
  "webhooks",
  "mesh-config",
  "namespace-labels",
  "sidecars",
];
/** The checks of a step whose failure may be the reason to go back. */
const OF_THE_WAY_ON: readonly string[] = [
  "upgrade-deployed",
  "upgrade-azure",
  "upgrade-canary-health",
];

const SKIPPED = CHECK_NAMES.filter((name) => !VERIFIED.includes(name));

/** The upgrade of a stack's mesh: its file says where it stands, and the Pulumi CLI and the API server do the rest. */
export function upgradeJourney(options: JourneyOptions): Journey {
  const { project, stack, assumptions, choice, day, deployed, server, signal, say } = options;
  const now = () => {
    const file = loadStackFile(project, { stack });
    const { settings } = settingsOf(project, file, assumptions);
    const nextEdit = (): EditedStep => editedStep(project, file, settings, assumptions, choice);
    return { settings, mesh: meshStateOf(settings), nextEdit };
  };
  const read = async (kinds: readonly KindName[]) => readCluster(await server(), kinds);
  const { timeoutMs, waveSize } = options;
  return {
    position: () => {
      const { mesh, nextEdit } = now();
      const { phase } = planMesh(mesh);
      if (isAtEnd(mesh, choice)) return { phase, step: undefined };
      const edit = nextEdit();
      const take = () => {
        signal.throwIfAborted();
        writeStep(edit);
      };
      return { phase, step: { does: edit.step.does, take } };
    },
    deploy: async () => {
      signal.throwIfAborted();
      await deployed.up();
    },
    move: async () => {
      const state = await read(RESTART_KINDS);
      const unread = state.whenRead("restarts", RESTART_KINDS, () => []);
      if (unread.length > 0) return unread;
      const { waves, stuck } = restartsIn(state, waveSize);
      for (const wave of waves) {
        const waveOptions = { timeoutMs, intervalMs: INTERVAL_MS, signal, say };
        const failed = await restartWave(await server(), wave, waveOptions);
        if (failed.length > 0) return [...failed, ...stuck];
      }
      return stuck;
    },
    verify: () => {
      const look = async () =>
        verifyMesh(
          {
            state: await read(kindsToVerify(SKIPPED)),
            cluster: { reason: "ARM was not asked.", fix: "Run verify." },
            wanted: wantedMesh(stack, now().settings),
            now: new Date(),
            certificateDays: 0,
          },
          SKIPPED,
        );
      return untilHealthy(look, {
        timeoutMs,
        intervalMs: INTERVAL_MS,
        mayHeal: ({ outcome }) => outcome === "failed",
        onWait: sayWaits(say),
        signal,
      });
    },
    blockers: (mayWait) => {
      const left = [...options.skip, ...(choice.direction === "back" ? OF_THE_WAY_ON : [])];
      const look = async () => {
        const { settings, mesh, nextEdit } = now();
        const state = await read(UPGRADE_KINDS);
        const azure = await options.azure(state, left);
        const found = blockersIn({ state, azure }, mesh, nextEdit().step, settings, day);
        return found.filter(({ check }) => !left.includes(check));
      };
      // Pods and control planes that are about to be replaced are gone in a moment.
      return untilHealthy(look, {
        timeoutMs: mayWait ? Math.min(timeoutMs, SETTLING_MS) : 0,
        intervalMs: INTERVAL_MS,
        mayHeal: ({ outcome }) => outcome === "failed",
        onWait: sayWaits(say),
        signal,
      });
    },
  };
}

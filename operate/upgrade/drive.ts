import type { Observation } from "../observation.ts";

/** Where an upgrade stands. */
export interface Position {
  /** `none` if no upgrade is in progress. */
  readonly phase: string;
  /** The step that leads on; undefined at the end. */
  readonly step: { readonly does: string; readonly take: () => void } | undefined;
}

/** What an upgrade does in the world; each part can be repeated after it was interrupted. */
export interface Journey {
  /** Where the stack's settings stand now. */
  readonly position: () => Position;
  /** Deploys the settings. */
  readonly deploy: () => Promise<void>;
  /** Moves the workloads that do not follow their namespace's label. Returns what did not come up. */
  readonly move: () => Promise<readonly Observation[]>;
  /** Whether the mesh is now as the settings say, waiting until it is. */
  readonly verify: () => Promise<readonly Observation[]>;
  /**
   * What stands in the way of the next step.
   *
   * @param mayWait whether to wait for what the last step has left behind
   */
  readonly blockers: (mayWait: boolean) => Promise<readonly Observation[]>;
}

export interface DriveOptions {
  /** Ends the drive in this phase. */
  readonly stopAfter?: string | undefined;
  /** Whether the steps lead back to the beginning. */
  readonly goesBack: boolean;
  readonly say: (line: string) => void;
}

/** How a drive ended. */
export interface Arrival {
  readonly phase: string;
  /** Why it ended early; empty if it arrived. */
  readonly stoppedBy: readonly Observation[];
}

/**
 * Takes an upgrade from where it stands to its end, one deployment a phase. The current phase is deployed first, since an
 * earlier run may have been interrupted in it; on the way back only if that is needed, since what is wrong in it may be
 * why. It goes on only if everything that it needs to know is known and fine. What is only a warning, it says once.
 */
export async function drive(
  journey: Journey,
  { stopAfter, goesBack, say }: DriveOptions,
): Promise<Arrival> {
  const start = journey.position();
  // Before the first step, there is nothing of an upgrade to deploy. Without one, the last deployment may be incomplete.
  let mustSettle =
    start.step === undefined || start.phase === stopAfter || (start.phase !== "none" && !goesBack);
  const doubts = doubtsAfterWarnings(say);
  for (;;) {
    const { phase, step } = journey.position();
    if (mustSettle) {
      const wrong = await settle(journey, phase, { say, doubts });
      if (wrong.length > 0) return { phase, stoppedBy: wrong };
      if (phase === stopAfter) return { phase, stoppedBy: [] };
    }
    if (step === undefined) return { phase, stoppedBy: [] };
    const isFinal = mustSettle || !goesBack;
    const blockers = doubts(await journey.blockers(isFinal));
    if (blockers.length > 0) {
      if (isFinal) return { phase, stoppedBy: blockers };
    } else {
      say(`Next: ${step.does}`);
      step.take();
    }
    mustSettle = true;
  }
}

/** Makes the world what the settings of a phase say. */
async function settle(
  journey: Journey,
  phase: string,
  { say, doubts }: { readonly say: DriveOptions["say"]; readonly doubts: Doubts },
): Promise<readonly Observation[]> {
  say(phase === "none" ? "Deploying the end of the upgrade" : `Deploying the phase ${phase}`);
  await journey.deploy();
  const wrong = doubts(await journey.move());
  return wrong.length > 0 ? wrong : doubts(await journey.verify());
}

/** What is wrong, or not known. */
type Doubts = (observations: readonly Observation[]) => readonly Observation[];

/** Finds the doubts, and says the warnings that it has not said yet. */
function doubtsAfterWarnings(say: DriveOptions["say"]): Doubts {
  const said = new Set<string>();
  return (observations) => {
    for (const { outcome, subject, message, fix } of observations) {
      const line = [`Warning: ${subject}: ${message}`, ...(fix === undefined ? [] : [fix])].join(
        " ",
      );
      if (outcome !== "warning" || said.has(line)) continue;
      said.add(line);
      say(line);
    }
    return observations.filter(({ outcome }) => outcome === "failed" || outcome === "unchecked");
  };
}

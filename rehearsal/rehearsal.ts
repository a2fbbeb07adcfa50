import { Azure } from "./azure/azure.ts";
import { Cloud } from "./azure/cloud.ts";
import type { ClusterAccess } from "./azure/invokes.ts";
import { isOfKind } from "./azure/kinds.ts";
import { Entra } from "./entra.ts";
import type { Faults } from "./faults.ts";
import { Objects } from "./kubernetes.ts";
import { programSdk } from "./programSdk.ts";
import type { Done } from "./resourceProvider.ts";
import type { StandIn } from "./standIn.ts";
import { serveStandIns } from "./standIns.ts";

export interface RehearsalOptions {
  /** Where the program resolves its packages. */
  readonly programDirectory: string;
  /** The current day in Azure, `YYYY-MM-DD`. */
  readonly day: string;
  readonly faults: Faults;
  /** How long each operation takes, in milliseconds. @default 0 */
  readonly latencyMs?: number | undefined;
  /** The API server of every cluster. If not set, a stand-in accepts the objects unchanged. */
  readonly access?: ClusterAccess | undefined;
  /** Stand-ins for providers other than those of Azure and Kubernetes. */
  readonly others?: readonly StandIn[];
  readonly onDone?: (done: Done) => void | Promise<void>;
}

/** A cloud in this process. A Pulumi CLI with its environment variables deploys to it. */
export interface Rehearsal {
  readonly cloud: Cloud;
  readonly entra: Entra;
  /** Empty if an API server is set. */
  readonly objects: Objects;
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => void;
}

/** No API server listens there. */
const NOWHERE: ClusterAccess = { server: "https://127.0.0.1:1" };

/** Starts stand-ins for Azure, Entra ID and, unless an API server is set, Kubernetes. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { programDirectory, day, faults, latencyMs, access, others = [], onDone } = options;
  const cloud = new Cloud();
  const azure = new Azure({
    ...{ cloud, day },
    access: access ?? NOWHERE,
    sdk: programSdk(programDirectory, "azure-native"),
  });
  const entra = new Entra();
  const objects = new Objects();
  const { environment, stop } = await serveStandIns(
    [azure, entra, ...(access === undefined ? [objects] : []), ...others],
    {
      programDirectory,
      faults,
      latencyMs,
      onDone: async (done) => {
        // Deleting a cluster deletes its objects.
        const { operation, subject, error } = done;
        if (
          operation === "delete" &&
          error === undefined &&
          isOfKind(subject.type, "containerservice:ManagedCluster")
        ) {
          objects.clear();
        }
        await onDone?.(done);
      },
    },
  );
  return { cloud, entra, objects, environment, stop };
}

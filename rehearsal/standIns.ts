import { serve } from "../offline/grpc.ts";
import type { RunningServer } from "../offline/grpc.ts";
import { resourceProvider } from "./resourceProvider.ts";
import type { ProviderOptions } from "./resourceProvider.ts";
import type { StandIn } from "./standIn.ts";

/** Stand-ins that the Pulumi CLI finds through environment variables. */
export interface RunningStandIns {
  /** Environment variables for the CLI. */
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => void;
}

/** Serves stand-ins on loopback, each on its own port. */
export async function serveStandIns(
  standIns: readonly StandIn[],
  options: ProviderOptions,
): Promise<RunningStandIns> {
  const servers: RunningServer[] = [];
  const stop = () => {
    for (const server of servers) server.stop();
  };
  const attached: string[] = [];
  for (const standIn of standIns) {
    const server = await serve([resourceProvider(standIn, options)]);
    servers.push(server);
    attached.push(
      `${standIn.packageName}:${server.address.slice(server.address.indexOf(":") + 1)}`,
    );
  }
  return { environment: { PULUMI_DEBUG_PROVIDERS: attached.join(",") }, stop };
}

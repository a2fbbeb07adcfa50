import { Option } from "commander";
import type { Command } from "commander";
import { UsageError } from "../../offline/errors.ts";
import { ApiServer } from "../../operate/cluster/apiServer.ts";
import { readCluster } from "../../operate/cluster/readCluster.ts";
import type { KindName } from "../../operate/cluster/kinds.ts";
import { readSnapshot } from "../../operate/snapshot.ts";
import type { Snapshot } from "../../operate/snapshot.ts";

/** The options of commands that look at a cluster. */
export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly from?: readonly string[];
  readonly complete?: boolean;
}

/** @param context the option for the context, if the command has more to say of it */
export function addClusterOptions(
  command: Command,
  context = new Option(
    "--context <name>",
    "context of the kubeconfig (default: its current context)",
  ),
): Command {
  return command
    .option("--kubeconfig <file>", "kubeconfig of the cluster (default: as kubectl finds it)")
    .addOption(context)
    .addOption(
      new Option(
        "--from <files...>",
        "read these files instead of a cluster: the output of kubectl get … -A -o json, az aks show, and az aks mesh get-upgrades and get-revisions; - for standard input",
      ).conflicts(["kubeconfig", "context"]),
    )
    .option(
      "--complete",
      "with --from: kinds that the files lack have no objects in the cluster, except Secrets",
    );
}

/**
 * What the cluster, or the files, say.
 *
 * @param kinds those that the command needs
 * @throws UsageError for options that contradict each other
 * @throws AccessError if nothing can be read
 */
export async function readState(
  { kubeconfig, context, from, complete = false }: ClusterFlags,
  kinds: readonly KindName[],
): Promise<Snapshot> {
  if (from !== undefined) return readSnapshot(from, complete);
  if (complete) throw new UsageError("--complete is about the files of --from. Name them, too.");
  const server = await ApiServer.of({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  return {
    state: await readCluster(server, kinds),
    managedCluster: undefined,
    meshUpgrades: undefined,
    meshRevisions: undefined,
  };
}

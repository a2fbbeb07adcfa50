import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import type { ClusterAccess } from "../../../rehearsal/azure/invokes.ts";
import { Faults } from "../../../rehearsal/faults.ts";
import { startRehearsal } from "../../../rehearsal/rehearsal.ts";
import type { Rehearsal } from "../../../rehearsal/rehearsal.ts";
import type { Done } from "../../../rehearsal/resourceProvider.ts";
import type { StandIn } from "../../../rehearsal/standIn.ts";
import { Cli } from "./cli.ts";
import type { Result } from "./cli.ts";

export const ROOT = join(__dirname, "../../..");

/** A day on which every revision in the examples is supported. */
export const DAY = "2026-08-24";

export interface StackOptions {
  /** The program's directory. @default this project */
  readonly project?: string;
  readonly faults?: readonly string[];
  readonly latencyMs?: number;
  /** A real API server, and directories that contain the Kubernetes provider and kubelogin. */
  readonly target?: { readonly access: ClusterAccess; readonly path: readonly string[] };
  readonly others?: readonly StandIn[];
  readonly onDone?: (done: Done, stack: Pick<Stack, "cli" | "cloud">) => void | Promise<void>;
}

/** A stack that the real engine deploys, with stand-ins for the providers that are not available here. */
export interface Stack extends Rehearsal {
  readonly cli: Cli;
  /** The requests to the stand-ins, in order. */
  readonly done: Done[];
  up(...options: readonly string[]): Promise<Result>;
  /** Changes the settings, as an editor would. */
  edit(change: (text: string) => string): void;
  /** Resources that exist but are not in the state, and the reverse. */
  strays(): Promise<readonly string[]>;
}

const NAME = "dev";

export function stackFile(name: string): string {
  return readFileSync(join(ROOT, name), "utf8");
}

/** Creates a stack that is deleted after the test. */
export async function newStack(
  { onTestFinished }: { readonly onTestFinished: (end: () => void) => void },
  stackFile: string,
  options: StackOptions = {},
): Promise<Stack> {
  const { project = ROOT, faults = [], latencyMs, target, others, onDone } = options;
  const tools = inject("tools");
  const done: Done[] = [];
  const rehearsal = await startRehearsal({
    // The programs of the tests use the packages of this project.
    programDirectory: ROOT,
    day: DAY,
    faults: Faults.parse(faults),
    latencyMs,
    access: target?.access,
    ...(others && { others }),
    onDone: async (each) => {
      done.push(each);
      await onDone?.(each, { cli, cloud: rehearsal.cloud });
    },
  });
  const cli = await Cli.create(mkdtempSync(join(tools.scratch, "stack-")), {
    pulumi: tools.pulumi,
    path: [tools.language, ...(target?.path ?? [])],
    project,
    copied: project !== ROOT,
    packages: join(ROOT, "node_modules"),
    stack: NAME,
    stackFile,
    environment: rehearsal.environment,
  });
  onTestFinished(() => {
    rehearsal.stop();
    cli.remove();
  });
  const file = `Pulumi.${NAME}.yaml`;
  return {
    ...rehearsal,
    cli,
    done,
    up: (...options) => cli.run(["up", "--yes", "--skip-preview", ...options]),
    edit: (change) => {
      cli.write(file, change(cli.read(file)));
    },
    strays: async () => {
      const known = await idsInState(cli);
      const existing = rehearsal.cloud.all.map(({ id }) => id);
      return [
        ...existing.filter((id) => !known.includes(id)).map((id) => `not in the state: ${id}`),
        ...known.filter((id) => !existing.includes(id)).map((id) => `only in the state: ${id}`),
      ];
    },
  };
}

interface Exported {
  readonly resources?: readonly { readonly urn: string; readonly id?: string }[];
  readonly pending_operations?: readonly {
    readonly resource: { readonly urn: string };
    readonly type: string;
  }[];
}

async function exported(cli: Cli): Promise<Exported> {
  const { output } = await cli.succeed(["stack", "export"]);
  const json = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
  return (JSON.parse(json) as { deployment: Exported }).deployment;
}

/** The IDs of the resources in Azure Resource Manager. */
async function idsInState(cli: Cli): Promise<readonly string[]> {
  const { resources = [] } = await exported(cli);
  return resources.flatMap(({ id }) => id ?? []).filter((id) => id.startsWith("/subscriptions/"));
}

export async function urnsInState(cli: Cli): Promise<readonly string[]> {
  const { resources = [] } = await exported(cli);
  return resources.map(({ urn }) => urn).sort();
}

/** Creations whose outcome the state does not know. */
export async function pendingCreates(cli: Cli): Promise<readonly string[]> {
  const { pending_operations: pending = [] } = await exported(cli);
  return pending.filter(({ type }) => type === "creating").map(({ resource }) => resource.urn);
}

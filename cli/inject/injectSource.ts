import { withAddition } from "../../inject/addition.ts";
import { NotInjected } from "../../inject/injector.ts";
import type { Injector } from "../../inject/injector.ts";
import { hasSidecar, withoutSidecar } from "../../inject/oldSidecar.ts";
import { podOf } from "../../inject/podOf.ts";
import { whyLeftOut } from "../../inject/whyLeftOut.ts";
import { workloadsIn } from "../../inject/workload.ts";
import type { Workload } from "../../inject/workload.ts";
import { EditError } from "../../yaml/place.ts";
import type { Json } from "../../yaml/json.ts";
import { rewritten } from "../../yaml/rewrite.ts";
import type { NewValue } from "../../yaml/rewrite.ts";
import type { Source } from "./sources.ts";

export interface InjectOptions {
  readonly injector: Injector;
  /** Of objects that name none. */
  readonly namespace: string;
  /** Whether sidecars that are already there are replaced. */
  readonly refresh: boolean;
}

/** A file with sidecars. */
export interface InjectedSource {
  readonly source: Source;
  /** What it says now. */
  readonly text: string;
  /** How many workloads it has, with those that are left out. */
  readonly workloads: number;
  readonly injected: number;
  /** What the user should know, a line each. */
  readonly notes: readonly string[];
  /** Why it cannot be injected, a line each. */
  readonly problems: readonly string[];
}

/** Adds the sidecar to every workload of a file. */
export async function injectSource(
  source: Source,
  options: InjectOptions,
): Promise<InjectedSource> {
  const { name, text, isNamed } = source;
  const isManifest = isNamed || /apiVersion|containers/.test(text);
  const found = isManifest ? workloadsIn(text) : { workloads: [], others: [], problems: [] };
  const { workloads, others } = found;
  const problems = found.problems.map(({ line, message }) => `${name}:${line}: ${message}.`);
  const notes = others.map(({ kind, name: of = "", line, reason }) => {
    const subject = `${kind || "An object"} ${of}`.trimEnd();
    return `${name}:${line}: ${subject} ${reason}.`;
  });
  const values: NewValue[] = [];
  for (const workload of workloads) {
    const place = `${name}:${workload.line}: ${workload.kind} ${workload.name ?? ""}`.trimEnd();
    try {
      const result = await injectWorkload(workload, options);
      if ("leftOut" in result) {
        notes.push(`${place} gets no sidecar. ${result.leftOut}`);
        continue;
      }
      if (result.unstable.length > 0) {
        const parts = result.unstable.join(", ");
        notes.push(
          `${place}: webhooks give every pod values of its own, so these are left out: ${parts}.`,
        );
      }
      values.push({ document: workload.document, path: workload.path, value: result.value });
    } catch (error) {
      if (!(error instanceof NotInjected)) throw error;
      problems.push(`${place}: ${error.message}`);
    }
  }
  const counts = { workloads: workloads.length, injected: values.length };
  if (values.length === 0) return { source, text, ...counts, notes, problems };
  try {
    return { source, text: rewritten(text, values), ...counts, notes, problems };
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    problems.push(`${name} cannot be changed in place: ${error.message}.`);
    return { source, text, ...counts, notes, problems };
  }
}

async function injectWorkload(
  workload: Workload,
  { injector, namespace, refresh }: InjectOptions,
): Promise<
  { readonly leftOut: string } | { readonly value: Json; readonly unstable: readonly string[] }
> {
  const isInjected = hasSidecar(workload.template);
  if (isInjected && !refresh) {
    throw new NotInjected(
      "it already has a sidecar. Inject its source instead, or replace the sidecar with --refresh.",
    );
  }
  const template = isInjected ? withoutSidecar(workload.template) : workload.template;
  const own = { ...workload, template };
  const pod = podOf(own, workload.namespace ?? namespace, injector.revision);
  const leftOut = whyLeftOut(pod);
  if (leftOut !== undefined) return { leftOut };
  const injection = await injector.inject(pod);
  return { value: withAddition(template, injection), unstable: injection.unstable ?? [] };
}

import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import { TransformResourceOptions } from "@pulumi/pulumi/proto/resource_pb";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { PlannedOptions } from "../plan/plan.ts";
import { compareText } from "../plan/planOrder.ts";
import { urnOf } from "../plan/urn.ts";
import type { StackIdentity, Urn } from "../plan/urn.ts";
import { lowerOutputs } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";

/** The resource that a program registers. Transforms replace properties and options. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly remote: boolean;
  readonly parent: Urn;
  readonly properties: Struct;
  readonly options: TransformResourceOptions;
}

export function goalOf(request: RegisterResourceRequest): Goal {
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    remote: request.getRemote(),
    parent: request.getParent(),
    properties: request.getObject() ?? new Struct(),
    options: optionsOf(request),
  };
}

function optionsOf(request: RegisterResourceRequest): TransformResourceOptions {
  const options = new TransformResourceOptions();
  options.setDependsOnList(request.getDependenciesList());
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setVersion(request.getVersion());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  options.setDeletedWith(request.getDeletedwith());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  options.setImport(request.getImportid());
  const protect = request.getProtect();
  if (request.hasProtect() && protect !== undefined) options.setProtect(protect);
  const retain = request.getRetainondelete();
  if (request.hasRetainondelete() && retain !== undefined) options.setRetainOnDelete(retain);
  if (request.getDeletebeforereplacedefined()) {
    options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  }
  for (const [key, reference] of request.getProvidersMap().entries()) {
    options.getProvidersMap().set(key, reference);
  }
  return options;
}

/** Gives a child what it inherits from its parent, as the engine does. */
export function inheritOptions(options: TransformResourceOptions, parent: PlannedOptions): void {
  if (!options.hasProtect() && parent.protect) options.setProtect(true);
  if (!options.hasRetainOnDelete() && parent.retainOnDelete) options.setRetainOnDelete(true);
  if (options.getDeletedWith() === "") options.setDeletedWith(parent.deletedWith);
}

export function plannedOptions(goal: Goal, identity: StackIdentity): PlannedOptions {
  const { options } = goal;
  const timeouts = options.getCustomTimeouts()?.toObject();
  const deleteBeforeReplace = options.getDeleteBeforeReplace();
  return {
    protect: options.getProtect() ?? false,
    retainOnDelete: options.getRetainOnDelete() ?? false,
    deletedWith: options.getDeletedWith(),
    ignoreChanges: options.getIgnoreChangesList(),
    replaceOnChanges: options.getReplaceOnChangesList(),
    additionalSecretOutputs: options.getAdditionalSecretOutputsList(),
    aliases: options.getAliasesList().map((alias) => aliasUrn(alias, goal, identity)),
    ...(options.hasDeleteBeforeReplace() && deleteBeforeReplace !== undefined
      ? { deleteBeforeReplace }
      : {}),
    ...(timeouts === undefined ? {} : { customTimeouts: setTimeouts(timeouts) }),
  };
}

function setTimeouts(timeouts: {
  create: string;
  update: string;
  pb_delete: string;
}): NonNullable<PlannedOptions["customTimeouts"]> {
  const all = { create: timeouts.create, update: timeouts.update, delete: timeouts.pb_delete };
  return Object.fromEntries(
    Object.entries(all).flatMap(([step, duration]) =>
      duration === "" ? [] : [[step, seconds(duration)]],
    ),
  );
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

/** Seconds of a Go duration such as `1h30m`. */
function seconds(duration: string): number {
  return [...duration.matchAll(/([\d.]+)(ms|s|m|h)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_SECONDS[unit ?? ""] ?? 0),
    0,
  );
}

/** Resolves an alias, which omits the parts that it shares with its resource. */
function aliasUrn(alias: Alias, goal: Goal, identity: StackIdentity): Urn {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || goal.parent;
  return urnOf(
    {
      organization: identity.organization,
      project: spec.getProject() || identity.project,
      stack: spec.getStack() || identity.stack,
    },
    spec.getType() || goal.type,
    spec.getName() || goal.name,
    parent,
  );
}

/** The properties as the engine keeps them. */
export function inputsOf(properties: Struct): Properties {
  return lowerOutputs(properties.toJavaScript());
}

/** The URNs in order, without empty ones and duplicates. */
export function sortUrns(urns: Iterable<Urn>): Urn[] {
  return [...new Set(urns)].filter((urn) => urn !== "").sort(compareText);
}

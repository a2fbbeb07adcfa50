import type { Day } from "../../mesh/support.ts";
import type { Cluster } from "../engine/cluster.ts";
import { DAY, exceptionsSchema } from "./exceptions.ts";
import type { Exception } from "./exceptions.ts";
import { defaultsOf } from "./metadata.ts";
import type { ConfigSchema, Metadata } from "./metadata.ts";

/** The pack's configuration: facts about clusters of other stacks, exceptions from rules, and the current day. */
export interface Scope {
  /** Absent if the configuration does not say. */
  readonly clusterUsesAddon: boolean | undefined;
  readonly revisions: readonly string[];
  /** Empty if the configuration does not say. */
  readonly kubernetesVersion: string;
  readonly revisionTags: Readonly<Record<string, string>>;
  /** The label `istio.io/rev` of the namespaces that another stack declares, by namespace. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** The resources that may violate a rule for a limited time. */
  readonly exceptions: readonly Exception[];
  /** The current day, for rules about end dates. */
  readonly today: Day;
}

const REVISION = { type: "string", pattern: "^asm-(0|[1-9][0-9]*)-(0|[1-9][0-9]*)$" } as const;

const config: ConfigSchema<Scope> = {
  clusterUsesAddon: {
    type: "boolean",
    description:
      "Whether the stack's Kubernetes objects are deployed to a cluster of another stack that has the add-on. The default is true if revisions or namespaces is set. Otherwise, mesh-coverage reports objects on a cluster that the program does not create.",
  },
  revisions: {
    type: "array",
    items: REVISION,
    maxItems: 2,
    uniqueItems: true,
    default: [],
    description: "The add-on's revisions on that cluster.",
  },
  kubernetesVersion: {
    type: "string",
    pattern: "^([0-9]+\\.[0-9]+(\\.[0-9]+)?)?$",
    default: "",
    description: "The Kubernetes version of that cluster, such as 1.35.",
  },
  revisionTags: {
    type: "object",
    propertyNames: { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 },
    additionalProperties: REVISION,
    maxProperties: 20,
    default: {},
    description: "Revision tags that are defined outside the stack, with the revision of each.",
  },
  namespaces: {
    type: "object",
    propertyNames: { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 },
    additionalProperties: {
      type: "string",
      pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",
      maxLength: 63,
    },
    maxProperties: 500,
    default: {},
    description:
      "Namespaces of the mesh that another stack declares, with the value of each namespace's label istio.io/rev: a revision or a tag. If any is listed, namespaces that neither this setting nor the stack shows are not in the mesh.",
  },
  exceptions: exceptionsSchema(),
  today: {
    type: "string",
    pattern: `^(${DAY})?$`,
    default: "",
    description:
      "The date that rules about end dates use, such as 2026-11-24, which makes a preview reproducible. The default is the current date in UTC.",
  },
};

/** A preview uses one day, even if it runs past midnight. */
const ACTUAL_DAY: Day = new Date().toISOString().slice(0, 10);

/** The policy that holds the configuration that many rules share. It reports nothing. */
export const meshScope: Metadata & { readonly config: ConfigSchema<Scope> } = {
  name: "mesh-scope",
  displayName: "Settings that the rules share",
  description:
    "These settings describe a cluster or namespaces of another stack, exempt resources from rules, and set the date that the rules use.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "If another stack declares the cluster, set revisions and revisionTags of mesh-scope in the policy pack's configuration. If another stack declares namespaces, set namespaces. Keep mesh-scope enabled, because the other rules read these settings.",
  url: "https://learn.microsoft.com/azure/aks/istio-upgrade",
  tags: ["mesh"],
  config,
};

/** The configuration of `mesh-scope`, with its defaults. */
export function scopeFrom(given: object): Scope {
  // Pulumi has validated the configuration against the schema, but the SDK passes it untyped.
  const scope = { ...defaultsOf(config), ...given } as Scope;
  return { ...scope, today: scope.today === "" ? ACTUAL_DAY : scope.today };
}

/** The cluster of another stack that the configuration describes, with or without the add-on. */
export function configuredCluster({
  clusterUsesAddon,
  revisions,
  kubernetesVersion,
  namespaces,
}: Scope): Cluster | undefined {
  const described = revisions.length > 0 || Object.keys(namespaces).length > 0;
  if (clusterUsesAddon === undefined && !described) return undefined;
  return {
    label: "the cluster",
    addon: described || clusterUsesAddon === true,
    revisions: revisions.length === 0 ? undefined : revisions,
    ...(kubernetesVersion === "" ? {} : { kubernetesVersion }),
  };
}

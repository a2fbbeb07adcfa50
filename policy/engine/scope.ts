import type { Day } from "../../mesh/support.ts";
import type { Cluster } from "../engine/cluster.ts";
import { DAY, exceptionsSchema } from "./exceptions.ts";
import type { Exception } from "./exceptions.ts";
import { defaultsOf } from "./metadata.ts";
import type { ConfigSchema, Metadata } from "./metadata.ts";

/** What the configuration tells the pack: the mesh that other stacks declare, exceptions from rules, and the day. */
export interface Scope {
  /** Absent where nobody says. */
  readonly clusterUsesAddon: boolean | undefined;
  readonly revisions: readonly string[];
  readonly revisionTags: Readonly<Record<string, string>>;
  /** The label `istio.io/rev` of namespaces that another stack declares, by their names. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** Which resources may break which rules for a while. */
  readonly exceptions: readonly Exception[];
  /** The day by which rules judge what ends on a day. */
  readonly today: Day;
}

const REVISION = { type: "string", pattern: "^asm-(0|[1-9][0-9]*)-(0|[1-9][0-9]*)$" } as const;

const config: ConfigSchema<Scope> = {
  clusterUsesAddon: {
    type: "boolean",
    description:
      "Whether the cluster of another stack that the stack's Kubernetes objects go to has the add-on. True by itself where revisions or namespaces are given. Left out, nobody says, and mesh-coverage reports objects on a cluster that the program does not make.",
  },
  revisions: {
    type: "array",
    items: REVISION,
    maxItems: 2,
    uniqueItems: true,
    default: [],
    description: "The add-on's revisions on that cluster.",
  },
  revisionTags: {
    type: "object",
    propertyNames: { pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", maxLength: 63 },
    additionalProperties: REVISION,
    maxProperties: 20,
    default: {},
    description:
      "Revision tags that are set outside of the stack, and the revision that each stands for.",
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
      "Namespaces of the mesh that another stack declares, and the revision or the tag that each carries as istio.io/rev.",
  },
  exceptions: exceptionsSchema(),
  today: {
    type: "string",
    pattern: `^(${DAY})?$`,
    default: "",
    description:
      "The day by which rules judge what ends on a day, such as 2026-11-24, so that a preview says the same on any other. Left empty, the day on which the preview runs, in UTC.",
  },
};

/** One preview has one day, though it may run over midnight. */
const ACTUAL_DAY: Day = new Date().toISOString().slice(0, 10);

/** The policy that holds the configuration which many rules need, once for all of them. It finds nothing wrong. */
export const meshScope: Metadata & { readonly config: ConfigSchema<Scope> } = {
  name: "mesh-scope",
  displayName: "Information that the stack does not contain",
  description:
    "The other rules know the mesh that the stack's Kubernetes objects join, also where another stack declares its cluster or its namespaces, and the day to judge by.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Where the cluster is declared in another stack, set revisions (and revisionTags) for mesh-scope in the policy pack's configuration; where namespaces are, set namespaces. Leave mesh-scope enabled: the other rules take these facts from it.",
  url: "https://learn.microsoft.com/azure/aks/istio-upgrade",
  tags: ["mesh"],
  config,
};

/** A configuration of `mesh-scope`, with its defaults. */
export function scopeFrom(given: object): Scope {
  // The engine has checked what was given against the schema; the SDK hands it over untyped.
  const scope = { ...defaultsOf(config), ...given } as Scope;
  return { ...scope, today: scope.today === "" ? ACTUAL_DAY : scope.today };
}

/** The cluster of another stack that the configuration describes, with or without the add-on. */
export function configuredCluster({
  clusterUsesAddon,
  revisions,
  namespaces,
}: Scope): Cluster | undefined {
  const described = revisions.length > 0 || Object.keys(namespaces).length > 0;
  if (clusterUsesAddon === undefined && !described) return undefined;
  return {
    label: "the cluster that mesh-scope is configured for",
    addon: described || clusterUsesAddon === true,
    revisions: revisions.length === 0 ? undefined : revisions,
  };
}

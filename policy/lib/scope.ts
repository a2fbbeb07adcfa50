import type { Cluster } from "./cluster.ts";
import { defaultsOf } from "./rule.ts";
import type { ConfigSchema, Metadata } from "./rule.ts";

/** What a stack's configuration tells the pack about the mesh of a cluster that another stack declares. */
export interface Scope {
  readonly clusterUsesAddon: boolean;
  readonly revisions: readonly string[];
  readonly revisionTags: Readonly<Record<string, string>>;
}

const REVISION = { type: "string", pattern: "^asm-(0|[1-9][0-9]*)-(0|[1-9][0-9]*)$" } as const;

const config: ConfigSchema<Scope> = {
  clusterUsesAddon: {
    type: "boolean",
    default: false,
    description:
      "The stack's Kubernetes objects go to a cluster with the add-on that another stack declares. True by itself where revisions are given.",
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
};

/** The policy that holds the configuration which many rules need, once for all of them. It finds nothing wrong. */
export const meshScope: Metadata & { readonly config: ConfigSchema<Scope> } = {
  name: "mesh-scope",
  displayName: "Clusters of other stacks",
  description:
    "The other rules know the mesh that the stack's Kubernetes objects join, also where another stack declares its cluster.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Where the cluster is declared in another stack, set revisions (and revisionTags) for mesh-scope in the policy pack's configuration. Leave mesh-scope enabled: the other rules take these facts from it.",
  url: "https://learn.microsoft.com/azure/aks/istio-upgrade",
  tags: ["mesh"],
  config,
};

/** A configuration of `mesh-scope`, with its defaults. */
export function scopeFrom(given: object): Scope {
  // The engine has checked what was given against the schema; the SDK hands it over untyped.
  return { ...defaultsOf(config), ...given } as Scope;
}

/** The cluster of another stack that the configuration describes, if it describes one. */
export function configuredCluster({ clusterUsesAddon, revisions }: Scope): Cluster | undefined {
  if (!clusterUsesAddon && revisions.length === 0) return undefined;
  return {
    label: "the cluster that mesh-scope is configured for",
    addon: true,
    revisions: revisions.length === 0 ? undefined : revisions,
  };
}

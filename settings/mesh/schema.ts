import { z } from "zod";
import type { MeshConfig } from "../../mesh/meshConfig.ts";
import { REVISION_RULE, Revision, keys } from "../core/scalars.ts";
import { variants } from "../core/unions.ts";
import { ProxyRedirection } from "./proxyRedirection.ts";

export const Phase = z.enum(["prepared", "canary", "promoted"]);

const Upgrade = keys({
  to: Revision.meta({ examples: ["asm-1-31"] }).describe(
    "The revision to upgrade to, such as asm-1-31.",
  ),
  phase: Phase.describe(
    "prepared creates the new revision's configuration, canary starts the new revision for namespaces with canary: true, and promoted moves all namespaces to it. docs/upgrading.md describes each phase.",
  ),
});

const EXTERNAL = (why: string) =>
  `does not apply with management: external: ${why}; remove it, or set management to pinned`;

/** The key `aks-istio:mesh`. */
export const Mesh = variants(
  keys({
    management: z
      .enum(["pinned", "external"])
      .default("pinned")
      .describe(
        "Who manages the revisions: this file, or an operator or pipeline outside the program. With external, namespaces follow the newest revision that runs, and revision, upgrade and meshConfig do not apply.",
      ),
    // Required with pinned. A default would change with a new version of the program, and upgrade
    // the mesh without a canary.
    revision: Revision.optional().describe(
      "The revision of the mesh, such as asm-1-30. Required unless management is external. Change it only through upgrade.",
    ),
    upgrade: Upgrade.optional().describe(
      "A canary upgrade in progress. When it is complete, remove upgrade and set revision to the new revision.",
    ),
    /** `checkMeshConfig` checks the fields. */
    meshConfig: z
      .custom<MeshConfig | null>()
      .optional()
      .meta({ type: ["object", "null"], examples: [{ accessLogEncoding: "JSON" }] })
      .describe(
        "Fields of Istio's MeshConfig that the add-on supports. Without it, the mesh uses the add-on's defaults.",
      ),
    // For the rules on namespaces. The SDK cannot set it yet: docs/newer-arm-fields.md.
    proxyRedirectionMechanism: ProxyRedirection,
    mtls: z
      .enum(["strict", "permissive"])
      .default("strict")
      .describe("Whether workloads in the mesh refuse or accept plain-text requests."),
    accessLogs: z.boolean().default(true).describe("Whether every proxy writes an access log."),
  }),
  "management",
  {
    pinned: { revision: { required: REVISION_RULE } },
    external: {
      revision: { excluded: EXTERNAL("AKS keeps the revisions that run") },
      upgrade: { excluded: EXTERNAL("the mesh is upgraded outside the program") },
      meshConfig: {
        excluded: EXTERNAL(
          "each revision reads its own ConfigMap, which must exist before the revision starts, and the program cannot know its name at that point",
        ),
      },
    },
  },
).transform(({ management, revision, upgrade, meshConfig, ...rest }) => ({
  ...rest,
  meshConfig: meshConfig ?? {},
  revisions:
    management === "external"
      ? management
      : { revision, ...(upgrade === undefined ? {} : { upgrade }) },
}));

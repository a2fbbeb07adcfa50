import { z } from "zod";
import { keys, list, quoted, text } from "../core/scalars.ts";

const PATH_RULE =
  "must be a directory of the repository that begins with ./ and stays inside it, such as ./gitops/apps/prod";

export const NO_KUSTOMIZATIONS =
  "must name each directory that Flux applies, such as { apps: { path: ./gitops/apps/prod } }";

const Kustomization = keys({
  path: text(PATH_RULE)
    .regex(/^\.\/(?!\.\.(\/|$))([^\s/]+(\/(?!\.\.(\/|$))|$))*$/, { error: PATH_RULE })
    .meta({ examples: ["./gitops/apps/prod"] })
    .describe("The directory of the source that Flux applies, from its root, beginning with ./."),
  dependsOn: list(
    text("must be the name of a kustomization").meta({ examples: ["infrastructure"] }),
  )
    .default([])
    .describe("The kustomizations that must be ready before Flux applies this one."),
  substitute: z
    .record(
      z.string(),
      z
        .string({ error: quoted("must be the text that replaces the variable") })
        .describe("The text that replaces the variable."),
    )
    .default({})
    .meta({ examples: [{ domain: "shop.example.com" }] })
    .describe(
      "The values of variables that manifests write as ${name}, by name. The program also sets mesh_revision.",
    ),
}).describe("A directory that Flux applies.");

export const Kustomizations = z
  .record(z.string().meta({ examples: ["apps"] }), Kustomization, {
    error: (issue) => (issue.input === undefined ? NO_KUSTOMIZATIONS : undefined),
  })
  .describe("The directories that Flux applies, by name. At least one is required.");

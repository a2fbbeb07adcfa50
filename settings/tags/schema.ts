import { z } from "zod";
import { quoted } from "../core/scalars.ts";

/**
 * The key `aks-istio:tags`.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/tag-resources#limitations
 */
export const Tags = z
  .record(
    z.string(),
    z
      .string({ error: quoted("must be the value of a tag") })
      .max(256, { error: "must be the value of a tag, up to 256 characters long" })
      .describe("The value of the tag."),
  )
  .default({})
  .meta({ examples: [{ team: "shop", "cost-center": "4711" }] })
  .describe(
    "Tags by name, set on every Azure resource that accepts tags: up to 50, or up to 15 with certificates.",
  );

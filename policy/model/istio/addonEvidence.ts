import { REVISION_LABEL } from "../../../mesh/names.ts";
import { anyOf } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";
import { gateways, namespaces, podTemplates } from "../kubernetes/objects.ts";

/** Objects whose labels may name a revision of the add-on. */
const labelled = anyOf(namespaces, podTemplates, gateways);

/** Other meshes with numbered revisions start with more digits. */
const REVISION_OF_ADDON = /^asm-\d{1,2}-\d+$/;

/** The label of an object of a provider that names a revision of the add-on, which has no effect on other clusters. */
export function evidenceOfAddon(
  stack: Pick<Stack, "all">,
  providerUrn: string,
): string | undefined {
  return stack.all(labelled).find(({ resource, at }) => {
    const label = at("metadata", "labels", REVISION_LABEL).text();
    return (
      resource.provider?.urn === providerUrn &&
      typeof label === "string" &&
      REVISION_OF_ADDON.test(label)
    );
  })?.label;
}

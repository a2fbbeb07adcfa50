import { REVISION_LABEL } from "../../../mesh/names.ts";
import { anyOf } from "../../engine/resource.ts";
import type { Stack } from "../../engine/stack.ts";
import { gateways, namespaces, podTemplates } from "../kubernetes/objects.ts";

/** What may name a revision of the add-on. */
const labelled = anyOf(namespaces, podTemplates, gateways);

/** Others that number the revisions of their meshes begin with more digits. */
const REVISION_OF_ADDON = /^asm-\d{1,2}-\d+$/;

/** The object of a provider that names a revision of the add-on: a label that has no use on another cluster. */
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

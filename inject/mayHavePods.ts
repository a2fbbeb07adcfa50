import { isJsonObject, listIn } from "../yaml/json.ts";
import type { Json } from "../yaml/json.ts";

/** As controllers name the fields with pod templates: `template`, `podTemplate`. */
const TEMPLATE_FIELD = /template$/i;

/**
 * Whether an object of any kind has the containers of a pod, or a pod template somewhere. The patterns of policies look
 * like pods, too, but they are no templates.
 */
export function mayHavePods(object: Json): boolean {
  return listIn(object, "spec", "containers").length > 0 || hasTemplate(object);
}

function hasTemplate(value: Json): boolean {
  if (Array.isArray(value)) return (value as readonly Json[]).some(hasTemplate);
  if (!isJsonObject(value)) return false;
  return Object.entries(value).some(
    ([field, one]) =>
      (TEMPLATE_FIELD.test(field) && listIn(one, "spec", "containers").length > 0) ||
      hasTemplate(one),
  );
}

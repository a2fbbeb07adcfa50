import { isMap } from "../core/path.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

/** ARM allows 50 tags. Key Vault allows 15 for a secret, and with a plug-in CA, its secrets get the tags, too. */
const MOST = { withoutSecrets: 50, withSecrets: 15 };

/** @see https://learn.microsoft.com/rest/api/resources/tags/create-or-update#uri-parameters */
const RESERVED = /^(microsoft|azure|windows)/i;

export function checkTags(values: Values): readonly Violation[] {
  const tags = values["tags"];
  if (!isMap(tags)) return [];
  const names = Object.keys(tags);
  const most = isMap(values["certificates"]) ? MOST.withSecrets : MOST.withoutSecrets;
  const wrong = names
    .filter((name) => name === "" || name.length > 512 || /[<>%&\\?/]/.test(name))
    .map((name) => ({
      steps: ["tags", name],
      rule: "the name of a tag must be at most 512 characters long and must not contain any of < > % & \\ ? /",
      hideValue: true,
    }));
  const reserved = names
    .filter((name) => RESERVED.test(name))
    .map((name) => ({
      steps: ["tags", name],
      rule: "the name of a tag must not begin with microsoft, azure or windows, in any case: Azure reserves these prefixes; choose another name",
      hideValue: true,
    }));
  if (names.length <= most) return [...wrong, ...reserved];
  const why = most === MOST.withSecrets ? ", the limit for secrets in Key Vault" : "";
  const rule = `must have at most ${most} tags${why}, but has ${names.length}`;
  return [...wrong, ...reserved, { steps: ["tags"], rule, hideValue: true }];
}

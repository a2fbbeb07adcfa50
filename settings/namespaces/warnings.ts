import { closest } from "../../text/suggest.ts";
import type { Violation } from "../core/violation.ts";
import type { Settings } from "../schema.ts";
import { RESERVED_NAMESPACES } from "./rules.ts";

/** Scopes with namespaces that the stack does not declare. They may exist; if they do not, they have no effect. */
export function namespaceWarnings({ namespaces }: Settings): readonly Violation[] {
  const declared = Object.keys(namespaces);
  return Object.entries(namespaces).flatMap(([namespace, { sidecarScope }]) =>
    (sidecarScope ?? []).flatMap((name, index): Violation[] => {
      if (declared.includes(name) || RESERVED_NAMESPACES.test(name)) return [];
      const meant = closest(name, declared);
      const question = meant === undefined ? "" : `; did you mean ${meant}?`;
      return [
        {
          steps: ["namespaces", namespace, "sidecarScope", index],
          rule: `${name} is not one of the stack's namespaces, so whether it exists could not be checked; if it does not exist, it adds no services to the sidecars in ${namespace}${question}`,
          hideValue: true,
        },
      ];
    }),
  );
}

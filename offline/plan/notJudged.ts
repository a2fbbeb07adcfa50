import type { Unanswered } from "../engine/invokes.ts";
import { EXISTS_RESOURCE } from "../engine/existsResource.ts";
import type { NotRendered } from "../../manifests/tools/rendered.ts";
import type { NotJudged, PlannedResource } from "./plan.ts";
import { compareText } from "./planOrder.ts";
import { STACK_REFERENCE_TYPE } from "./urn.ts";
import type { Urn } from "./urn.ts";

/** The parts of a preview that stayed unknown. */
export interface Unknowns {
  /** Resources whose contents are not known, with the reason if it is a particular one. */
  readonly unseen: ReadonlyMap<Urn, NotRendered | undefined>;
  /** Resources that are read, but have no assumed state. */
  readonly unread: ReadonlySet<Urn>;
  readonly unanswered: readonly Unanswered[];
}

/** What no policy could judge: resources in plan order, then calls in token order. */
export function findNotJudged(
  resources: readonly PlannedResource[],
  { unseen, unread, unanswered }: Unknowns,
): NotJudged[] {
  return [
    ...resources.flatMap((resource) => {
      if (unseen.has(resource.urn)) return [ofUnseen(resource, unseen.get(resource.urn))];
      return unread.has(resource.urn) ? [ofRead(resource)] : [];
    }),
    ...notJudgedCalls(unanswered),
  ];
}

/** The unanswered calls, in token order; those of one token for one reason together. */
export function notJudgedCalls(unanswered: Unknowns["unanswered"]): NotJudged[] {
  const groups = new Map<string, Unanswered[]>();
  for (const call of unanswered) {
    const key = `${call.token} ${call.why?.reason ?? ""}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([, [first, ...others]]) => {
      if (first === undefined) return [];
      const number = others.length + 1;
      return [
        {
          what: `${first.token} (${number} ${number === 1 ? "call" : "calls"})`,
          ...reasonOf(first),
        },
      ];
    });
}

function reasonOf({ token, why }: Unanswered): Pick<NotJudged, "reason" | "fix"> {
  const { reason, fix } = CALLS[token] ?? {
    reason: "No provider runs offline, so the result is unknown.",
    fix: "Provide the result with --assume FILE, under invokes.",
  };
  const fixes = [why?.fix, why?.fix === undefined ? fix : fix?.replace(/^P/, "Alternatively, p")];
  const told = fixes.filter((one) => one !== undefined).join(" ");
  return { reason: why?.reason ?? reason, ...(told === "" ? {} : { fix: told }) };
}

/** The tokens of calls that an answer under `invokes` of an `--assume` file would make known. */
export function unansweredTokens(items: readonly NotJudged[]): readonly string[] {
  return items
    .filter(({ fix = "" }) => fix.endsWith(", under invokes."))
    .map(({ what }) => what.replace(/ \(\d+ calls?\)$/, ""));
}

const RENDERED = "The provider renders it, and no provider runs offline.";

/** Calls with their own reason and fix. */
const CALLS: Readonly<Record<string, Pick<NotJudged, "reason" | "fix">>> = {
  "kubernetes:helm:template": {
    reason: RENDERED,
    fix: "Provide the objects that `helm template` prints with --assume FILE, under invokes.",
  },
  "kubernetes:kustomize:directory": {
    reason: RENDERED,
    fix: "Provide the objects that `kubectl kustomize` prints with --assume FILE, under invokes.",
  },
  [EXISTS_RESOURCE]: { reason: "It is unknown offline whether a resource exists in the cloud." },
  "kubernetes:yaml:decode": { reason: "The text is known only after deployment." },
};

function ofUnseen({ type, name, urn }: PlannedResource, why: NotRendered | undefined): NotJudged {
  const reason = "Its provider creates the resources in it, and no provider runs offline.";
  return { what: `${type} ${name}`, ...(why ?? { reason }), urn };
}

function ofRead({ type, name, id = "", urn }: PlannedResource): NotJudged {
  return type === STACK_REFERENCE_TYPE
    ? {
        what: `stack reference ${id}`,
        reason: "The outputs of another stack are unknown offline.",
        fix: "Provide them with --assume FILE, under stackReferences.",
        urn,
      }
    : {
        what: `${type} ${name}`,
        reason: "It already exists, and its properties are unknown offline.",
        fix: "Provide its properties with --assume FILE, under reads.",
        urn,
      };
}

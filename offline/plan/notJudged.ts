import { EXISTS_RESOURCE } from "../engine/existsResource.ts";
import type { NotJudged, PlannedResource } from "./plan.ts";
import { compareText } from "./planOrder.ts";
import { STACK_REFERENCE_TYPE } from "./urn.ts";
import type { Urn } from "./urn.ts";

/** The parts of a preview that stayed unknown. */
export interface Unknowns {
  /** Components whose resources a provider would create. */
  readonly remote: ReadonlySet<Urn>;
  /** Resources that are read, but have no assumed state. */
  readonly unread: ReadonlySet<Urn>;
  /** Number of unanswered calls of each token. */
  readonly unanswered: ReadonlyMap<string, number>;
}

/** What no policy could judge: resources in plan order, then calls in token order. */
export function findNotJudged(
  resources: readonly PlannedResource[],
  { remote, unread, unanswered }: Unknowns,
): NotJudged[] {
  return [
    ...resources.flatMap((resource) => {
      if (remote.has(resource.urn)) return [ofComponent(resource)];
      return unread.has(resource.urn) ? [ofRead(resource)] : [];
    }),
    ...notJudgedCalls(unanswered),
  ];
}

/** The unanswered calls, in token order. */
export function notJudgedCalls(unanswered: Unknowns["unanswered"]): NotJudged[] {
  return [...unanswered]
    .sort(([a], [b]) => compareText(a, b))
    .map(([token, calls]) => ({
      what: `${token} (${calls} ${calls === 1 ? "call" : "calls"})`,
      ...(CALLS[token] ?? {
        reason: "No provider runs offline, so the result is unknown.",
        fix: "Provide the result with --assume FILE, under invokes.",
      }),
    }));
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

const READ_HERE =
  "use the ConfigFile or ConfigGroup of kubernetes.yaml, which this preview can read.";

const COMPONENTS: Readonly<Record<string, string>> = {
  "kubernetes:yaml/v2:ConfigFile": `To judge its objects, ${READ_HERE}`,
  "kubernetes:yaml/v2:ConfigGroup": `To judge its objects, ${READ_HERE}`,
  "kubernetes:kustomize/v2:Directory": `To judge its objects, write them with \`kubectl kustomize\`, and ${READ_HERE}`,
  "kubernetes:helm.sh/v4:Chart": `To judge its objects, write them with \`helm template\`, and ${READ_HERE}`,
};

function ofComponent({ type, name, urn }: PlannedResource): NotJudged {
  const fix = COMPONENTS[type];
  return {
    what: `${type} ${name}`,
    reason: "Its provider creates the resources in it, and no provider runs offline.",
    ...(fix === undefined ? {} : { fix }),
    urn,
  };
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

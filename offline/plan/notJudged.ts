import { EXISTS_RESOURCE } from "../engine/existsResource.ts";
import type { NotJudged, PlannedResource } from "./plan.ts";
import { compare } from "./planOrder.ts";
import { STACK_REFERENCE_TYPE } from "./urn.ts";
import type { Urn } from "./urn.ts";

/** What a preview had to leave unknown. */
export interface Unknowns {
  /** Components that a provider would fill with resources. */
  readonly remote: ReadonlySet<Urn>;
  /** Resources that are read, without an answer. */
  readonly unread: ReadonlySet<Urn>;
  /** How many calls of each token had no answer. */
  readonly unanswered: ReadonlyMap<string, number>;
}

/** What no policy could see: of resources in the order of the plan, then of calls in that of their tokens. */
export function notJudged(
  resources: readonly PlannedResource[],
  { remote, unread, unanswered }: Unknowns,
): NotJudged[] {
  return [
    ...resources.flatMap((resource) => {
      if (remote.has(resource.urn)) return [ofComponent(resource)];
      return unread.has(resource.urn) ? [ofRead(resource)] : [];
    }),
    ...ofCalls(unanswered),
  ];
}

/** In the order of their tokens. */
export function ofCalls(unanswered: Unknowns["unanswered"]): NotJudged[] {
  return [...unanswered]
    .sort(([a], [b]) => compare(a, b))
    .map(([token, calls]) => ({
      what: `${token} (${calls} ${calls === 1 ? "call" : "calls"})`,
      ...(CALLS[token] ?? {
        reason: "No provider runs offline, so the result is unknown.",
        fix: "Give the result with --assume FILE, under invokes.",
      }),
    }));
}

/** The tokens of the calls that an answer would settle, as `--assume` has them under `invokes`. */
export function unansweredTokens(items: readonly NotJudged[]): readonly string[] {
  return items
    .filter(({ fix = "" }) => fix.endsWith(", under invokes."))
    .map(({ what }) => what.replace(/ \(\d+ calls?\)$/, ""));
}

const RENDERED = "The provider renders it, and no provider runs offline.";

/** Calls that need other words. */
const CALLS: Readonly<Record<string, Pick<NotJudged, "reason" | "fix">>> = {
  "kubernetes:helm:template": {
    reason: RENDERED,
    fix: "Give the objects that `helm template` prints with --assume FILE, under invokes.",
  },
  "kubernetes:kustomize:directory": {
    reason: RENDERED,
    fix: "Give the objects that `kubectl kustomize` prints with --assume FILE, under invokes.",
  },
  [EXISTS_RESOURCE]: { reason: "Whether something exists in the cloud is unknown offline." },
  "kubernetes:yaml:decode": { reason: "The text is not known before the deployment." },
};

const READ_HERE = "use the ConfigFile or ConfigGroup of kubernetes.yaml, which this preview reads.";

const COMPONENTS: Readonly<Record<string, string>> = {
  "kubernetes:yaml/v2:ConfigFile": `To have its objects judged, ${READ_HERE}`,
  "kubernetes:yaml/v2:ConfigGroup": `To have its objects judged, ${READ_HERE}`,
  "kubernetes:kustomize/v2:Directory": `To have its objects judged, write them with \`kubectl kustomize\`, and ${READ_HERE}`,
  "kubernetes:helm.sh/v4:Chart": `To have its objects judged, write them with \`helm template\`, and ${READ_HERE}`,
};

function ofComponent({ type, name, urn }: PlannedResource): NotJudged {
  const fix = COMPONENTS[type];
  return {
    what: `${type} ${name}`,
    reason: "Its provider makes the resources in it, and no provider runs offline.",
    ...(fix === undefined ? {} : { fix }),
    urn,
  };
}

function ofRead({ type, name, id = "", urn }: PlannedResource): NotJudged {
  return type === STACK_REFERENCE_TYPE
    ? {
        what: `stack reference ${id}`,
        reason: "The outputs of another stack are unknown offline.",
        fix: "Give them with --assume FILE, under stackReferences.",
        urn,
      }
    : {
        what: `${type} ${name}`,
        reason: "It exists already, and what it is like is unknown offline.",
        fix: "Give its properties with --assume FILE, under reads.",
        urn,
      };
}

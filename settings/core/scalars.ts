import { z } from "zod";
import { isIPv4Range } from "../../mesh/addresses.ts";
import { catalog, newestRevision, revisionStatus } from "../../mesh/catalog.ts";
import { isMeshRevision } from "../../mesh/revision.ts";
import { closest } from "../../text/suggest.ts";
import { isLabelValue } from "./labels.ts";

/** The message about a value that is not a text. Quotes help only if YAML would read the same characters as a text in them. */
export function quoted(rule: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) =>
    typeof input === "number" || typeof input === "boolean" ? `${rule}, in quotes` : rule;
}

/**
 * A non-empty text of one or more lines. The rule says what the text is and shows an example; editors show the rule,
 * too.
 */
export function lines(rule: string): z.ZodString {
  return z
    .string({ error: quoted(rule) })
    .min(1, { error: rule, abort: true })
    .meta({ patternErrorMessage: rule });
}

/** A non-empty text on one line, without control characters, which names and requests do not allow. */
export function text(rule: string): z.ZodString {
  return lines(rule).regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, {
    error: `${rule}; remove the line breaks and other invisible characters`,
    abort: true,
  });
}

/** A list without duplicates. */
export function list<Entry extends z.ZodType>(entry: Entry, missing?: string): z.ZodArray<Entry> {
  return z
    .array(entry, { error: (issue) => (issue.input === undefined ? missing : undefined) })
    .refine((entries) => new Set(entries).size === entries.length, {
      error: "must not contain duplicates",
      // Also if an entry is invalid: all mistakes are reported at once.
      when: ({ value }) => Array.isArray(value),
    })
    .meta({ uniqueItems: true });
}

/** A map of settings with known keys. Each unknown key is reported, with a suggestion. */
export function keys<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  missing = "must be a map of settings",
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => unknownKey(key, Object.keys(shape))).join("\n");
      }
      return issue.input === undefined ? missing : undefined;
    },
  });
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  const wayOut =
    meant === undefined ? `the keys here are ${known.join(", ")}` : `did you mean ${meant}?`;
  return `no such setting; ${wayOut}`;
}

/** The key that the message about an unknown key suggests. */
export function suggestedKey(rule: string): string | undefined {
  return /; did you mean (\w+)\?$/.exec(rule)?.[1];
}

export const REVISION_RULE = `must be a mesh revision, written asm-<major>-<minor>, such as ${newestRevision()}`;

/** A revision that exists, or may exist by now if it is newer than the catalog. */
export const Revision = text(REVISION_RULE)
  .meta({ pattern: "^asm-[1-9][0-9]*-(0|[1-9][0-9]*)$", examples: [newestRevision()] })
  .refine(isMeshRevision, { error: REVISION_RULE, abort: true })
  .refine((revision) => revisionStatus(revision) !== "unknown", {
    error: `is not a revision that AKS has offered; the known revisions are ${catalog.revisions.map((entry) => entry.revision).join(", ")}`,
  });

const KUBERNETES_RULE = 'must be a Kubernetes minor version, such as "1.35"';

/**
 * A Kubernetes minor version. Patch versions are not allowed: AKS applies them, and an older patch here would be a
 * downgrade.
 */
export const KubernetesVersion = text(KUBERNETES_RULE)
  .regex(/^1\.[1-9]\d$/, { error: `${KUBERNETES_RULE}; AKS applies patches automatically` })
  .meta({ examples: ["1.35"] });

export const Plan = z.enum(["KubernetesOfficial", "AKSLongTermSupport"]);

const POOL_RULE =
  "must be the name of a pool: at most 12 lowercase letters and digits, beginning with a letter";

/** @see https://learn.microsoft.com/azure/aks/create-node-pools#limitations */
export const PoolName = text(POOL_RULE).regex(/^[a-z][a-z0-9]{0,11}$/, { error: POOL_RULE });

const SIZE_RULE = "must be the size of a virtual machine, such as Standard_D4ds_v5";

/**
 * Family, number of cores (with constrained cores: `Standard_E4-2ds_v5`), features, and version.
 *
 * @see https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
export const VmSize = text(SIZE_RULE)
  .regex(/^(Standard|Basic)_[A-Z]{1,4}\d+(-\d+)?[a-z]*(_[A-Za-z0-9]+)*$/, { error: SIZE_RULE })
  .meta({ examples: ["Standard_D8ds_v5"] });

const RANGE_RULE =
  "must be an IPv4 range that begins with its first address, such as 198.51.100.0/24";

/** @see https://learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges */
export const IPv4Range = text(RANGE_RULE)
  .refine(isIPv4Range, { error: RANGE_RULE })
  .meta({ pattern: String.raw`^(\d{1,3}\.){3}\d{1,3}/\d{1,2}$`, examples: ["198.51.100.0/24"] });

const DURATION_RULE = "must be a duration of at least one second, such as 10m, 90s or 1h30m";

/** A Flux duration, converted to seconds as ARM requires. */
export const Duration = text(DURATION_RULE)
  .meta({ pattern: String.raw`^(?=\d)(\d+h)?(\d+m)?(\d+s)?$`, examples: ["1m"] })
  .refine((duration) => seconds(duration) > 0, { error: DURATION_RULE, abort: true })
  .transform(seconds);

function seconds(duration: string): number {
  const [, hours, minutes, rest] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration) ?? [];
  return Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0);
}

export const REPOSITORY_RULE =
  "must be the https:// or ssh:// URL of a Git repository, without a user's token in it";

/** @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#git-repository-source-arguments */
export const RepositoryUrl = text(REPOSITORY_RULE)
  .refine(isRepositoryUrl, {
    error: ({ input }) =>
      /^[^/:]+@[^/:]+:[^/]/.test(String(input))
        ? `${REPOSITORY_RULE}; write git@host:org/repo as ssh://git@host/org/repo`
        : REPOSITORY_RULE,
  })
  .meta({
    pattern: "^([hH][tT][tT][pP][sS]|[sS][sS][hH]):",
    examples: ["https://git.example.com/platform/gitops"],
  });

function isRepositoryUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const anonymous = url.protocol === "https:" ? url.username === "" : url.protocol === "ssh:";
  const plain = url.password === "" && url.search === "" && url.hash === "";
  return anonymous && plain && url.hostname !== "" && url.pathname.length > 1;
}

const LABEL_RULE = "must be the value of a label: at most 63 letters, digits, - _ and .";

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
export const LabelValue = z
  .string({ error: quoted(LABEL_RULE) })
  .refine(isLabelValue, { error: LABEL_RULE });

const QUANTITY_RULE = 'must be a quantity, such as "8", "500m" or "16Gi"';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
export const Quantity = z
  .string({ error: quoted(QUANTITY_RULE) })
  .regex(/^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$/, { error: QUANTITY_RULE })
  .meta({ patternErrorMessage: QUANTITY_RULE });

const GUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** A GUID, with what it identifies, such as "the ID of a tenant". */
export function Guid(what: string): z.ZodString {
  const rule = `must be ${what}, a GUID`;
  return text(rule)
    .regex(GUID, { error: rule })
    .meta({ examples: ["9b8f1a52-3f3c-4a0e-8f0e-2d5f6a7b8c9d"] });
}

const OBJECT_ID_RULE =
  "must be the object ID, a GUID, of a user, group or service principal in Entra ID; `az ad signed-in-user show --query id` prints yours";

export const ObjectId = text(OBJECT_ID_RULE)
  .regex(GUID, { error: OBJECT_ID_RULE })
  .meta({ examples: ["7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42"] });

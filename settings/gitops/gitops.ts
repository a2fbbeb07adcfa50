import { z } from "zod";
import { closest } from "../../text/suggest.ts";
import { Duration, RepositoryUrl, keys, lines, list, text } from "../core/scalars.ts";
import { isMap, valueAt } from "../core/path.ts";
import { names } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

const PATH_RULE =
  "must be a directory of the repository that begins with ./ and stays inside it, such as ./gitops/apps/prod";

// ARM takes both in base64. The program encodes them: a text that is encoded already would be encoded twice.
const PRIVATE_KEY_RULE = "must be a private key in PEM form, not encoded in base64";
const KNOWN_HOSTS_RULE =
  "must be lines of a known_hosts file as ssh-keyscan prints them, not encoded in base64";

/** Has a character that base64 has not; so has what a preview knows of a secret that it cannot open. */
const NOT_BASE64 = /[^A-Za-z0-9+/=\s]/;

const Kustomization = keys({
  path: text(PATH_RULE)
    .regex(/^\.\/(?!\.\.(\/|$))([^\s/]+(\/(?!\.\.(\/|$))|$))*$/, { error: PATH_RULE })
    .meta({ examples: ["./gitops/apps/prod"] })
    .describe(
      "The directory of the repository that Flux applies, from its root, beginning with ./.",
    ),
  dependsOn: list(
    text("must be the name of a kustomization").meta({ examples: ["infrastructure"] }),
  )
    .default([])
    .describe("The kustomizations that must be ready before Flux applies this one."),
  substitute: z
    .record(
      z.string(),
      z
        .string({ error: "must be the text that replaces the variable, in quotes" })
        .describe("The text that replaces the variable."),
    )
    .default({})
    .meta({ examples: [{ domain: "shop.example.com" }] })
    .describe(
      "The values of variables that manifests write as ${name}, by name. The program also sets mesh_revision.",
    ),
}).describe("A directory that Flux applies.");

export const Gitops = keys({
  url: RepositoryUrl.describe(
    "The https:// or ssh:// URL of the repository, without credentials in it.",
  ),
  reference: keys(
    {
      branch: text("must be the name of a branch")
        .optional()
        .meta({ examples: ["main"] })
        .describe("A branch, whose newest commit Flux follows."),
      tag: text("must be the name of a tag")
        .optional()
        .meta({ examples: ["v1.2.0"] })
        .describe("A tag."),
      semver: text("must be a range of versions, such as >=1.2.0 <2.0.0")
        .optional()
        .meta({ examples: [">=1.0.0 <2.0.0"] })
        .describe("A range of versions. Flux follows the newest tag in it."),
      commit: text("must be the full SHA of a commit, 40 hexadecimal digits")
        .regex(/^[0-9a-f]{40}$/, {
          error: "must be the full SHA of a commit, 40 hexadecimal digits",
        })
        .optional()
        .meta({ examples: ["0123456789abcdef0123456789abcdef01234567"] })
        .describe("The SHA of a commit, in full."),
    },
    "must be one of branch, tag, semver or commit, such as { branch: main }",
  ).describe("The state of the repository that Flux applies: exactly one of the keys below."),
  kustomizations: z
    .record(z.string().meta({ examples: ["apps"] }), Kustomization, {
      error: (issue) => (issue.input === undefined ? NO_KUSTOMIZATIONS : undefined),
    })
    .describe("The directories that Flux applies, by name. At least one is required."),
  interval: Duration.prefault("10m").describe(
    "How often Flux looks for changes in the repository and in the cluster.",
  ),
  timeout: Duration.prefault("10m").describe(
    "How long Flux waits for a step before it reports a failure.",
  ),
  httpsUser: text("must be a user name")
    .optional()
    .meta({ examples: ["flux"] })
    .describe("The user name for a private repository at an https:// URL, together with httpsKey."),
  httpsKey: text("must be a password or token")
    .optional()
    .describe("The password or token of httpsUser, as a secret."),
  sshPrivateKey: lines(PRIVATE_KEY_RULE)
    .regex(NOT_BASE64, { error: PRIVATE_KEY_RULE })
    .optional()
    .describe("The private key for an ssh:// URL in PEM form, as a secret. Required with one."),
  sshKnownHosts: lines(KNOWN_HOSTS_RULE)
    .regex(NOT_BASE64, { error: KNOWN_HOSTS_RULE })
    .optional()
    .meta({ examples: ["git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…\n"] })
    .describe(
      "The host keys of the Git server, as ssh-keyscan prints them. Required with an ssh:// URL.",
    ),
})
  .describe("Flux v2, which applies a Git repository. Without it, the cluster has no Flux.")
  .transform(({ interval, timeout, ...rest }) => ({
    ...rest,
    intervalInSeconds: interval,
    timeoutInSeconds: timeout,
  }));

const NO_KUSTOMIZATIONS =
  "must name each directory that Flux applies, such as { apps: { path: ./gitops/apps/prod } }";

/** Every rule on the repository that Flux follows. */
export const GITOPS_RULES = [
  checkReference,
  checkCredentials,
  requireKustomization,
  checkKustomizationNames,
  checkDependencies,
  checkVariables,
];

function checkReference(values: Values): readonly Violation[] {
  const steps = ["gitops", "reference"];
  const reference = valueAt(values, steps);
  if (!isMap(reference)) return [];
  const given = Object.keys(reference).filter((key) =>
    ["branch", "tag", "semver", "commit"].includes(key),
  );
  if (given.length === 1) return [];
  const found = given.length === 0 ? "none" : given.join(" and ");
  return [
    {
      steps,
      rule: `must have exactly one of branch, tag, semver and commit, but has ${found}`,
      hideValue: true,
    },
  ];
}

/** What Flux signs in with, by the protocol of the URL. */
const CREDENTIALS = {
  https: ["httpsUser", "httpsKey"],
  ssh: ["sshPrivateKey", "sshKnownHosts"],
} as const;

/** @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#git-repository-source-arguments */
function checkCredentials(values: Values): readonly Violation[] {
  const protocol = protocolOf(valueAt(values, ["gitops", "url"]));
  const has = (key: string) => valueAt(values, ["gitops", key]) !== undefined;
  return (["https", "ssh"] as const).flatMap((each): Violation[] => {
    const given = CREDENTIALS[each].filter(has);
    if (protocol !== undefined && protocol !== each) {
      const article = protocol === "ssh" ? "an ssh" : "an https";
      return given.map((key) => ({
        steps: ["gitops", key],
        rule: `does not apply with ${article} URL; remove it`,
        hideValue: true,
      }));
    }
    const reason = protocol === "ssh" ? "an ssh URL" : given[0];
    if (reason === undefined) return [];
    return CREDENTIALS[each]
      .filter((key) => !has(key))
      .map((key) => ({ steps: ["gitops", key], rule: `is required with ${reason}` }));
  });
}

/** The protocol that a URL means, also where the rest of it is wrong; `git@host:path` is how git clone takes ssh. */
function protocolOf(url: unknown): keyof typeof CREDENTIALS | undefined {
  if (typeof url !== "string") return undefined;
  if (/^https?:/i.test(url)) return "https";
  return /^(ssh:|[^/:]+@[^/:]+:[^/])/i.test(url) ? "ssh" : undefined;
}

const STEPS = ["gitops", "kustomizations"] as const;

function kustomizationsIn(values: Values): readonly string[] {
  const gitops = values["gitops"];
  return isMap(gitops) ? names(gitops, "kustomizations") : [];
}

function requireKustomization(values: Values): readonly Violation[] {
  const kustomizations = valueAt(values, STEPS);
  const none = isMap(kustomizations) && Object.keys(kustomizations).length === 0;
  return none ? [{ steps: STEPS, rule: NO_KUSTOMIZATIONS }] : [];
}

/** The object that Flux reconciles is named `gitops-<name>`, and its name becomes a label value of 63 characters. */
const LONGEST_NAME = 63 - "gitops-".length;

function checkKustomizationNames(values: Values): readonly Violation[] {
  return kustomizationsIn(values)
    .filter((name) => name.length > LONGEST_NAME || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
    .map((name) => ({
      steps: [...STEPS, name],
      rule: `the name must consist of lowercase letters, digits and hyphens, begin and end with a letter or digit, and be at most ${LONGEST_NAME} characters long`,
      hideValue: true,
    }));
}

function checkDependencies(values: Values): readonly Violation[] {
  const all = kustomizationsIn(values);
  const after = (name: string): readonly string[] => {
    const dependsOn = valueAt(values, [...STEPS, name, "dependsOn"]);
    return Array.isArray(dependsOn) ? dependsOn.map(String) : [];
  };
  const missing = all.flatMap((name) =>
    after(name).flatMap((other, index): Violation[] => {
      if (all.includes(other)) return [];
      const meant = closest(other, all);
      const wayOut = meant === undefined ? `they are ${all.join(", ")}` : `did you mean ${meant}?`;
      return [
        {
          steps: [...STEPS, name, "dependsOn", index],
          rule: `must be one of the kustomizations; ${wayOut}`,
        },
      ];
    }),
  );
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    after(from).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  const circular = all
    .filter((name) => reaches(name, name))
    .map((name) => ({
      steps: [...STEPS, name, "dependsOn"],
      rule: "must not lead back to the kustomization itself: Flux would wait forever",
      hideValue: true,
    }));
  return [...missing, ...circular];
}

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution */
function checkVariables(values: Values): readonly Violation[] {
  return kustomizationsIn(values).flatMap((name) => {
    const substitute = valueAt(values, [...STEPS, name, "substitute"]);
    return Object.keys(isMap(substitute) ? substitute : {}).flatMap((variable): Violation[] => {
      const steps = [...STEPS, name, "substitute", variable];
      if (variable === "mesh_revision") {
        const rule = "is set by the program, from mesh.revision; remove it";
        return [{ steps, rule, hideValue: true }];
      }
      if (/^[_A-Za-z]\w*$/.test(variable)) return [];
      const rule =
        "the name of a variable must consist of letters, digits and _, and must not begin with a digit";
      return [{ steps, rule, hideValue: true }];
    });
  });
}

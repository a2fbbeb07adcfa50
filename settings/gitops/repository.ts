import { SSH_KEY, certificates, privateKey, unshown } from "../core/pem.ts";
import { RepositoryUrl, keys, text } from "../core/scalars.ts";
import { alternatives } from "../core/unions.ts";

// ARM requires base64. The program encodes the text, so an encoded text would be encoded twice.
const KNOWN_HOSTS_RULE =
  "must be lines of a known_hosts file as ssh-keyscan prints them, not encoded in base64";

const COMMENT = String.raw`[ \t]*(?:#[^\n]*)?\r?`;
/** Hosts, the type of a key and the key. Every key begins with the length of its type, which base64 writes as AAAA. */
const HOST_KEY = String.raw`(?:@(?:cert-authority|revoked)[ \t]+)?[^\s#@]\S*[ \t]+[a-z][a-z0-9@.-]*[ \t]+AAAA[A-Za-z0-9+/]*={0,2}(?:[ \t][^\n]*)?\r?`;
/** @see https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT */
const KNOWN_HOSTS = String.raw`^(?:${COMMENT}\n)*${HOST_KEY}(?:\n(?:${HOST_KEY}|${COMMENT}))*$`;

/** The names that Git gives to branches and tags. @see https://git-scm.com/docs/git-check-ref-format */
const REF_NAME =
  /^(?![-/])(?!.*(?:\.\.|@\{|\/\/|\/\.))(?!\.)(?!@$)[^\s~^:?*[\\]+(?<![./])(?<!\.lock)$/;

/** One or more versions with an operator each. @see https://github.com/Masterminds/semver#checking-version-constraints */
const VERSION = String.raw`(?:[=!]=?|[<>]=?|=[<>]|~>?|\^)?\s*v?(?:\d+|[xX*])(?:\.(?:\d+|[xX*])){0,2}(?:[-+][0-9A-Za-z.+-]+)?`;
const VERSION_RANGE = new RegExp(
  String.raw`^\s*${VERSION}(?:(?:\s*(?:,|\|\|)\s*|\s+(?:-\s+)?)${VERSION})*\s*$`,
);

export const REFERENCE_RULE =
  "must be one of branch, tag, semver or commit, such as { branch: main }";

const ONE_REFERENCE = "must have exactly one of branch, tag, semver and commit, but has";

const Reference = alternatives(
  keys(
    {
      branch: text("must be the name of a branch")
        .regex(REF_NAME, { error: "must be the name of a branch" })
        .optional()
        .meta({ examples: ["main"] })
        .describe("A branch, whose newest commit Flux follows."),
      tag: text("must be the name of a tag")
        .regex(REF_NAME, { error: "must be the name of a tag" })
        .optional()
        .meta({ examples: ["v1.2.0"] })
        .describe("A tag."),
      semver: text("must be a range of versions, such as >=1.2.0 <2.0.0")
        .regex(VERSION_RANGE, { error: "must be a range of versions, such as >=1.2.0 <2.0.0" })
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
    REFERENCE_RULE,
  ),
  [["branch"], ["tag"], ["semver"], ["commit"]],
  {
    none: `${ONE_REFERENCE} none`,
    several: (given) => `${ONE_REFERENCE} ${given.join(" and ")}`,
  },
);

/** The keys of a Git repository, with its credentials. */
export const REPOSITORY = {
  url: RepositoryUrl.optional().describe(
    "The https:// or ssh:// URL of a Git repository, without credentials in it.",
  ),
  reference: Reference.optional().describe(
    "The state of the repository that Flux applies: exactly one of the keys below. Required with url.",
  ),
  httpsUser: text("must be a user name")
    .optional()
    .meta({ examples: ["flux"] })
    .describe("The user name for a private repository at an https:// URL, together with httpsKey."),
  httpsKey: text("must be a password or token")
    .optional()
    .describe("The password or token of httpsUser, as a secret."),
  httpsCACertificate: certificates("the certificate of the CA of an https:// URL")
    .optional()
    .describe(
      "The certificate in PEM form of the CA that signed the certificate of the Git server. Without it, the CA must be a public one.",
    ),
  sshPrivateKey: privateKey("a private key", SSH_KEY, ", not encoded in base64 again")
    .optional()
    .describe("The private key for an ssh:// URL in PEM form, as a secret. Required with one."),
  sshKnownHosts: unshown(KNOWN_HOSTS_RULE, KNOWN_HOSTS)
    .optional()
    .meta({
      examples: [
        "git.example.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHpSQEIQczXkVx9q\n",
      ],
    })
    .describe(
      "The host keys of the Git server, as ssh-keyscan prints them. Required with an ssh:// URL.",
    ),
} as const;

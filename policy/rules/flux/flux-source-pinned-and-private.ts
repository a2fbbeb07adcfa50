import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { fluxConfigurations } from "../../model/flux/flux.ts";
import type { FluxConfiguration } from "../../model/flux/flux.ts";
import { defineRule } from "../../engine/rule.ts";
import type { ConfigSchema } from "../../engine/metadata.ts";
import type { Finding } from "../../engine/finding.ts";
import { isCalledSecret, looksSecret } from "../../model/kubernetes/secretWords.ts";

interface Config {
  readonly productionStacks: readonly string[];
}

const config: ConfigSchema<Config> = {
  productionStacks: {
    type: "array",
    items: { type: "string", pattern: "^[A-Za-z0-9]+$", maxLength: 100 },
    maxItems: 20,
    uniqueItems: true,
    default: ["live", "prod", "production"],
    description:
      "Words in a stack's name that mark it as a production stack, such as prod in orders-prod. Flux must not follow a branch there.",
  },
};

export const fluxSourcePinnedAndPrivate = defineRule<FluxConfiguration, Config>({
  name: "flux-source-pinned-and-private",
  displayName: "Flux sources are pinned and private",
  description:
    "A Flux configuration reads its source over HTTPS or SSH, follows a tag or a commit in production, contains secrets only in protected settings, and sets its scope and namespace.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Use a url that begins with https:// or ssh:// and contains no password or SAS token. In production, follow a tag, a semver range or a commit of a repository. Set scope, and a namespace other than default. Put keys into configurationProtectedSettings, and read secret values for manifests from a Secret with postBuild.substituteFrom.",
  url: "https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters",
  tags: ["flux", "Kyverno:verify-flux-sources"],
  about: fluxConfigurations,
  unknown: "unjudged",
  config,
  *check(configuration, { config: { productionStacks } }) {
    yield* checkUrl(configuration);
    for (const [field, what] of STORAGE) yield* checkStorageUrl(configuration, field, what);
    yield* checkBucketTls(configuration);
    if (isProduction(configuration, productionStacks)) {
      yield* checkReference(configuration);
      for (const [field, what] of STORAGE) yield* checkVersions(configuration, field, what);
    }
    yield* checkScope(configuration);
    yield* checkVariables(configuration);
  },
});

function* checkUrl(configuration: FluxConfiguration): Iterable<Finding> {
  const place = configuration.at("url");
  const url = place.text();
  if (url instanceof Unknown) yield url;
  if (url === undefined || url instanceof Unknown) return;
  // The part before the host may be a secret, so no message repeats it.
  const [, scheme = "", user = "", host = ""] =
    /^([a-z]+):\/\/(?:([^/@]*)@)?([^/:]+)/i.exec(url) ?? [];
  if (scheme !== "https" && scheme !== "ssh") {
    yield `${place.path} ${scheme === "" ? "has no scheme" : `begins with ${scheme}://`}, so neither HTTPS nor SSH protects the repository that Flux reads. Use https:// or ssh://.`;
  } else if (scheme === "https" ? user !== "" : user.includes(":")) {
    yield `${place.path} contains a user or a password for ${host}, which anyone who can read the configuration can see. Remove it, and set httpsUser, with httpsKey in configurationProtectedSettings.`;
  }
}

/** The sources that are no repositories, by the field with their URL. */
const STORAGE = [
  ["bucketUrl", "bucket"],
  ["blobUrl", "container"],
] as const;

function* checkStorageUrl(
  configuration: FluxConfiguration,
  field: (typeof STORAGE)[number][0],
  what: string,
): Iterable<Finding> {
  const place = configuration.at(field);
  const url = place.text();
  if (url instanceof Unknown) yield url;
  if (url === undefined || url instanceof Unknown) return;
  // What follows the host may be a secret, so no message repeats it.
  const [, scheme = "", user = "", rest = ""] =
    /^([a-z0-9]+):\/\/(?:([^/@]*)@)?(.*)$/i.exec(url) ?? [];
  if (scheme.toLowerCase() !== "https") {
    yield `${place.path} ${scheme === "" ? "has no scheme" : `begins with ${scheme}://`}, so Flux reads the ${what} without TLS. Use https://.`;
  } else if (user !== "" || rest.includes("?")) {
    yield `${place.path} contains ${user === "" ? "parameters, such as a SAS token" : "a user or a password"}, which anyone who can read the configuration can see. Remove them, and set the credentials of the source.`;
  }
}

/** Storage has no tags, so the source follows whatever is uploaded. */
function* checkVersions(
  configuration: FluxConfiguration,
  field: (typeof STORAGE)[number][0],
  what: string,
): Iterable<Finding> {
  const place = configuration.at(field);
  if (place.read() === undefined) return;
  yield `${place.path} is that of a ${what}, which has no versions to follow, so every upload reaches production immediately. Follow a tag of a Git repository. If only a release may write to the ${what}, exempt the configuration.`;
}

function* checkBucketTls(configuration: FluxConfiguration): Iterable<Finding> {
  const url = configuration.at("bucketUrl");
  if (url.read() === undefined) return;
  const place = configuration.at("bucketTls");
  const value = place.flag();
  const secure = configuration.provider === "native" ? false : true;
  if (value instanceof Unknown) yield value;
  // Azure's default is without TLS; the default of the classic provider is with TLS.
  else if (value !== secure && !(secure && value === undefined)) {
    yield `${place.path} is ${value ?? "not set"}, so Flux reads the bucket without TLS. Set it to ${secure}.`;
  }
}

function* checkReference(configuration: FluxConfiguration): Iterable<Finding> {
  if (configuration.at("url").read() === undefined) return;
  const followed = configuration.reference;
  if (followed instanceof Unknown) yield followed;
  else if (followed === undefined || followed.sort === "branch") {
    const is =
      followed === undefined
        ? "it has no reference, so it follows a branch"
        : `${followed.place.path} follows a branch`;
    yield `${is}, and every push to that branch reaches production immediately. Follow a tag, a semver range or a commit.`;
  }
}

/** Whether the name of a resource's stack marks it as a production stack. */
function isProduction(
  { resource }: FluxConfiguration,
  productionStacks: readonly string[],
): boolean {
  const stack = /^urn:pulumi:([^:]*)/.exec(resource.urn)?.[1] ?? "";
  const words = stack.toLowerCase().split(/[^a-z0-9]+/);
  return productionStacks.some((word) => words.includes(word.toLowerCase()));
}

function* checkScope(configuration: FluxConfiguration): Iterable<Finding> {
  const scope = configuration.at("scope");
  if (scope.read() === undefined) {
    yield `${scope.path} is not set, so Flux may change the whole cluster by default. Set it to cluster or namespace explicitly.`;
  }
  const namespace = configuration.at("namespace");
  const name = namespace.text();
  if (name === undefined || name === "default") {
    yield `${namespace.path} is ${name ?? "not set, which means default"}. Other applications use this namespace, too, and anyone who can read secrets there can read those of Flux. Set it to a namespace that only Flux uses.`;
  }
}

function* checkVariables({ kustomizations }: FluxConfiguration): Iterable<Finding> {
  if (kustomizations instanceof Unknown) yield kustomizations;
  else for (const { substitute } of kustomizations) yield* checkSubstitutes(substitute);
}

function* checkSubstitutes(substitute: Cursor): Iterable<Finding> {
  const names = substitute.keys();
  if (names instanceof Unknown) yield names;
  if (names === undefined || names instanceof Unknown) return;
  for (const name of names) {
    const place = substitute.at(name);
    const value = place.text();
    const secret = isCalledSecret(name) || (typeof value === "string" && looksSecret(value));
    if (!secret) continue;
    yield `${place.path} looks like a secret, but variables are stored in plain text. Read it from a Secret with postBuild.substituteFrom.`;
  }
}

import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import type { Finding } from "../../engine/finding.ts";
import type { Stack } from "../../engine/stack.ts";
import { isPatch, kubernetesObjects } from "../../model/kubernetes/objects.ts";
import type { KubernetesObject } from "../../model/kubernetes/objects.ts";
import { namespaceOf } from "../../model/kubernetes/objectNamespace.ts";
import { findSecret } from "../../model/kubernetes/tlsSecrets.ts";
import type { MadeSecret } from "../../model/kubernetes/tlsSecrets.ts";
import { inDoubt, unseenSources } from "../../model/opaque.ts";
import { checkGranted } from "./grants.ts";

const NAME = "gatewayapi-listeners-valid";

const secrets = kubernetesObjects("core/v1", "Secret");

/**
 * The pairs of keys in which istiod finds a certificate and its private key.
 *
 * @see https://github.com/istio/istio/blob/release-1.30/pilot/pkg/credentials/kube/secrets.go for `ExtractCertInfo`
 */
const KEY_PAIRS = [
  ["tls.crt", "tls.key"],
  ["cert", "key"],
] as const;

/** An annotation of cert-manager, which then creates the certificate of each listener. */
const OF_CERT_MANAGER = /^cert-manager\.io\/(?:cluster-)?issuer$/;

/** Reports certificates of a listener that are missing, that are no certificates, or that it may not use. */
export function* checkCertificates(
  listener: Cursor,
  gateway: KubernetesObject,
  stack: Stack,
): Iterable<Finding> {
  const tls = listener.at("tls");
  if (tls.read() === undefined || tls.at("mode").text() === "Passthrough") return;
  const list = tls.at("certificateRefs");
  const references = list.items();
  if (references instanceof Unknown) yield references;
  else if (references === undefined || references.length === 0) {
    // Istio's option for the mode may replace the certificate.
    if (tls.at("options").read() !== undefined) return;
    yield `${list.path} is not set, but a listener that terminates TLS requires a certificate, and the API server rejects the Gateway without one. Set it to a Secret.`;
  } else for (const one of references) yield* checkReference(one, gateway, stack);
}

function* checkReference(
  reference: Cursor,
  gateway: KubernetesObject,
  stack: Stack,
): Iterable<Finding> {
  const [group, kind] = [
    reference.at("group").text() ?? "",
    reference.at("kind").text() ?? "Secret",
  ];
  const [name, given] = [reference.at("name").text(), reference.at("namespace").text()];
  const unknown = [group, kind, name, given].find((text) => text instanceof Unknown);
  if (unknown !== undefined) yield unknown;
  const home = namespaceOf(gateway, stack).name;
  const namespace = given ?? home;
  if (typeof group !== "string" || typeof kind !== "string") return;
  if (typeof name !== "string" || typeof namespace !== "string") return;
  if (group !== "" || kind !== "Secret") {
    const other = group === "" ? kind : `${kind} of ${group}`;
    yield `${reference.path} refers to a ${other}, but istiod reads certificates only from Secrets. Refer to a Secret.`;
    return;
  }
  const written = `${reference.at("name").path} is ${name}`;
  yield* checkSecret({ name, namespace, written, gateway }, stack);
  if (home === undefined || home === namespace) return;
  yield* checkGranted(
    { from: gateway, home, kind: "Secret", namespace, name, written, rule: NAME },
    stack,
  );
}

interface SecretReference {
  readonly name: string;
  readonly namespace: string;
  readonly written: string;
  readonly gateway: KubernetesObject;
}

function* checkSecret(
  { name, namespace, written, gateway }: SecretReference,
  stack: Stack,
): Iterable<Finding> {
  if (isOfCertManager(gateway)) return;
  const { there, elsewhere, similar } = findSecret(name, namespace, gateway, stack);
  for (const secret of there) yield* checkKeys(secret, written);
  if (there.length > 0) return;
  const unseen = unseenSources(gateway, [namespace], stack);
  if (elsewhere !== undefined) {
    yield unseen.length > 0
      ? inDoubt(
          unseen,
          `the Secret ${name} in ${namespace} (${written})`,
          `Create it there in the program. If something else creates it, exempt ${gateway.label} from ${NAME} in exceptions of mesh-scope.`,
        )
      : `${written}, which means the Secret in ${namespace}, but ${elsewhere.secret.label} creates it in ${elsewhere.namespace}. Create it in ${namespace}, or set namespace and create a ReferenceGrant.`;
  } else if (unseen.length === 0 && similar !== undefined) {
    yield new NotJudged(
      `${written}, but nothing in the stack creates this Secret in ${namespace}. Did you mean ${similar}?`,
    );
  }
}

/** Reports a Secret that the program writes without a certificate and a key. */
function* checkKeys(secret: MadeSecret, written: string): Iterable<Finding> {
  if (!secrets.matches(secret.resource.type) || isPatch(secret)) return;
  const maps = [secret.at("data").keys(), secret.at("stringData").keys()];
  const keys = maps.flatMap((names) => (names instanceof Unknown ? [] : (names ?? [])));
  if (keys.length === 0 || maps.some((names) => names instanceof Unknown)) return;
  if (KEY_PAIRS.some((pair) => pair.every((key) => keys.includes(key)))) return;
  yield `${written}, but ${secret.label} has only the keys ${keys.join(", ")}, so the gateway has no certificate. Store the certificate as tls.crt and its private key as tls.key, with the type kubernetes.io/tls.`;
}

function isOfCertManager({ at }: KubernetesObject): boolean {
  const names = at("metadata", "annotations").keys();
  return Array.isArray(names) && names.some((name) => OF_CERT_MANAGER.test(String(name)));
}

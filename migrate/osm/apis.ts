import { z } from "zod";
import type { Manifest } from "../../manifests/manifest.ts";
import { valueAt } from "../../operate/cluster/clusterObject.ts";
import { address, byKind, fields, host, label, list, port, range, subdomain } from "./scalars.ts";

/** A kind that is translated. */
interface Api {
  /** The API versions that have these fields. */
  readonly versions: RegExp;
  /** Those of them whose objects have the fields themselves, without `spec`. */
  readonly withoutSpec?: RegExp;
  /** The fields that are read. A field of another type must not be taken for an absent one, which often restricts nothing. */
  readonly spec: z.ZodType;
}

const POLICY = /^policy\.openservicemesh\.io\/v1alpha1$/;
const text = z.string();

const account = byKind({
  ServiceAccount: z.object({ name: subdomain, namespace: label.nullish() }),
});
const reference = z.object({ kind: text, name: subdomain });
const rules = list(reference.extend({ matches: list(text) }));
const texts = z.record(text, text);
const HEADERS = { error: "it must be a map of texts, or a list of such maps" };
const NOT_EMPTY = { error: "it must not be empty" };

// What it becomes has its name.
const METADATA = z.object({ namespace: label.optional(), name: subdomain });

/** @see https://github.com/openservicemesh/osm/tree/release-v1.2/pkg/apis */
const APIS: Readonly<Record<string, Api>> = {
  TrafficTarget: {
    versions: /^access\.smi-spec\.io\/v1alpha[123]$/,
    withoutSpec: /v1alpha1$/,
    spec: z.object({
      destination: z.intersection(account, z.object({ port: port.nullish() })),
      sources: list(account),
      ...{ rules, specs: rules },
    }),
  },
  HTTPRouteGroup: {
    versions: /^specs\.smi-spec\.io\/v1alpha[1234]$/,
    withoutSpec: /v1alpha[12]$/,
    spec: z.object({
      matches: z
        .array(
          z.object({
            name: text.nullish(),
            pathRegex: text.nullish(),
            methods: list(text.min(1, NOT_EMPTY)),
            headers: z.union([texts, z.array(texts)], HEADERS).nullish(),
          }),
        )
        .min(1, NOT_EMPTY),
    }),
  },
  TCPRoute: {
    versions: /^specs\.smi-spec\.io\/v1alpha[1234]$/,
    spec: fields({ matches: fields({ ports: list(port) }) }),
  },
  UDPRoute: { versions: /^specs\.smi-spec\.io\/v1alpha4$/, spec: z.unknown() },
  TrafficSplit: {
    versions: /^split\.smi-spec\.io\/v1alpha[1234]$/,
    spec: z.object({
      service: subdomain,
      backends: list(z.object({ service: label })),
      matches: list(z.object({ kind: z.literal("HTTPRouteGroup"), name: subdomain })),
    }),
  },
  MeshConfig: {
    versions: /^config\.openservicemesh\.io\/v1alpha[12]$/,
    spec: z.object({
      traffic: fields({
        enableEgress: z.boolean(),
        enablePermissiveTrafficPolicyMode: z.boolean(),
        outboundPortExclusionList: z.array(port),
        inboundPortExclusionList: z.array(port),
        outboundIPRangeExclusionList: z.array(range),
        outboundIPRangeInclusionList: z.array(range),
      }),
      observability: fields({ tracing: fields({ enable: z.boolean(), address: text, port }) }),
      featureFlags: z.record(text, z.boolean()).nullish(),
    }),
  },
  IngressBackend: {
    versions: POLICY,
    spec: z.object({
      backends: list(
        z.object({
          name: label,
          port: fields({ number: port, protocol: text }),
          tls: fields({ skipClientCertValidation: z.boolean() }),
        }),
      ),
      sources: z
        .array(
          byKind({
            Service: z.object({ name: label, namespace: label }),
            IPRange: z.object({ name: range }),
            AuthenticatedPrincipal: z.object({ name: text }),
          }),
        )
        .min(1, NOT_EMPTY),
    }),
  },
  Egress: {
    versions: POLICY,
    spec: z.object({
      sources: list(z.object({ kind: text, name: subdomain, namespace: label })),
      hosts: list(host),
      ipAddresses: list(address),
      ports: list(z.object({ number: port, protocol: text })),
      matches: list(
        reference.extend({ kind: z.enum(["HTTPRouteGroup", "UpstreamTrafficSetting"]) }),
      ),
    }),
  },
  UpstreamTrafficSetting: {
    versions: POLICY,
    spec: z.object({
      host: subdomain,
      connectionSettings: fields({
        tcp: fields({ maxConnections: z.int(), connectTimeout: text }),
        http: fields({
          ...{ maxRequests: z.int(), maxRequestsPerConnection: z.int() },
          ...{ maxPendingRequests: z.int(), maxRetries: z.int() },
        }),
      }),
    }),
  },
  Retry: {
    versions: POLICY,
    spec: z.object({
      source: z.object({
        kind: z.literal("ServiceAccount"),
        ...{ name: subdomain, namespace: label },
      }),
      destinations: list(z.object({ kind: text, name: label, namespace: label })),
      retryPolicy: fields({
        ...{ retryOn: text, perTryTimeout: text, numRetries: z.int() },
        retryBackoffBaseInterval: text,
      }),
    }),
  },
  Telemetry: { versions: POLICY, spec: z.object({ selector: texts.nullish() }) },
};

/** What an object says: the fields of its `spec`, or those beside its metadata in versions without one. */
export function specOf({ kind, apiVersion, object }: Manifest): unknown {
  const isWithout = apiOf(kind)?.withoutSpec?.test(apiVersion) === true;
  return isWithout ? object : valueAt(object, "spec");
}

/** Why an object of a kind that is translated cannot be read, as sentences; undefined if it can, or if its kind is another one. */
export function whyUnread(manifest: Manifest): string | undefined {
  const { kind, apiVersion, namespace, name } = manifest;
  const api = apiOf(kind);
  if (api === undefined) return undefined;
  if (!api.versions.test(apiVersion)) {
    return `What the kind ${kind} means in ${apiVersion} is not known.`;
  }
  const shape = z.object({ metadata: METADATA, spec: api.spec });
  const found = shape.safeParse({ metadata: { namespace, name }, spec: specOf(manifest) });
  if (found.success) return undefined;
  return found.error.issues
    .map(({ path, message }) => `Its ${pathOf(path)} cannot be read: ${wordsOf(message)}.`)
    .join(" ");
}

/** Whether a kind is translated. */
export function isTranslated(kind: string): boolean {
  return apiOf(kind) !== undefined;
}

function apiOf(kind: string): Api | undefined {
  return Object.hasOwn(APIS, kind) ? APIS[kind] : undefined;
}

/** `spec.sources[0].name` */
function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .slice(1);
}

function wordsOf(message: string): string {
  return message.replace(/^Invalid input: /, "");
}

import type { Manifest } from "../../manifests/manifest.ts";
import { isRecord } from "../../manifests/manifest.ts";
import { valueAt } from "../../operate/cluster/clusterObject.ts";
import type { ClusterObject } from "../../operate/cluster/clusterObject.ts";
import { entryOf } from "../report.ts";
import type { Entry, Fate } from "../report.ts";
import { EXTERNAL_AUTHORIZATION } from "./externalAuthorization.ts";

/** What becomes of a field, and what to do by hand. */
interface Rule {
  readonly fate: Fate;
  readonly message: string;
  readonly fix?: string;
  /** Values that say nothing, besides nothing itself. */
  readonly defaults?: readonly unknown[];
}

const BY_ANNOTATION: Rule = {
  fate: "translated",
  message: "The pods of the workloads among the manifests have it as an annotation.",
};
const unneeded = (message: string): Rule => ({ fate: "unneeded", message });
const OF_OSM = unneeded("It concerns only OSM itself.");
const untranslated = (message: string, fix: string, ...defaults: readonly unknown[]): Rule => ({
  ...{ fate: "untranslated", message, fix, defaults },
});

/** The fields of `spec` that have a translation of their own elsewhere. */
const ELSEWHERE = ["traffic.enableEgress", EXTERNAL_AUTHORIZATION];

/** The other fields of `spec`. */
const FIELDS: Readonly<Record<string, Rule>> = {
  "traffic.enablePermissiveTrafficPolicyMode": {
    fate: "translated",
    message:
      "If it is true, no policy denies by default; if not, every namespace of the mesh denies what no policy allows. Both require mutual TLS.",
    defaults: [],
  },
  "traffic.outboundPortExclusionList": BY_ANNOTATION,
  "traffic.inboundPortExclusionList": BY_ANNOTATION,
  "traffic.outboundIPRangeExclusionList": BY_ANNOTATION,
  "traffic.outboundIPRangeInclusionList": BY_ANNOTATION,
  "traffic.networkInterfaceExclusionList": untranslated(
    "The add-on has no setting for it in the whole mesh.",
    "Annotate the pods with traffic.sidecar.istio.io/excludeInterfaces.",
  ),
  "observability.tracing": {
    fate: "approximated",
    message:
      "Sidecars send all traces to the same address in Zipkin's format. Azure allows extensionProviders without support.",
  },
  "observability.osmLogLevel": OF_OSM,
  "observability.enableDebugServer": OF_OSM,
  "sidecar.logLevel": untranslated(
    "The add-on has no level of logs for the whole mesh.",
    "Annotate the pods that need it with sidecar.istio.io/logLevel.",
    "error",
  ),
  "sidecar.resources": untranslated(
    "The add-on has no resources of sidecars for the whole mesh.",
    "Annotate the pods with sidecar.istio.io/proxyCPU, proxyMemory, proxyCPULimit and proxyMemoryLimit.",
  ),
  "sidecar.tlsMinProtocolVersion": untranslated(
    "Sidecars of Istio accept TLS 1.2 and later from each other.",
    "For another version, set meshMTLS.minProtocolVersion in the shared ConfigMap, which Azure allows without support.",
    ...["TLSv1_2", "TLS_AUTO"],
  ),
  "sidecar.tlsMaxProtocolVersion": untranslated(
    "Istio has no setting for the latest version.",
    "Decide whether you can do without it.",
    ...["TLSv1_3", "TLS_AUTO"],
  ),
  "sidecar.cipherSuites": untranslated(
    "The shared ConfigMap does not name them.",
    "Set meshMTLS.cipherSuites there, which Azure allows without support.",
  ),
  "sidecar.ecdhCurves": untranslated(
    "The shared ConfigMap does not name them.",
    "Set meshMTLS.ecdhCurves there, which Azure allows without support.",
  ),
  "sidecar.localProxyMode": untranslated(
    "A sidecar of Istio calls its application at the address of the pod.",
    "Let applications that listen only on localhost also listen on the address of the pod.",
    "PodIP",
  ),
  ...Object.fromEntries(
    [
      ...["enablePrivilegedInitContainer", "envoyImage", "envoyWindowsImage"],
      ...["initContainerImage", "maxDataPlaneConnections", "configResyncInterval"],
    ].map((field) => [`sidecar.${field}`, OF_OSM]),
  ),
  "certificate.serviceCertValidityDuration": untranslated(
    "Certificates of Istio are valid for 24 hours, and the add-on has no setting for it.",
    "Decide whether you can do without it.",
    ...["24h", "24h0m0s"],
  ),
  "certificate.certKeyBitSize": unneeded("Istio chooses the keys of its certificates."),
  "certificate.ingressGateway": untranslated(
    "Istio issues no certificate for an ingress controller outside the mesh.",
    "Use an ingress gateway of the add-on, or let the ingress controller join the mesh.",
  ),
  featureFlags: unneeded("The features of Istio are always on."),
};

/** What becomes of every field that is set. */
export function meshConfigFields(
  config: Manifest,
  becomes: readonly ClusterObject[],
): readonly Entry[] {
  return fieldsIn(valueAt(config.object, "spec")).flatMap((path): readonly Entry[] => {
    if (ELSEWHERE.includes(path)) return [];
    const steps = path.split(".");
    const value = valueAt(config.object, "spec", ...steps);
    const rule = FIELDS[path] ?? untranslated("It is not known here.", "Find out what it does.");
    if (isNothing(value) || (rule.defaults ?? []).includes(value)) return [];
    const { fate, message, fix } = rule;
    const about = { part: path, steps: ["spec", ...steps], ...(fix === undefined ? {} : { fix }) };
    const isPart = path === "observability.tracing";
    return [entryOf(config, fate, message, { ...about, ...(isPart ? { becomes } : {}) })];
  });
}

/** The paths of the fields, as deep as the table is. */
function fieldsIn(spec: unknown): readonly string[] {
  if (!isRecord(spec)) return [];
  return Object.entries(spec).flatMap(([group, fields]) =>
    group in FIELDS || !isRecord(fields)
      ? [group]
      : Object.keys(fields).map((field) => `${group}.${field}`),
  );
}

/** Whether a value is empty, or the object of a feature that is not enabled. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (!isRecord(value)) return false;
  return Object.keys(value).length === 0 || value["enable"] === false;
}

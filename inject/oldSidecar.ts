import { REVISION_LABEL } from "../mesh/names.ts";
import { isJsonObject, listIn, objectIn, textIn, valueIn } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";
import { withoutDefaults } from "./apiDefaults.ts";

/**
 * Annotation with which an injector says what it has added.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#SidecarStatus
 */
const STATUS = "sidecar.istio.io/status";

/** Annotation with the containers of the user that had the names of injected ones. */
const OVERRIDES = "proxy.istio.io/overrides";

/** Variables of a sidecar in which the injector keeps what it has replaced. */
const PROBERS = "ISTIO_KUBE_APP_PROBERS";
const METRICS = "ISTIO_PROMETHEUS_ANNOTATIONS";

const PROBES = { livenessProbe: "livez", readinessProbe: "readyz", startupProbe: "startupz" };
const HOOKS = { preStop: "prestopz", postStart: "poststartz" };

/** Whether a pod template, or a Pod, has the sidecar of an injection. */
export function hasSidecar(template: JsonObject): boolean {
  return valueIn(template, "metadata", "annotations", STATUS) !== undefined;
}

/**
 * A pod template as it was before its injection, as far as it says so: the containers, volumes and pull secrets of the
 * sidecar go, and probes and the annotations for Prometheus are what they were. Other labels and annotations stay, because
 * they may be the user's.
 *
 * @see https://github.com/istio/istio/blob/master/pkg/kube/inject/webhook.go
 */
export function withoutSidecar(template: JsonObject): JsonObject {
  const status = jsonIn(template, "metadata", "annotations", STATUS);
  const overrides = jsonIn(template, "metadata", "annotations", OVERRIDES);
  const variables = variablesOf(template);
  const probers = jsonIn(variables, PROBERS);
  const spec = Object.entries(objectIn(template, "spec")).flatMap(([field, value]) => {
    if (!Array.isArray(value)) return [[field, value] as const];
    const gone = listIn(status, field);
    const own = (value as readonly Json[]).filter(
      (item) => !gone.includes(textIn(item, "name") ?? null),
    );
    const items = [...own, ...listIn(overrides, field).map(withoutDefaults)];
    if (items.length === 0 && value.length > 0) return [];
    const hasProbes = field === "containers" || field === "initContainers";
    return [[field, hasProbes ? items.map((item) => withProbes(item, probers)) : items] as const];
  });
  const annotations = annotationsBefore(template, jsonIn(variables, METRICS));
  return {
    ...template,
    metadata: { ...objectIn(template, "metadata"), annotations },
    spec: Object.fromEntries(spec),
  };
}

/** The variables of the sidecar, by their names. */
function variablesOf(template: JsonObject): JsonObject {
  const proxy = ["containers", "initContainers"]
    .flatMap((field) => listIn(template, "spec", field))
    .find((one) => textIn(one, "name") === "istio-proxy");
  return Object.fromEntries(
    listIn(proxy, "env").map((one) => [textIn(one, "name") ?? "", textIn(one, "value") ?? ""]),
  );
}

/** The injector points the probes of a container to the sidecar, which knows the original ones by their paths. */
function withProbes(container: Json, probers: JsonObject): Json {
  if (!isJsonObject(container)) return container;
  const restored = (object: JsonObject, paths: Readonly<Record<string, string>>): JsonObject =>
    Object.fromEntries(
      Object.entries(object).map(([field, value]) => {
        const path = Object.hasOwn(paths, field) ? (paths[field] ?? "") : "";
        const before = probers[`/app-health/${textIn(container, "name") ?? ""}/${path}`];
        return [field, isJsonObject(before) ? withAction(value, before) : value];
      }),
    );
  const whole = restored(container, PROBES);
  const { lifecycle } = container;
  return isJsonObject(lifecycle) ? { ...whole, lifecycle: restored(lifecycle, HOOKS) } : whole;
}

/** A probe, or a hook, with the action of another. A scheme that is written out stays so. */
function withAction(probe: Json, { httpGet, tcpSocket, grpc }: JsonObject): JsonObject {
  const hasScheme = valueIn(probe, "httpGet", "scheme") !== undefined;
  const scheme = valueIn(httpGet, "scheme");
  const actions = Object.entries({ httpGet, tcpSocket, grpc }).flatMap(([field, action]) => {
    if (action === undefined) return [];
    const own = objectIn(withoutDefaults(action));
    return [[field, hasScheme && scheme !== undefined ? { ...own, scheme } : own] as const];
  });
  const rest = Object.entries(objectIn(probe)).filter(([field]) => field !== "httpGet");
  return Object.fromEntries([...actions, ...rest]);
}

/** The injector points Prometheus to the sidecar, which knows where the application has its metrics. */
function annotationsBefore(template: JsonObject, metrics: JsonObject): JsonObject {
  const annotations = Object.entries(objectIn(template, "metadata", "annotations")).filter(
    ([name]) => ![STATUS, REVISION_LABEL, OVERRIDES].includes(name),
  );
  const isMerged = annotations.some(
    ([name, value]) => name === "prometheus.io/path" && value === "/stats/prometheus",
  );
  if (!isMerged) return Object.fromEntries(annotations);
  const fields = ["scrape", "path", "port"];
  return Object.fromEntries([
    ...annotations.filter(([name]) => !fields.some((field) => name === `prometheus.io/${field}`)),
    ...fields.flatMap((field) => {
      const value = textIn(metrics, field) ?? "";
      return value === "" ? [] : [[`prometheus.io/${field}`, value] as const];
    }),
  ]);
}

/** The JSON in a text that an injector wrote; empty if it is none. */
function jsonIn(object: JsonObject, ...path: readonly string[]): JsonObject {
  try {
    return objectIn(JSON.parse(textIn(object, ...path) ?? "") as Json);
  } catch {
    return {};
  }
}

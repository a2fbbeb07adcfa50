import { isJsonObject, objectIn } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";

/**
 * Values that the API server sets in containers and volumes that say nothing else, by the name of their field.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/pkg/apis/core/v1/defaults.go
 */
const DEFAULTS: Readonly<Record<string, Json>> = {
  terminationMessagePath: "/dev/termination-log",
  terminationMessagePolicy: "File",
  protocol: "TCP",
  scheme: "HTTP",
  successThreshold: 1,
  failureThreshold: 3,
  periodSeconds: 10,
  timeoutSeconds: 1,
  defaultMode: 0o644,
};

/** Where the API version of a field's path is a default. */
const FIELD_REFERENCE = "fieldPath";

/**
 * A container or a volume as a person would write it: without what the API server adds. The fields are in alphabetical
 * order, after the name, so that an API server and istioctl lead to the same text.
 */
export function withoutDefaults(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(withoutDefaults);
  if (!isJsonObject(value)) return value;
  const said = Object.entries(value).filter(
    ([field, one]) => one !== null && !isDefault(value, field, one),
  );
  const inOrder = said.sort(([a], [b]) =>
    a === "name" ? -1 : b === "name" ? 1 : a < b ? -1 : a > b ? 1 : 0,
  );
  return Object.fromEntries(inOrder.map(([field, one]) => [field, withoutDefaults(one)]));
}

function isDefault(object: JsonObject, field: string, value: Json): boolean {
  if (field === "imagePullPolicy") return value === pullPolicyOf(object["image"]);
  if (field === "apiVersion") return value === "v1" && FIELD_REFERENCE in object;
  if (field === "divisor") return value === "0";
  if (field === "resources") return isJsonObject(value) && Object.keys(value).length === 0;
  return Object.hasOwn(DEFAULTS, field) && DEFAULTS[field] === value;
}

function pullPolicyOf(image: Json | undefined): string {
  const tag = /(?:@|:)([^/:@]+)$/.exec(typeof image === "string" ? image : "")?.[1];
  return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent";
}

const PROBES: readonly string[] = ["livenessProbe", "readinessProbe", "startupProbe"];

/**
 * A pod as the API server shows it to an injector: with the defaults that the injector writes into variables of the
 * sidecar, the protocols of ports and the details of probes.
 */
export function withDefaults(pod: JsonObject): JsonObject {
  const spec = objectIn(pod, "spec");
  const lists = ["initContainers", "containers"].flatMap((field) => {
    const list = spec[field];
    return Array.isArray(list) ? [[field, (list as readonly Json[]).map(container)] as const] : [];
  });
  return { ...pod, spec: { ...spec, ...Object.fromEntries(lists) } };
}

function container(value: Json): Json {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, one]) => {
      if (field === "ports" && Array.isArray(one)) {
        const ports = (one as readonly Json[]).map((port) =>
          isJsonObject(port) ? { protocol: "TCP", ...port } : port,
        );
        return [field, ports];
      }
      if (PROBES.includes(field) && isJsonObject(one)) {
        return [field, handler({ timeoutSeconds: 1, ...one })];
      }
      return [field, field === "lifecycle" && isJsonObject(one) ? lifecycle(one) : one];
    }),
  );
}

function lifecycle(hooks: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(hooks).map(([name, hook]) => [name, isJsonObject(hook) ? handler(hook) : hook]),
  );
}

function handler(action: JsonObject): JsonObject {
  const { httpGet, grpc } = action;
  return {
    ...action,
    ...(isJsonObject(httpGet) && { httpGet: { path: "/", scheme: "HTTP", ...httpGet } }),
    ...(isJsonObject(grpc) && { grpc: { service: "", ...grpc } }),
  };
}

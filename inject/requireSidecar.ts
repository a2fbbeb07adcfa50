import { isJsonObject, listIn, objectIn, textIn } from "../yaml/json.ts";
import type { Json, JsonObject } from "../yaml/json.ts";
import type { Injection } from "./addition.ts";
import { NotInjected } from "./injector.ts";
import { hasSidecar } from "./oldSidecar.ts";

const SIDECAR = "istio-proxy";

/** Istio adds to these lists, and never takes anything from them. */
const LISTS = ["containers", "initContainers", "volumes"] as const;

/**
 * An injection that adds a sidecar and keeps the application. The annotations alone do not show that: what is between an
 * injector and this process may change its answer.
 *
 * @param pod as the injector got it
 * @param fix a sentence
 * @throws NotInjected
 */
export function requireSidecar(pod: JsonObject, injection: Injection, fix: string): Injection {
  const lost = [...lostOf(pod, injection.without), ...lostOf(pod, injection.with)];
  const emptied = emptiedBy(injection);
  if (lost.length > 0 || emptied.length > 0) {
    const names = [...new Set([...lost, ...emptied])].join(", ");
    throw new NotInjected(`the answer for its pod lacks ${names}. ${fix}`);
  }
  if (!hasSidecar(injection.with) || !hasProxy(injection.with)) {
    throw new NotInjected(`the injector added no sidecar. ${fix}`);
  }
  if (hasSidecar(injection.without) || (hasProxy(injection.without) && !hasProxy(pod))) {
    throw new NotInjected(`its pod has a sidecar even when it is opted out. ${fix}`);
  }
  return injection;
}

/** Whether a pod has the container of a sidecar: beside the others, or as an init container. */
function hasProxy(pod: JsonObject): boolean {
  return [...itemsOf(pod, "containers"), ...itemsOf(pod, "initContainers")].some(
    (one) => one["name"] === SIDECAR && textIn(one, "image") !== undefined,
  );
}

/** What a pod has, and its copy lacks. A user's own settings of the sidecar may move between lists. */
function lostOf(pod: JsonObject, copy: JsonObject): readonly string[] {
  const labels = Object.keys(objectIn(pod, "metadata", "labels")).filter(
    (name) => !Object.hasOwn(objectIn(copy, "metadata", "labels"), name),
  );
  const items = LISTS.flatMap((list) =>
    ownItems(pod, list).filter(({ name, image }) => {
      const found = find(copy, list, name);
      return found === undefined || (image !== undefined && textIn(found, "image") === undefined);
    }),
  );
  return [
    ...items.map(({ name }) => textIn(name) ?? "a container"),
    ...labels.map((name) => `the label ${name}`),
  ];
}

/** The fields that a container has only without the sidecar. */
function emptiedBy(injection: Injection): readonly string[] {
  return (["containers", "initContainers"] as const).flatMap((list) =>
    ownItems(injection.without, list).flatMap(({ name, ...fields }) => {
      const now = find(injection.with, list, name);
      if (now === undefined) return [];
      return Object.entries(fields)
        .filter(([field, value]) => !Object.hasOwn(now, field) && !isEmpty(value))
        .map(([field]) => `${textIn(name) ?? ""}.${field}`);
    }),
  );
}

/** Go leaves such a value out when it writes an object. */
function isEmpty(value: Json): boolean {
  if (typeof value !== "object" || value === null) return !value;
  return Object.keys(value).length === 0;
}

function ownItems(pod: JsonObject, list: string): readonly JsonObject[] {
  return itemsOf(pod, list).filter(({ name }) => name !== SIDECAR);
}

function find(pod: JsonObject, list: string, name: Json | undefined): JsonObject | undefined {
  return itemsOf(pod, list).find((one) => one["name"] === name);
}

function itemsOf(pod: JsonObject, list: string): readonly JsonObject[] {
  return listIn(pod, "spec", list).filter(isJsonObject);
}

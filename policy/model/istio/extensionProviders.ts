import { Unknown } from "../../engine/cursor.ts";
import { isPatch } from "../kubernetes/objects.ts";
import { readYaml } from "../kubernetes/yamlText.ts";
import { MESH_CONFIG_KEY } from "./sharedConfigMaps.ts";
import type { SharedConfigMap } from "./sharedConfigMaps.ts";

/** The kinds of extension providers that authorize requests. */
const AUTHORIZING = ["envoyExtAuthzHttp", "envoyExtAuthzGrpc"];

/** The extension providers of a shared ConfigMap, by name. */
export interface ExtensionProviders {
  readonly all: readonly string[];
  /** Those that can authorize requests. */
  readonly authorizing: readonly string[];
}

/**
 * The extension providers of a shared ConfigMap. Unknown if its text is; undefined if a patch does not show the text, or
 * if it cannot be read, which another rule reports.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ExtensionProvider
 */
export function extensionProvidersOf(
  configMap: SharedConfigMap,
): ExtensionProviders | Unknown | undefined {
  const text = configMap.at("data", MESH_CONFIG_KEY).text();
  if (text instanceof Unknown) return text;
  if (text === undefined && isPatch(configMap)) return undefined;
  const read = readYaml(text ?? "");
  if ("problem" in read) return undefined;
  const providers = listIn(read.content, "extensionProviders").filter(isRecord);
  return { all: namesOf(providers), authorizing: namesOf(providers.filter(authorizes)) };
}

function authorizes(provider: Readonly<Record<string, unknown>>): boolean {
  return AUTHORIZING.some((kind) => Object.hasOwn(provider, kind));
}

function namesOf(providers: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  return providers.map((provider) => provider["name"]).filter((name) => typeof name === "string");
}

function listIn(content: unknown, field: string): readonly unknown[] {
  const list = isRecord(content) ? content[field] : undefined;
  return Array.isArray(list) ? list : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

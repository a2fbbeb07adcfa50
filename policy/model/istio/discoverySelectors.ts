import { Cursor, Unknown } from "../../engine/cursor.ts";
import type { Read } from "../../engine/cursor.ts";
import { readYaml } from "../kubernetes/yamlText.ts";
import { MESH_CONFIG_KEY } from "./sharedConfigMaps.ts";
import type { SharedConfigMap } from "./sharedConfigMaps.ts";

/**
 * The label selectors with which istiod chooses the namespaces that it watches. Undefined if there are none, or if the
 * MeshConfig cannot be read, which another rule reports.
 *
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-discovery_selectors
 */
export function discoverySelectorsOf({ at, label }: SharedConfigMap): Read<readonly Cursor[]> {
  const text = at("data", MESH_CONFIG_KEY).text();
  if (text === undefined || text instanceof Unknown) return text;
  const read = readYaml(text);
  if ("problem" in read) return undefined;
  return new Cursor(label, read.content).at("discoverySelectors").items();
}

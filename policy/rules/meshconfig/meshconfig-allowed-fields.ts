import { indentationProblems, meshConfigProblems } from "../../../mesh/meshConfig.ts";
import { Unknown } from "../../engine/cursor.ts";
import { isPatch } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { readYaml } from "../../model/kubernetes/yamlText.ts";
import { MESH_CONFIG_KEY, sharedConfigMaps } from "../../model/istio/sharedConfigMaps.ts";
import type { SharedConfigMap } from "../../model/istio/sharedConfigMaps.ts";

export const meshconfigAllowedFields = defineRule({
  name: "meshconfig-allowed-fields",
  displayName: "MeshConfig contains only fields that the add-on allows",
  description:
    "A shared ConfigMap contains, under the key mesh, one YAML document with only those fields of Istio's MeshConfig that the add-on allows. AKS rejects other fields when the object is applied, and Istio ignores a document that it cannot parse.",
  severity: "critical",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the fields that the add-on blocks, correct mistyped names, and indent with spaces.",
  url: "https://learn.microsoft.com/azure/aks/istio-meshconfig#allowed-supported-and-blocked-meshconfig-values",
  tags: ["meshconfig"],
  about: sharedConfigMaps,
  unknown: "violation",
  wholeStack: true,
  *check(configMap, { stack }) {
    yield* onAddonClusters(configMap, stack, () => judged(configMap));
  },
});

function* judged(configMap: SharedConfigMap): Iterable<Finding> {
  const data = configMap.at("data");
  const keys = data.keys();
  if (keys instanceof Unknown) yield keys;
  if (keys === undefined || keys instanceof Unknown || keys.length === 0) return;
  const place = data.at(MESH_CONFIG_KEY);
  if (!keys.includes(MESH_CONFIG_KEY)) {
    if (isPatch(configMap)) return;
    yield `${data.path} has ${keys.join(", ")}, but control planes read only ${place.path}. Put the MeshConfig there.`;
    return;
  }
  const text = place.text();
  if (text instanceof Unknown) yield text;
  else if (text === undefined) {
    yield `${place.path} is not a string. Write the MeshConfig as a YAML string.`;
  } else for (const finding of problemsIn(text)) yield located(place.path, finding);
}

function located(place: string, finding: Problem): Finding {
  const where = finding.path === "" ? place : `${place} (${finding.path})`;
  const message = `${where}: ${finding.message}`;
  return finding.severity === "warning" ? new NotJudged(message) : message;
}

type Problem = ReturnType<typeof meshConfigProblems>[number];

function problemsIn(text: string): readonly Problem[] {
  const tabs = indentationProblems(text);
  if (tabs.length > 0) return tabs;
  const read = readYaml(text);
  if ("content" in read) return read.content === undefined ? [] : meshConfigProblems(read.content);
  return [{ severity: "error", path: "", message: read.problem }];
}

import { parseAllDocuments } from "yaml";
import { indentationProblems, meshConfigProblems } from "../../../mesh/meshConfig.ts";
import { Unknown } from "../../engine/cursor.ts";
import { isPatch } from "../../model/kubernetes/objects.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { NotJudged } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import type { Finding } from "../../engine/finding.ts";
import { sharedConfigMaps } from "../../model/istio/sharedConfigMaps.ts";
import type { SharedConfigMap } from "../../model/istio/sharedConfigMaps.ts";

/** The only key that a control plane reads. */
const KEY = "mesh";

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
  const place = data.at(KEY);
  if (!keys.includes(KEY)) {
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
  // Istio reads YAML 1.1, in which `yes` is true.
  const [document, ...others] = parseAllDocuments(text, { version: "1.1", prettyErrors: true });
  if (document === undefined) return [];
  if (others.length > 0) {
    return [error("It contains more than one YAML document. Merge them into one.")];
  }
  const [broken] = document.errors;
  if (broken !== undefined) {
    const [summary = ""] = broken.message.split(":\n");
    return [error(`It is not valid YAML: ${summary}. Correct it.`)];
  }
  let content: unknown;
  try {
    content = document.toJS();
  } catch (failure) {
    // Too many aliases, an alias without an anchor, or a merge with something other than a mapping.
    const { message } = failure as Error;
    return [error(`It cannot be read as YAML: ${message}. Write it without aliases and merges.`)];
  }
  return meshConfigProblems(content);
}

function error(message: string): Problem {
  return { severity: "error", path: "", message };
}

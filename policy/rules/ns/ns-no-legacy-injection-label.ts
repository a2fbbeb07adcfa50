import { LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../../mesh/names.ts";
import { allUseAddon } from "../../model/azure/cluster.ts";
import { Unknown } from "../../engine/cursor.ts";
import { namespaces } from "../../model/kubernetes/objects.ts";
import { soleRevision } from "../../model/istio/revisionLabel.ts";
import { defineRule } from "../../engine/rule.ts";

/** The value that says what the label does anyway: no sidecars. */
const OPT_OUT = "disabled";

export const nsNoLegacyInjectionLabel = defineRule({
  name: "ns-no-legacy-injection-label",
  displayName: "Namespaces do not ask for sidecars with istio-injection",
  description:
    "No namespace on a cluster with the Istio add-on has the label istio-injection, except disabled on one that stays out of the mesh: the add-on injects no sidecars into a namespace that has it, even with the value enabled.",
  severity: "critical",
  enforcementLevel: "remediate",
  remediationSteps:
    "Remove istio-injection. If the pods should have sidecars, set istio.io/rev to a revision of the cluster, such as asm-1-30. If not, no label is needed, and istio-injection: disabled is fine on its own.",
  url: "https://learn.microsoft.com/azure/aks/istio-deploy-addon#enable-sidecar-injection",
  tags: ["ns"],
  about: namespaces,
  unknown: "violation",
  wholeStack: true,
  *check(namespace, { stack }) {
    const on = stack.clustersOf(namespace.resource);
    const addon = allUseAddon(on);
    if (addon !== true && !(addon instanceof Unknown)) return;
    const labels = namespace.at("metadata", "labels");
    const keys = labels.keys();
    if (keys instanceof Unknown) yield keys;
    if (keys instanceof Unknown || keys?.includes(LEGACY_INJECTION_LABEL) !== true) return;
    const legacy = labels.at(LEGACY_INJECTION_LABEL);
    const value = legacy.text();
    if (value === OPT_OUT && !keys.includes(REVISION_LABEL)) return;
    if (addon instanceof Unknown) {
      yield addon;
      return;
    }
    const instead =
      value === "enabled"
        ? ` and set ${labels.at(REVISION_LABEL).path} to ${soleRevision(on) ?? "the revision that should inject its sidecars"}`
        : "";
    yield `${legacy.path} is ${typeof value === "string" ? JSON.stringify(value) : "set"}, and the add-on injects no sidecars into a namespace with that label. Remove it${instead}.`;
  },
  // Only if the namespace means the same afterwards. One that has both labels, and opts out with istio-injection, would
  // get sidecars without it. Of two revisions, only the owner knows which one to use.
  remediate(namespace, { stack }) {
    const on = stack.clustersOf(namespace.resource);
    const labels = namespace.at("metadata", "labels");
    const legacy = labels.at(LEGACY_INJECTION_LABEL);
    const revision = labels.at(REVISION_LABEL);
    const wants = legacy.text();
    if (allUseAddon(on) !== true || typeof wants !== "string") return false;
    const has = revision.text();
    if (has instanceof Unknown) return false;
    if (wants === "enabled" && has === undefined) {
      const sole = soleRevision(on);
      if (sole === undefined) return false;
      revision.write(sole);
    } else if (wants !== "enabled" && (has !== undefined || wants === OPT_OUT)) return false;
    legacy.remove();
    return true;
  },
});

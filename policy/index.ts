import { PolicyPack } from "@pulumi/policy";
import { toPolicies } from "./engine/policies.ts";
import { meshModel } from "./model/meshModel.ts";
import { rules } from "./rules.ts";

new PolicyPack("aks-istio-policies", {
  displayName: "AKS with the Istio add-on",
  description:
    "Rules for AKS clusters with the Istio-based service mesh add-on, and for their workloads.",
  provider: "azure",
  tags: ["aks", "istio", "kubernetes"],
  policies: toPolicies(rules, meshModel),
});

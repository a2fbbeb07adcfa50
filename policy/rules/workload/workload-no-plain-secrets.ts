import { Unknown } from "../../engine/cursor.ts";
import type { Cursor } from "../../engine/cursor.ts";
import { NotJudged } from "../../engine/finding.ts";
import type { Finding } from "../../engine/finding.ts";
import { defineRule } from "../../engine/rule.ts";
import { onAddonClusters } from "../../model/istio/onAddonClusters.ts";
import { containersOf } from "../../model/kubernetes/containers.ts";
import { workloads } from "../../model/kubernetes/objects.ts";
import type { Workload } from "../../model/kubernetes/objects.ts";
import { isCalledSecret, looksHarmless, looksSecret } from "../../model/kubernetes/secretWords.ts";

const FIX = "Put it into a Secret, and refer to it with valueFrom.secretKeyRef.";

export const workloadNoPlainSecrets = defineRule({
  name: "workload-no-plain-secrets",
  displayName: "Environment variables contain no plain secrets",
  description:
    "No environment variable of a workload contains a secret as a plain value: everyone who may read the workload, its history or its manifest can read it. The rule recognizes names such as DB_PASSWORD, and values such as connection strings.",
  severity: "high",
  enforcementLevel: "advisory",
  remediationSteps:
    "Put the secret into a Secret, preferably from Key Vault with the Secrets Store CSI driver, and refer to it with valueFrom.secretKeyRef or mount it as a file. Better, use workload identity instead of a secret. Replace a secret that was committed or deployed.",
  url: "https://kubernetes.io/docs/concepts/security/secrets-good-practices/",
  tags: ["workload"],
  about: workloads,
  unknown: "unjudged",
  wholeStack: true,
  *check(workload, { stack }) {
    yield* onAddonClusters(workload, stack, () => judged(workload));
  },
});

function* judged(workload: Workload): Iterable<Finding> {
  const containers = containersOf(workload);
  if (containers instanceof Unknown) {
    yield containers;
    return;
  }
  for (const container of containers) {
    const variables = container.at("env").items();
    if (variables instanceof Unknown) yield variables;
    else for (const variable of variables ?? []) yield* checkVariable(variable);
  }
}

/** Messages never contain the value. */
function* checkVariable(variable: Cursor): Iterable<Finding> {
  const name = variable.at("name").text();
  const place = variable.at("value");
  const value = place.text();
  const isCalled = typeof name === "string" && isCalledSecret(name);
  const written = `${place.path}${typeof name === "string" ? ` (${name})` : ""}`;
  if (value instanceof Unknown) {
    if (!isCalled) return;
    yield new NotJudged(
      `${written} has the name of a secret, and its value is known only once it is deployed. If it is a secret: ${FIX}`,
    );
  } else if (value === undefined) return;
  else if (looksSecret(value)) {
    yield `${written} looks like a secret, but is a plain value, which everyone who may read the workload can read. ${FIX}`;
  } else if (isCalled && !looksHarmless(name, value)) {
    yield `${written} has the name of a secret, but is a plain value, which everyone who may read the workload can read. ${FIX}`;
  }
}

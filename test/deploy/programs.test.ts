import { readFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { Plain } from "./harness/plain.ts";
import { expectAgreement, expectSameFailure } from "./harness/agreement.ts";
import type { Difference } from "./harness/agreement.ts";
import { ROOT, newStack } from "./harness/stack.ts";

const PROGRAMS = join(ROOT, "test/programs");

/** Programs that fail, with texts that both errors contain. */
const FAILING: Readonly<Record<string, readonly string[]>> = {
  // The CLI names the first missing setting, and the offline preview names all of them.
  "bad-config": ["owner"],
  "duplicate-urn": [
    "Duplicate resource URN 'urn:pulumi:dev::duplicate-urn::azure-native:resources:ResourceGroup::archive'; try giving it a unique name",
  ],
  "process-exit": ["code 3"],
  rejects: ["Error: the archive has no owner", "index.ts:5:24"],
  "run-error": ["the archive has no owner; set archive:owner"],
  "syntax-error": ['Unexpected token, expected "," (3:52)'],
  throws: ["Error: the archive has no owner", "index.ts:5:7"],
};

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  "clean-traffic": {
    why: "A route leads to a Service whose name contains an output of a Namespace. The engine does not know the name before the cluster exists, and the rule does not report unknown names.",
    findingsOffline: ["advisory mesh-coverage: VirtualService partner-virtualservice"],
  },
  "namespace-in-a-yaml-file": {
    why: "The engine reads a YAML file only after the cluster exists. Until then, the pack reports that it has not seen the file's objects, and that it does not know the namespace of the Service.",
    resources: ["Namespace shop"],
    findingsOffline: [
      "advisory authz-default-deny: Namespace shop",
      "advisory service-port-protocol: Service db",
    ],
    findingsOfEngine: [
      "advisory mesh-coverage: ConfigFile shop",
      "advisory mesh-coverage: Service db",
    ],
  },
  "istio-injection-in-a-yaml-file": {
    why: "The program reads an object from a YAML file, which the engine reads only after the cluster exists. The program fails, and the engine does not evaluate stack policies for a failed program.",
    fails: "Cannot read properties of undefined (reading 'metadata')",
    resources: ["Namespace shop"],
    findingsOffline: [
      "advisory aks-maintenance-windows: ManagedCluster orders",
      "advisory aks-monitoring: ManagedCluster orders",
      "advisory authz-default-deny: Namespace shop",
    ],
  },
  "unseen-objects": {
    why: "The engine does not construct a component whose provider is not configured yet, so it shows no inputs.",
    inputs: ["ConfigGroup frontend"],
  },
};

/** Programs that the engine cannot preview here: a file backend has no stacks of other organizations. */
const APART: Readonly<Record<string, string>> = {
  "kubernetes-only": "reads the stack acme/cluster/prod",
  "yaml-and-kustomize": "the offline preview shows the objects if kustomize is on PATH",
  "own-program": "reads the stack acme/network/prod, and has a secret of Pulumi Cloud",
  "kitchen-sink":
    "reads a stack and resources that do not exist, and has secrets whose passphrase is not known",
};

const programs = readdirSync(PROGRAMS).filter(
  (name) => existsSync(join(PROGRAMS, name, "Pulumi.yaml")) && APART[name] === undefined,
);

function settingsOf(name: string): string {
  const file = readdirSync(join(PROGRAMS, name)).find((each) => /^Pulumi\..+\.yaml$/.test(each));
  return file === undefined ? "" : readFileSync(join(PROGRAMS, name, file), "utf8");
}

describe.concurrent("the engine and the offline preview agree on", () => {
  for (const name of programs) {
    test(name, async (context) => {
      const project = join(PROGRAMS, name);
      const others = [new Plain("azure"), new Plain("random")];
      const settings = settingsOf(name);
      const stack = await newStack(context, settings, { project, others });
      const diagnosis = FAILING[name];
      if (diagnosis !== undefined) {
        await expectSameFailure(context, stack, settings, project, diagnosis);
      } else {
        await expectAgreement(context, stack, settings, project, DIFFERENCES[name]);
      }
    });
  }
});

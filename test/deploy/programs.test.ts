import { readFileSync, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "vitest";
import { Plain } from "./harness/plain.ts";
import { expectAgreement } from "./harness/agreement.ts";
import { ROOT, newStack } from "./harness/stack.ts";

const PROGRAMS = join(ROOT, "test/programs");

/** Programs that one of both cannot preview, or not alike. */
const APART: Readonly<Record<string, string>> = {
  "bad-config": "ends before there is a plan",
  "duplicate-urn": "ends before there is a plan",
  "process-exit": "ends before there is a plan",
  rejects: "ends before there is a plan",
  "run-error": "ends before there is a plan",
  "syntax-error": "ends before there is a plan",
  throws: "ends before there is a plan",
  "clean-traffic":
    "has a finding about an output of an object, of which the engine knows nothing yet",
  "istio-injection-in-a-yaml-file":
    "has a YAML file, which the engine expands once there is a cluster",
  "kubernetes-only": "asks a stack that there is not",
  "namespace-in-a-yaml-file": "has a YAML file, which the engine expands once there is a cluster",
  "own-program": "has secrets that nobody can open",
  "kitchen-sink": "has secrets that nobody can open, and reads what there is not",
  "self-installed-istio": "has a Helm chart, which only the real provider expands",
  "unseen-objects": "has objects that only the real provider sees",
  "yaml-and-kustomize": "has a Kustomization, which only the real provider expands",
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
      const stack = await newStack(context, settingsOf(name), { project, others });
      await expectAgreement(context, stack, settingsOf(name), project);
    });
  }
});

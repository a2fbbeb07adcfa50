import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Circumstances } from "../../../migrate/istio/commonSteps.ts";
import { waysOf } from "../../../migrate/istio/order.ts";

const CIRCUMSTANCES: Circumstances = {
  revision: "asm-1-30",
  roots: new Set(["istio-system", "mesh"]),
  out: "my mesh",
  gateways: ["External"],
  hasKustomize: false,
  hasMeshConfig: true,
  hasOwnCa: true,
};
const WAYS = waysOf(CIRCUMSTANCES, true);
const STEPS = WAYS.flatMap(({ steps }) => steps);
const commandsOf = (title: string) =>
  STEPS.find((step) => step.title.startsWith(title))?.commands ?? [];

function shell(script: string): string {
  return execFileSync("sh", ["-c", script], { encoding: "utf8" });
}

test("every command is one that a shell can read", () => {
  const commands = STEPS.flatMap((step) => step.commands);
  expect(commands.length).toBeGreaterThan(20);
  for (const command of commands) execFileSync("sh", ["-n", "-c", command]);
});

test.each([
  ["Suspend", "suspend"],
  ["Restore", "resume"],
])("%s: Flux does it in every namespace, as it has no option for all", (title, verb) => {
  const stubs =
    'kubectl() { case "$*" in *jsonpath*) printf \'shop\\napps\\nshop\\n\';; esac; }; flux() { echo "$*"; }';
  expect(
    shell([stubs, ...commandsOf(title)].join("\n"))
      .trim()
      .split("\n"),
  ).toEqual(
    ["kustomization", "helmrelease"].flatMap((kind) =>
      ["apps", "shop"].map((namespace) => `${verb} ${kind} --all -n ${namespace}`),
    ),
  );
});

test("what is saved is restored by the way back", () => {
  const saved = commandsOf("Save").map((command) => / > (\S+)$/.exec(command)?.[1]);
  const restored = commandsOf("If you have to go back").flatMap(
    (command) => /^kubectl apply -f (\S+)$/.exec(command)?.[1] ?? [],
  );
  expect(saved).toEqual(["istio-backup.json", "namespaces-backup.json"]);
  expect(restored).toEqual(saved);
});

test("the shared ConfigMap is applied, if there is one", () => {
  expect(commandsOf("Apply the shared ConfigMap")).toEqual(["kubectl apply -f 'my mesh'/FILE"]);
});

test("no command deletes a namespace, in which other things may be", () => {
  const commands = STEPS.flatMap((step) => step.commands);
  expect(commands.filter((command) => /delete (?:namespace|ns)\b/.test(command))).toEqual([]);
  expect(commandsOf("Uninstall").filter((command) => command.includes("secrets"))).toEqual([
    "kubectl get all,secrets,configmaps,persistentvolumeclaims -n istio-system",
    "kubectl get all,secrets,configmaps,persistentvolumeclaims -n mesh",
  ]);
});

describe("the changed manifests are applied as they are built", () => {
  const KUBECTL =
    "kubectl() { if [ $1 = kustomize ]; then echo 'rev: ${mesh_revision}'; else cat; fi; }";
  const appliedBy = (title: string, circumstances: Partial<Circumstances>) =>
    waysOf({ ...CIRCUMSTANCES, ...circumstances }, false)
      .flatMap(({ steps }) => steps)
      .find((step) => step.title === title)?.commands ?? [];

  test("with Kustomize, and with a variable of Flux", () => {
    const title = "Apply the changed manifests";
    expect(appliedBy(title, { hasKustomize: true })).toEqual([
      "kubectl kustomize 'my mesh'/DIRECTORY | kubectl apply -f -",
    ]);
    const flux = { hasKustomize: true, revision: "${mesh_revision}" };
    expect(shell([KUBECTL, "REVISION=asm-1-30", ...appliedBy(title, flux)].join("\n"))).toBe(
      "rev: asm-1-30\n",
    );
  });

  test.each(["Apply the changed manifests", "Apply the shared ConfigMap"])(
    "%s: a variable of Flux in plain files is replaced",
    (title) => {
      const directory = mkdtempSync(join(tmpdir(), "order-"));
      try {
        writeFileSync(join(directory, "FILE.yaml"), "rev: ${mesh_revision}\n");
        writeFileSync(join(directory, "FILE"), "rev: ${mesh_revision}\n");
        const commands = appliedBy(title, { out: directory, revision: "${mesh_revision}" });
        const printed = shell([KUBECTL, "REVISION=asm-1-30", ...commands].join("\n"));
        expect(printed.replace("---\n", "")).toBe("rev: asm-1-30\n");
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
  );
});

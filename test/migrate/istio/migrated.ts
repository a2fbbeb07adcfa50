import { readManifestText } from "../../../manifests/manifestText.ts";
import { waysOf } from "../../../migrate/istio/order.ts";
import { migrateIstio } from "../../../migrate/istio/migrateIstio.ts";
import { hasBlockers } from "../../../migrate/istio/report.ts";
import type { Target } from "../../../migrate/istio/scene.ts";

export const FILE = "a.yaml";

/** The migration of some files, by default of one, to asm-1-30 and its external gateway. */
export function migrated(
  given: string | Readonly<Record<string, string>>,
  target: Partial<Target> = {},
) {
  const texts = new Map(Object.entries(typeof given === "string" ? { [FILE]: given } : given));
  const manifests = [...texts].flatMap(([file, text]) => readManifestText(text, file).manifests);
  const { entries, files, undecided, circumstances } = migrateIstio(manifests, texts, {
    revision: "asm-1-30",
    ingress: new Map(),
    otherIngress: "External",
    out: "new",
    ...target,
  });
  const after = new Map([...texts, ...files]);
  return {
    entries,
    commands: waysOf(circumstances, hasBlockers(entries)).flatMap(({ steps }) =>
      steps.flatMap(({ commands }) => commands),
    ),
    undecided: [...undecided.keys()],
    /** `change Namespace shop, metadata.labels.istio-injection: a → b`. */
    said: entries.map(
      ({ outcome, subject, field, before, after: becomes }) =>
        `${outcome} ${subject}${field === "" ? "" : `, ${field}`}${before === undefined ? "" : `: ${before} → ${becomes ?? ""}`}`,
    ),
    blockers: entries.filter(({ outcome }) => outcome === "blocker").map(({ message }) => message),
    /** The text of the only file. */
    text: after.get(FILE),
    files: Object.fromEntries(after),
  };
}

/** An object of Istio's networking API. */
export function networking(kind: string, spec: string, namespace = "shop"): string {
  return `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata:\n  name: x\n  namespace: ${namespace}\nspec:\n${indented(spec)}`;
}

export function authorization(spec: string, namespace = "shop"): string {
  return networking("AuthorizationPolicy", spec, namespace).replace("networking", "security");
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line) => `  ${line}\n`)
    .join("");
}

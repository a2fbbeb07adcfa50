import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../..");
const ROOMS = [
  ".",
  "docs",
  "docs/policies",
  "examples",
  "gitops",
  ...["aks-istio", "aks-istio-components", "aks-istio-policies", "pulumi-offline"].map((name) =>
    join("packages", name),
  ),
  "policy/profiles",
  "test/fixtures",
  "test/real",
];

/** Every document of the project that people read, by path. */
export function documents(): ReadonlyMap<string, string> {
  return new Map(
    ROOMS.flatMap((room) =>
      readdirSync(join(ROOT, room))
        .filter((name) => name.endsWith(".md"))
        .map((name) => join(room, name)),
    ).map((path) => [path, readFileSync(join(ROOT, path), "utf8")]),
  );
}

import { join } from "node:path";
import { built } from "../../real/harness/goModule.ts";

/** Helm and Kustomize, of the versions pinned in go.mod; their directory. */
export function renderers(say: (line: string) => void): Promise<string> {
  return built(
    {
      module: join(__dirname, "../components"),
      what: "Helm and Kustomize",
      linkerFlags: "-s -w",
      target: "tool",
    },
    say,
  );
}
